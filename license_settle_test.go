package registration_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/clienttest"
)

func countCalls(result registration.LicenseResult, name string) (n int) {
	for _, call := range result.Calls {
		if call.Name == name {
			n++
		}
	}
	return n
}

// TestLicenseIsReadUntilItShows, no more often than it takes, and is handed over no more often than that.
func TestLicenseIsReadUntilItShows(t *testing.T) {
	t.Parallel()
	show := func(license string) httpmock.Responder {
		return jsonReply(`{"license":{` + license + `"activeModules":[],"limits":{"activeUsers":{"max":-1}}},"success":true}`)
	}
	const claims = `{"information":{"id":"ours"}}`
	ours, sealed := licenseOf(claims), "c29tZXRoaW5nIGVuY3J5cHRlZA=="
	none, same, mute := show(""), show(`"license":`+claims+`,`), jsonReply(`{"success":true}`)
	other, third := show(`"license":{"information":{"id":"other"}},`), show(`"license":{"information":{"id":"third"}},`)
	yes, lost := jsonReply(`{"success":true}`), httpmock.NewErrorResponder(errors.New("the line is dead"))
	refused := answers(400, "application/json", `{"success":false,"error":"Invalid license"}`)
	type replies []httpmock.Responder // the last one again and again
	const otherwise, before = "the license is in force, although", "the same license as before"
	for name, tc := range map[string]struct {
		text           string
		shows, answers replies
		kind           error
		reads, handed  int
		note           string
	}{
		"shows late":                     {ours, replies{none, none, none, same}, replies{yes}, nil, 4, 1, ""},
		"another one shows first":        {ours, replies{none, other, same}, replies{yes}, nil, 3, 1, ""},
		"never shows":                    {ours, replies{none}, replies{yes}, registration.ErrLicenseNotInForce, 6, 1, ""},
		"refused":                        {ours, replies{none}, replies{refused}, registration.ErrLicenseRefused, 6, 1, ""},
		"refused, and another one shows": {ours, replies{none, other}, replies{refused}, registration.ErrLicenseNotInForce, 6, 1, ""},
		"lost, in force already":         {ours, replies{same}, replies{lost}, nil, 2, 1, otherwise},
		"lost, and another one shows":    {ours, replies{none, other}, replies{lost}, registration.ErrLicenseNotInForce, 6, 1, ""},
		"lost, then it cannot be read":   {ours, replies{none, none, none, none, none, none, mute}, replies{lost, yes}, registration.ErrOutcomeUnknown, 7, 2, "asked for again"},
		"sealed, shows late":             {sealed, replies{none, none, other}, replies{yes}, nil, 3, 1, ""},
		"sealed, as it was":              {sealed, replies{other}, replies{yes}, nil, 2, 1, before},
		"sealed, lost, shows":            {sealed, replies{none, other}, replies{lost}, nil, 2, 1, ""},
		"sealed, lost, shows late":       {sealed, replies{other, other, third}, replies{lost}, nil, 3, 1, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inTurn := func(r replies) httpmock.Responder {
				all := r[0]
				for _, next := range r[1:] {
					all = all.Then(next)
				}
				return all
			}
			client := licenseClient(t, "6.5.0", map[string]httpmock.Responder{"GET /api/v1/licenses.info": inTurn(tc.shows), "POST /api/v1/licenses.add": inTurn(tc.answers)})
			result, err := client.ApplyLicense(t.Context(), tc.text)
			clienttest.Expect(t, name, registration.Result{}, err, tc.kind, false)
			if reads, handed := countCalls(result, "GET licenses.info"), countCalls(result, "POST licenses.add"); reads != tc.reads || handed != tc.handed {
				t.Errorf("read %d times, handed over %d times, want %d and %d: %+v", reads, handed, tc.reads, tc.handed, result.Calls)
			}
			if notes := strings.Join(result.Notes, " "); (tc.note == "") != (notes == "") || !strings.Contains(notes, tc.note) {
				t.Errorf("it notes %q, want %q", notes, tc.note)
			}
		})
	}
}
