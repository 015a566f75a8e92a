package registration_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/workspace"
)

// TestApplyLicenseAnswers sets what is answered apart from what the workspace shows.
func TestApplyLicenseAnswers(t *testing.T) {
	t.Parallel()
	const ours = `{"information":{"id":"ours"},"grantedModules":[{"module":"auditing"}]}`
	text := licenseOf(ours)
	show := func(license string) httpmock.Responder {
		return jsonReply(`{"license":{` + license + `"activeModules":[],"limits":{"activeUsers":{"max":-1}}},"success":true}`)
	}
	none, same, other := show(""), show(`"license":`+ours+`,`), show(`"license":{"information":{"id":"other"}},`)
	broken := httpmock.NewStringResponder(500, `{"success":false,"error":"broken"}`).HeaderSet(clienttest.JSONHeader())
	refused := httpmock.NewStringResponder(400, `{"success":false,"error":"Invalid license"}`).HeaderSet(clienttest.JSONHeader())
	lost := httpmock.NewErrorResponder(errors.New("the line is dead"))
	forbidden := httpmock.NewStringResponder(403, `{"success":false,"error":"unauthorized"}`).HeaderSet(clienttest.JSONHeader())
	yes := jsonReply(`{"success":true}`)
	cases := map[string]struct {
		text                     string
		before, validate, answer httpmock.Responder
		after                    httpmock.Responder
		kind                     error
		changed, added           bool
	}{
		"done":                      {text, none, yes, yes, same, nil, true, true},
		"in force already":          {text, same, yes, yes, same, nil, false, true},
		"lost, yet in force":        {text, none, yes, lost, same, nil, true, true},
		"failed, yet in force":      {text, none, yes, broken, same, nil, true, true},
		"lost, and not in force":    {text, other, yes, lost, other, registration.ErrOutcomeUnknown, false, true},
		"true, and not in force":    {text, none, yes, yes, none, registration.ErrLicenseNotInForce, false, true},
		"true, and another":         {text, other, yes, yes, other, registration.ErrLicenseNotInForce, false, true},
		"refused":                   {text, other, yes, refused, other, registration.ErrLicenseRefused, false, true},
		"not permitted":             {text, none, yes, forbidden, none, registration.ErrForbidden, false, true},
		"not valid":                 {text, none, refused, yes, none, registration.ErrLicenseRefused, false, false},
		"not valid, cannot be told": {text, none, lost, yes, none, workspace.ErrReplyLost, false, false},
		"cannot be read before":     {text, lost, yes, yes, lost, workspace.ErrReplyLost, false, false},
		"cannot be read after":      {text, none, yes, yes, lost, registration.ErrOutcomeUnknown, false, true},
		"hidden": {text, jsonReply(`{"license":{"activeModules":[],"limits":{}},"success":true}`), yes, yes, none,
			registration.ErrForbidden, false, false},
		"second format, unchanged":  {"c29tZXRoaW5nIGVuY3J5cHRlZA==", other, yes, yes, other, nil, false, true},
		"second format, changed":    {"c29tZXRoaW5nIGVuY3J5cHRlZA==", none, yes, yes, other, nil, true, true},
		"second format, none":       {"c29tZXRoaW5nIGVuY3J5cHRlZA==", none, yes, yes, none, registration.ErrLicenseNotInForce, false, true},
		"no check, though expected": {text, none, httpmock.NewStringResponder(404, "404 Not Found").HeaderSet(map[string][]string{"Content-Type": {"text/plain"}}), yes, same, nil, true, true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			read := tc.before.Then(tc.after)
			for range 8 {
				read = read.Then(tc.after)
			}
			responders := map[string]httpmock.Responder{"GET /api/v1/licenses.info": read, "POST /api/v1/licenses.validate": tc.validate, "POST /api/v1/licenses.add": tc.answer}
			client := licenseClient(t, "8.7.0", responders)
			result, err := client.ApplyLicense(t.Context(), tc.text)
			clienttest.Expect(t, name, registration.Result{Changed: result.Changed}, err, tc.kind, tc.changed)
			added := false
			for _, call := range result.Calls {
				added = added || call.Name == "POST licenses.add"
			}
			if added != tc.added {
				t.Errorf("handed over: %v, want %v; %+v", added, tc.added, result.Calls)
			}
		})
	}
}

// TestALicenseIsHandedOverOnceMore when the reply was lost and it does not show: that does no harm. One that shows is not.
func TestALicenseIsHandedOverOnceMore(t *testing.T) {
	t.Parallel()
	const claims = `{"information":{"id":"ours"}}`
	text := licenseOf(claims)
	for name, takes := range map[string]int{"carried out at once": 1, "not carried out": 2} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var handed atomic.Int64
			client := licenseClient(t, "6.5.0", map[string]httpmock.Responder{
				"GET /api/v1/licenses.info": func(r *http.Request) (*http.Response, error) {
					shown := ""
					if int(handed.Load()) >= takes {
						shown = `"license":` + claims + `,`
					}
					return jsonReply(`{"license":{` + shown + `"activeModules":[],"limits":{"a":{}}},"success":true}`)(r)
				},
				"POST /api/v1/licenses.add": func(r *http.Request) (*http.Response, error) {
					if handed.Add(1) == 1 {
						return nil, errors.New("the line is dead")
					}
					return jsonReply(`{"success":true}`)(r)
				},
			})
			if _, err := client.ApplyLicense(t.Context(), text); err != nil || int(handed.Load()) != takes {
				t.Errorf("handed over %d times: %v", handed.Load(), err)
			}
		})
	}
}

// FuzzLicense reads odd licenses from a workspace: no panic, and never a license in force out of nothing.
func FuzzLicense(f *testing.F) {
	for _, seed := range []string{
		`{"license":{"activeModules":[],"limits":{}}}`, `{"licenses":[]}`, `{"licenses":[{"expiry":"2099-01-01","modules":["a"]}]}`,
		`{"license":{"license":{"validation":{"validPeriods":[{"validUntil":"x"}]}},"limits":[]}}`, `[]`, `null`, `{"license":null}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, reply string) {
		client := licenseClient(t, "8.7.0", map[string]httpmock.Responder{"GET /api/v1/licenses.info": jsonReply(reply), "GET /api/v1/licenses.get": jsonReply(reply)})
		license, err := client.License(t.Context())
		if err == nil && (license.State == "" || license.Modules == nil || !json.Valid(license.Raw)) {
			t.Errorf("%q was read as %+v", reply, license)
		}
	})
}

// FuzzApplyLicense takes odd texts: no panic, and nothing is said to be in force that the workspace does not show.
func FuzzApplyLicense(f *testing.F) {
	for _, seed := range []string{"", " ", "RCV3_", "RCV3_a.b.c", "RCV3_e30.e30.e30", "\ufeffx", "RCV3_e30.bnVsbA.x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		client := licenseClient(t, "6.5.0", map[string]httpmock.Responder{
			"GET /api/v1/licenses.info": jsonReply(`{"license":{"activeModules":[],"limits":{"a":{}}},"success":true}`),
			"POST /api/v1/licenses.add": jsonReply(`{"success":true}`),
		})
		if result, err := client.ApplyLicense(t.Context(), text); err == nil {
			t.Errorf("%q is said to be in force: %+v", text, result)
		}
	})
}
