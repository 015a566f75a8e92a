package registration_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/registrationtest/faults"
)

const (
	countdownSetting = "Cloud_Workspace_AirGapped_Restrictions_Remaining_Days"
	confirmedSetting = "Deployment_FingerPrint_Verified"
)

// E3: the days that are left are a public setting from 7.0, and -1 with a license; one request more, and only for those who ask.
func TestE3CountdownOfAStatus(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.0", "", func(t *testing.T, v string) {
		ws, clock := clienttest.Start(t, v)
		plain := clienttest.OpenWithToken(t, ws, clock)
		client := clienttest.OpenWithToken(t, ws, clock, registration.WithPublicSettings())
		counts, shows := !clienttest.Before(t, v, "7.0"), !clienttest.Before(t, v, "6.5")
		for _, value := range []float64{10, 3, 0, -1} {
			if counts {
				ws.Set(countdownSetting, value)
			}
			status, err := client.Status(t.Context())
			if days, counting := status.ReadOnly.Days(); err != nil || counting != (counts && value >= 0) || counting && days != int(value) || status.ReadOnly.IsZero() == counts {
				t.Errorf("%v shows as %d days, counting %v, %q, %v", value, days, counting, status.ReadOnly, err)
			}
		}
		if shows {
			ws.Set(confirmedSetting, false)
		}
		ws.ClearHistory()
		if status, err := client.Status(t.Context()); err != nil || status.Unconfirmed != shows {
			t.Errorf("a moved workspace shows as %+v, %v", status, err)
		}
		if asked := len(ws.History()); shows && asked != 2 || !shows && asked != 1 {
			t.Errorf("%d requests", asked)
		}
		if status, err := plain.Status(t.Context()); err != nil || status.Unconfirmed || !status.ReadOnly.IsZero() {
			t.Errorf("who does not ask is told %+v, %v", status, err)
		}
		if _, err := client.ConfirmDeployment(t.Context(), registration.UpdatedConfiguration); shows && err != nil {
			t.Error(err)
		}
		if status, err := client.Status(t.Context()); err != nil || status.Unconfirmed {
			t.Errorf("a confirmed workspace shows as %+v, %v", status, err)
		}
	})
}

// A countdown that makes no sense is not known, and never read-only.
func TestCountdownWithoutSense(t *testing.T) {
	t.Parallel()
	ws, clock := clienttest.Start(t, "7.7.1")
	client := clienttest.OpenWithToken(t, ws, clock, registration.WithPublicSettings())
	for _, value := range []any{-2.0, -1e300, 1e300, 367.0, 2.5, "3", "", nil, true, []any{0.0}, map[string]any{"days": 0.0}} {
		ws.Set(countdownSetting, value)
		ws.Set(confirmedSetting, value)
		status, err := client.Status(t.Context())
		if _, counting := status.ReadOnly.Days(); err != nil || counting || !status.ReadOnly.IsZero() || status.ReadOnly.String() != "" || status.Unconfirmed {
			t.Errorf("%v shows as %+v, %v", value, status, err)
		}
	}
}

// Whatever answers in the place of the public settings, the status is known all the same.
func TestStatusWithoutPublicSettings(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]faults.Fault{
		"a page":         {Kind: faults.Page},
		"a gateway":      {Kind: faults.BadGateway},
		"nothing":        {Kind: faults.Empty},
		"null":           {Kind: faults.Null},
		"no settings":    {Kind: faults.Object, Body: `{"success":true}`},
		"a text":         {Kind: faults.Object, Body: `{"success":true,"settings":"none"}`},
		"other settings": {Kind: faults.Object, Body: `{"success":true,"settings":[null,{},{"_id":"` + countdownSetting + `"},{"_id":"` + confirmedSetting + `"}]}`},
		"an error":       {Kind: faults.ServerError},
		"a refusal":      {Kind: faults.Unauthorized},
		"silence":        {Kind: faults.Timeout},
		"a reset":        {Kind: faults.Reset},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ws, clock := clienttest.Start(t, "8.6.1")
			answer.Call = "settings.public"
			ws.SetFault(answer)
			client := clienttest.OpenWithToken(t, ws, clock, registration.WithPublicSettings())
			status, err := client.Status(t.Context())
			if err != nil || status.State != registration.Unregistered || !status.ReadOnly.IsZero() || status.Unconfirmed {
				t.Errorf("got %+v, %v", status, err)
			}
		})
	}
}

func TestCountdownInWordsAndJSON(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"10": "read-only in 10 days", "3": "read-only in 3 days", "1": "read-only in 1 day", "0": "read-only", "-1": "kept writable by a license", "-2": "", "null": "",
		`"3"`: "", "1e400": "", "2.5": "", "{}": "",
	} {
		var status registration.Status
		if err := json.Unmarshal([]byte(`{"days_until_read_only":`+text+`}`), &status); err != nil || status.ReadOnly.String() != want {
			t.Errorf("%s reads as %q, %v, want %q", text, status.ReadOnly, err, want)
		}
		out, err := json.Marshal(status)
		if err != nil || strings.Contains(string(out), "days_until_read_only") != (want != "") || want != "" && !strings.Contains(string(out), `"days_until_read_only":`+text) {
			t.Errorf("%s is written as %s, %v", text, out, err)
		}
	}
	if out, err := json.Marshal(registration.Countdown{}); err != nil || string(out) != "null" {
		t.Errorf("nothing is written as %s, %v", out, err)
	}
}
