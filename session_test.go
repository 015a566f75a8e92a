package registration_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/faults"
	"github.com/rcreg/registration/workspace"
)

// cell is one question of the contract's table.
type cell struct {
	name         string
	since, until string // versions; empty: all
	ask          func(t *testing.T, s *registration.Session, ws *registrationtest.Workspace) error
	shows        func(t *testing.T, s *registration.Session) bool // that it was done; nil: the answer is all
}

func stateIs(want registration.State) func(*testing.T, *registration.Session) bool {
	return func(t *testing.T, s *registration.Session) bool {
		t.Helper()
		status, err := s.Status(t.Context())
		return err == nil && status.State == want
	}
}

// cells are asked in this order, of one workspace.
func cells() []cell {
	type ws = registrationtest.Workspace
	return []cell{
		{name: "reaches the Cloud", since: "6.0", ask: func(t *testing.T, s *registration.Session, _ *ws) error {
			ok, err := s.ReachesCloud(t.Context())
			if err == nil && !ok {
				return errors.New("out of reach")
			}
			return err
		}},
		{name: "start by e-mail", since: "4.4", ask: func(t *testing.T, s *registration.Session, _ *ws) error {
			intent, err := s.StartEmail(t.Context(), "ops@example.com", false)
			if err == nil && (intent.DeviceCode == "" || intent.Interval <= 0 || intent.ExpiresIn <= 0) {
				return errors.New("the intent is incomplete")
			}
			return err
		}},
		{name: "resend and poll", since: "4.4", ask: func(t *testing.T, s *registration.Session, _ *ws) error {
			intent, err := s.StartEmail(t.Context(), "ops@example.com", true)
			if err != nil {
				return err
			}
			confirmed, err := s.PollEmail(t.Context(), intent.DeviceCode)
			if confirmed {
				return errors.New("confirmed by nobody")
			}
			return err
		}},
		{name: "registration data, manual registration", ask: func(t *testing.T, s *registration.Session, w *ws) error {
			if w.Version() == "3.0.0" { // C2: a fresh 3.0 says that it is registered already
				w.Set("Register_Server", false)
			}
			data, err := s.RegistrationData(t.Context())
			if err != nil {
				return err
			}
			text, err := base64.StdEncoding.DecodeString(data)
			if err != nil || !json.Valid(text) {
				t.Errorf("the registration data is no JSON in base64: %v", err)
			}
			blob, err := w.Cloud().RegisterOffline(data)
			if err != nil {
				return err
			}
			return s.ManualRegister(t.Context(), blob)
		}},
		{name: "sync", ask: func(t *testing.T, s *registration.Session, w *ws) error {
			if w.Version() == "3.0.0" {
				w.Set("Register_Server", true)
			}
			return s.Sync(t.Context())
		}, shows: stateIs(registration.Registered)},
		{name: "disconnect", until: "6.5", ask: func(t *testing.T, s *registration.Session, _ *ws) error { return s.Disconnect(t.Context()) },
			shows: stateIs(registration.Disconnected)},
		{name: "reconnect", until: "6.5", ask: func(t *testing.T, s *registration.Session, _ *ws) error { return s.Reconnect(t.Context()) },
			shows: stateIs(registration.Registered)},
		{name: "check a license", since: "8.7", ask: func(t *testing.T, s *registration.Session, w *ws) error {
			return s.ValidateLicense(t.Context(), license(t, w))
		}},
		{name: "apply a license", since: "3.10", ask: func(t *testing.T, s *registration.Session, w *ws) error {
			return s.ApplyLicense(t.Context(), license(t, w))
		}},
		{name: "read the license", since: "3.10", ask: func(t *testing.T, s *registration.Session, _ *ws) error {
			text, err := s.License(t.Context())
			if err == nil && !strings.Contains(string(text), "license") {
				return errors.New("no license in " + string(text))
			}
			return err
		}},
		{name: "remove the license", since: "6.5", ask: func(t *testing.T, s *registration.Session, _ *ws) error { return s.RemoveLicense(t.Context()) }},
		{name: "checkout link", since: "6.5", ask: func(t *testing.T, s *registration.Session, _ *ws) error {
			link, err := s.CheckoutURL(t.Context())
			if err == nil && !strings.HasPrefix(link, "http") {
				return errors.New("no link: " + link)
			}
			return err
		}},
		{name: "the same deployment, moved", since: "6.5", ask: func(t *testing.T, s *registration.Session, _ *ws) error {
			return s.ConfirmDeployment(t.Context(), registration.UpdatedConfiguration)
		}, shows: stateIs(registration.Registered)},
		{name: "a new deployment", since: "6.5", ask: func(t *testing.T, s *registration.Session, _ *ws) error {
			return s.ConfirmDeployment(t.Context(), registration.NewWorkspace)
		}, shows: stateIs(registration.Unregistered)},
	}
}

func license(t *testing.T, ws *registrationtest.Workspace) string {
	t.Helper()
	text, err := ws.Cloud().License(registrationtest.LicenseSpec{})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestEveryCell asks each question of the table of each version, and those that a version cannot be asked.
func TestEveryCell(t *testing.T) {
	t.Parallel()
	for _, v := range clienttest.Versions() {
		t.Run(v, func(t *testing.T) {
			t.Parallel()
			ws, clock := clienttest.Start(t, v)
			s := clienttest.OpenWithToken(t, ws, clock).Session()
			for _, c := range cells() {
				err := c.ask(t, s, ws)
				if c.since != "" && clienttest.Before(t, v, c.since) || c.until != "" && !clienttest.Before(t, v, c.until) {
					if !errors.Is(err, registration.ErrUnsupported) {
						t.Errorf("%s: got %v, want ErrUnsupported", c.name, err)
					}
					continue
				}
				if err != nil {
					t.Errorf("%s: %v", c.name, err)
				}
				if c.shows != nil && !c.shows(t, s) {
					t.Errorf("%s: the status does not show it", c.name)
				}
			}
		})
	}
}

// TestTheOtherCall: where a server lacks the call that its version should have, the other one is tried once, and remembered.
func TestTheOtherCall(t *testing.T) {
	t.Parallel()
	const base = "https://chat.example.com"
	cases := []struct {
		name, version, missing, other string
		missingReply, otherReply      httpmock.Responder
	}{
		{
			"REST gone: 404 text", "6.4.0", "GET " + base + "/api/v1/cloud.registrationStatus", "POST " + base + "/api/v1/method.call/cloud%3AcheckRegisterStatus",
			httpmock.NewStringResponder(404, "404 Not Found").HeaderSet(http.Header{"Content-Type": {"text/plain"}}),
			methodReply(`{"msg":"result","id":"1","result":{"workspaceRegistered":false,"uniqueId":"u"}}`),
		},
		{
			"REST gone: the web client's page", "6.4.0", "GET " + base + "/api/v1/cloud.registrationStatus", "POST " + base + "/api/v1/method.call/cloud%3AcheckRegisterStatus",
			httpmock.NewStringResponder(200, "<html>").HeaderSet(http.Header{"Content-Type": {"text/html"}}),
			methodReply(`{"msg":"result","id":"1","result":{"workspaceRegistered":false,"uniqueId":"u"}}`),
		},
		{
			"method gone", "4.5.0", "POST " + base + "/api/v1/method.call/cloud%3AcheckRegisterStatus", "GET " + base + "/api/v1/cloud.registrationStatus",
			methodReply(`{"msg":"result","id":"1","error":{"error":404,"reason":"Method not found","message":"Method not found [404]","errorType":"Meteor.Error"}}`),
			httpmock.NewStringResponder(200, `{"registrationStatus":{"workspaceRegistered":false,"uniqueId":"u"},"success":true}`).HeaderSet(http.Header{"Content-Type": {"application/json"}}),
		},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			mock := httpmock.NewMockTransport()
			register := func(call string, r httpmock.Responder) {
				verb, url, _ := strings.Cut(call, " ")
				mock.RegisterResponder(verb, url, r)
			}
			register("GET "+base+"/api/info", httpmock.NewStringResponder(200, `{"version":"`+tc.version+`","success":true}`).
				HeaderSet(http.Header{"Content-Type": {"application/json"}}))
			register(tc.missing, tc.missingReply)
			register(tc.other, tc.otherReply)
			ws, err := workspace.New(base, workspace.Token("u", "t"), workspace.WithRoundTripper(mock), workspace.WithClock(registrationtest.NewClock(testStart)))
			if err != nil {
				t.Fatal(err)
			}
			client := clienttest.ClientOf(t, ws)
			for range 3 {
				clienttest.ExpectState(t, client, registration.Unregistered)
			}
			calls := mock.GetCallCountInfo()
			if calls[tc.missing] != 1 || calls[tc.other] != 3 {
				t.Errorf("the missing call was asked %d times, the other %d times", calls[tc.missing], calls[tc.other])
			}
		})
	}
}

func methodReply(message string) httpmock.Responder {
	body, _ := json.Marshal(map[string]any{"success": true, "message": message})
	return httpmock.NewBytesResponder(200, body).HeaderSet(http.Header{"Content-Type": {"application/json"}})
}

// The versions that a mixed fleet has are one of each dialect that there is: a list beside the table forgets one.
func TestMixedVersionsHaveEachDialect(t *testing.T) {
	t.Parallel()
	dialects := func(versions []string) []string {
		all := make([]string, 0, len(versions))
		for _, v := range versions {
			ws, clock := clienttest.Start(t, v)
			all = append(all, clienttest.OpenWithToken(t, ws, clock).Capabilities().Dialect)
		}
		return all
	}
	want := slices.Compact(dialects(clienttest.Versions()))
	if got := dialects(registrationtest.MixedVersions()); !slices.Equal(got, want) || len(got) != 10 {
		t.Errorf("the dialects of the mixed versions are %q, want %q; docs/sim.md and its doc comment say that they are ten", got, want)
	}
}

// TestRegistrationDataThatIsNone: no workspace answers that, so that the way out is between this machine and the workspace.
func TestRegistrationDataThatIsNone(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"6.4.0", "9.0.0"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			w, clock := clienttest.Start(t, version)
			s := clienttest.OpenWithToken(t, w, clock).Session()
			w.SetFault(faults.Fault{Kind: faults.WrongTypes})
			_, err := s.RegistrationData(t.Context())
			ways := failure.Remedies(err)
			if !errors.Is(err, workspace.ErrBadReply) || len(ways) == 0 || ways[0].Act != failure.CheckBetween {
				t.Errorf("got %v with %v", err, ways)
			}
		})
	}
}
