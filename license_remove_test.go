package registration_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/workspace"
)

// TestRemoveLicenseAnswers sets what is answered apart from what the workspace shows.
func TestRemoveLicenseAnswers(t *testing.T) {
	t.Parallel()
	held := jsonReply(`{"license":{"license":{"information":{"id":"l"}},"activeModules":["auditing"],"limits":{"activeUsers":{"max":-1}}},"success":true}`)
	none := jsonReply(`{"license":{"activeModules":[],"limits":{"activeUsers":{"max":-1}}},"success":true}`)
	registered := jsonReply(`{"registrationStatus":{"workspaceRegistered":true,"uniqueId":"u"},"success":true}`)
	forgotten := jsonReply(`{"registrationStatus":{"workspaceRegistered":false,"uniqueId":"u"},"success":true}`)
	yes := jsonReply(`{"success":true}`)
	lost := httpmock.NewErrorResponder(errors.New("the line is dead"))
	forbidden := answers(403, "application/json", `{"success":false,"error":"unauthorized"}`)
	mute := jsonReply(`{"success":true}`)
	cases := map[string]struct {
		before, after         httpmock.Responder // the license
		status, then          httpmock.Responder
		answer                httpmock.Responder
		kind                  error
		changed, asked, noted bool
	}{
		"done":                         {held, none, registered, registered, yes, nil, true, true, true},
		"done, unregistered":           {held, none, forgotten, forgotten, yes, nil, true, true, false},
		"nothing to do":                {none, none, registered, registered, yes, nil, false, false, false},
		"lost, yet done":               {held, none, registered, registered, lost, nil, true, true, true},
		"true, and it is unregistered": {held, none, registered, forgotten, yes, registration.ErrRemovedFromCloud, true, true, false},
		"not permitted":                {held, held, registered, registered, forbidden, registration.ErrForbidden, false, true, false},
		"no status before":             {held, held, mute, mute, yes, workspace.ErrBadReply, false, false, false},
		"no status after":              {held, none, registered, mute, yes, registration.ErrOutcomeUnknown, true, true, false},
		"no license before":            {mute, mute, registered, registered, yes, workspace.ErrBadReply, false, false, false},
		"no license after":             {held, mute, registered, registered, yes, registration.ErrOutcomeUnknown, false, true, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			license, status := tc.before, tc.status
			for range 8 {
				license, status = license.Then(tc.after), status.Then(tc.then)
			}
			client := licenseClient(t, "8.7.0", map[string]httpmock.Responder{
				"GET /api/v1/licenses.info": license, "GET /api/v1/cloud.registrationStatus": status, "POST /api/v1/cloud.removeLicense": tc.answer,
			})
			result, err := client.RemoveLicense(t.Context())
			clienttest.Expect(t, name, registration.Result{Changed: result.Changed}, err, tc.kind, tc.changed)
			if reads := countCalls(result, "GET licenses.info"); tc.asked && tc.kind == nil && reads != 2 {
				t.Errorf("the license was read %d times", reads)
			}
			asked := false
			for _, call := range result.Calls {
				asked = asked || call.Name == "POST cloud.removeLicense"
			}
			if asked != tc.asked || (len(result.Notes) > 0) != tc.noted {
				t.Errorf("asked: %v, want %v; notes %q", asked, tc.asked, result.Notes)
			}
		})
	}
}

func TestRemoveLicenseBelow65(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.0", "6.5", func(t *testing.T, v string) {
		ws, clock := clienttest.Start(t, v)
		client := clienttest.OpenWithToken(t, ws, clock)
		ws.ClearHistory()
		_, err := client.RemoveLicense(t.Context())
		clienttest.Expect(t, "remove", registration.Result{}, err, registration.ErrUnsupported, false)
		if !strings.Contains(err.Error(), "cancel the license in the Cloud console") || len(ws.History()) != 0 {
			t.Errorf("no remedy, or something was sent: %v", err)
		}
	})
}

func TestRemoveLicenseThatShowsLate(t *testing.T) {
	t.Parallel()
	held, none := jsonReply(`{"licenses":[{}],"success":true}`), jsonReply(`{"licenses":[],"success":true}`)
	responders := map[string]httpmock.Responder{
		"GET /api/v1/cloud.registrationStatus": jsonReply(`{"registrationStatus":{"workspaceRegistered":true,"workspaceId":"w","uniqueId":"u"},"success":true}`),
	}
	responders["GET /api/v1/licenses.info"] = held.Then(held).Then(none)
	responders["POST /api/v1/cloud.removeLicense"] = jsonReply(`{"success":true}`)
	result, err := licenseClient(t, "8.7.0", responders).RemoveLicense(t.Context())
	if reads := countCalls(result, "GET licenses.info"); err != nil || !result.Changed || reads != 3 {
		t.Errorf("read %d times: %+v, %v", reads, result, err)
	}
}
