package registration_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/faults"
	"github.com/rcreg/registration/workspace"
)

// severities names what a diagnosis found, without options, which are there only when they are wrong.
type severities map[registration.Check]registration.Severity

func checkFindings(t *testing.T, d registration.Diagnosis, want severities) {
	t.Helper()
	for id, severity := range want {
		finding, ok := d.Finding(id)
		if !ok || finding.Severity != severity {
			t.Errorf("%s: got %+v, want %s", id, finding, severity)
		}
	}
	seen := map[registration.Check]bool{}
	for _, f := range d.Findings {
		// What was skipped without a reason names no finding before it.
		if seen[f.ID] || f.Evidence == "" || strings.Contains(f.Evidence, "finding  stands") || f.Next == "" && (f.Severity == registration.SeverityProblem || f.Severity == registration.SeverityWarning) {
			t.Errorf("twice, or without evidence or the next step: %+v", f)
		}
		seen[f.ID] = true
	}
	if len(seen) < 12 {
		t.Errorf("%d checks only: %+v", len(seen), d.Findings)
	}
}

// withFakeCloud makes a client ask the fake Cloud of a workspace, in place of the real one.
func withFakeCloud(t *testing.T, ws *registrationtest.Workspace, clock *registrationtest.Clock) []registration.Option {
	t.Helper()
	releases, err := cloud.New(cloud.WithURL(ws.Cloud().URL()), cloud.WithReleasesURL(ws.Cloud().URL()), cloud.WithClock(clock))
	if err != nil {
		t.Fatal(err)
	}
	return []registration.Option{registration.WithCloud(releases), registration.WithSupportKey(ws.Cloud().SupportKey())}
}

const (
	ok      = registration.SeverityOK
	info    = registration.SeverityInfo
	warning = registration.SeverityWarning
	problem = registration.SeverityProblem
	skipped = registration.SeveritySkipped
	unseen  = registration.SeverityUnknown
)

func TestDiagnoseOnlyReads(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.0", "", func(t *testing.T, v string) {
		ws, clock := clienttest.Start(t, v)
		client := clienttest.OpenWithToken(t, ws, clock, withFakeCloud(t, ws, clock)...)
		ws.ClearHistory()
		ws.Cloud().ClearHistory()
		before := ws.Settings()
		d := client.Diagnose(t.Context())
		checkFindings(t, d, severities{
			registration.CheckAddress: ok, registration.CheckTLS: info, registration.CheckRocketChat: ok, registration.CheckVersion: ok,
			registration.CheckCredentials: ok, registration.CheckPermissions: ok, registration.CheckStatus: warning, registration.CheckWorkspaceCloud: skipped,
			registration.CheckMachineCloud: skipped, registration.CheckSync: skipped, registration.CheckTransport: skipped,
		})
		if d.Version != v || d.Workspace != ws.URL() || d.Transport != "" || len(d.Calls) == 0 || d.Worst() != warning {
			t.Errorf("got %+v", d)
		}
		if n := len(ws.Cloud().History()); n != 0 {
			t.Errorf("the Cloud was asked %d times", n)
		}
		if again := slices.IndexFunc(d.Calls[1:], func(c workspace.Call) bool { return c.Name == d.Calls[0].Name }); again >= 0 {
			t.Errorf("an administrator's version was read twice: %+v", d.Calls)
		}
		for name, value := range ws.Settings() {
			if before[name] != value {
				t.Errorf("%s was changed", name)
			}
		}
	})
}

func TestDiagnoseWithConsent(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.0", "", func(t *testing.T, v string) {
		ws, clock := clienttest.Start(t, v)
		client := clienttest.OpenWithToken(t, ws, clock, withFakeCloud(t, ws, clock)...)
		if _, err := client.Register(t.Context(), registration.Request{Token: ws.Cloud().IssueToken()}); err != nil {
			t.Fatal(err)
		}
		d := client.Diagnose(t.Context(), registration.AskCloud(), registration.TrySync())
		reaches := ok
		if clienttest.Before(t, v, "6.0") {
			reaches = skipped
		}
		checkFindings(t, d, severities{
			registration.CheckStatus: ok, registration.CheckWorkspaceCloud: reaches, registration.CheckMachineCloud: ok,
			registration.CheckSync: ok, registration.CheckTransport: ok,
		})
		if f, _ := d.Finding(registration.CheckTransport); d.Transport != "direct" || f.Next != "" {
			t.Errorf("the transport %q fits: %+v", d.Transport, f)
		}
		if f, _ := d.Finding(registration.CheckWorkspaceCloud); reaches == skipped && !strings.Contains(f.Evidence, "before 6.0") {
			t.Errorf("got %+v", f)
		}
	})
}

func TestDiagnoseFindsTheTransport(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		down      bool
		fault     faults.Call
		emails    []string
		transport string
		cloud     registration.Severity
	}{
		"direct":            {false, "", []string{"ops@example.com"}, "direct", ok},
		"relay":             {false, faults.CallPreIntent, []string{"ops@example.com"}, "relay", warning},
		"offline":           {true, "", []string{"ops@example.com"}, "offline", warning},
		"A12: no e-mail":    {true, "", nil, "", warning},
		"A12: it is online": {false, "", nil, "", warning},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clienttest.EachVersion(t, "6.0", "", func(t *testing.T, v string) {
				ws, clock := clienttest.Start(t, v, registrationtest.WithOwnerEmails(tc.emails...))
				client := clienttest.OpenWithToken(t, ws, clock, withFakeCloud(t, ws, clock)...)
				if tc.down {
					ws.Cloud().SetMode(registrationtest.CloudDown)
				}
				if tc.fault != "" {
					ws.Cloud().SetFault(faults.Fault{Call: tc.fault, Kind: faults.Reset})
				}
				tc := tc
				if name == "A12: it is online" && clienttest.Before(t, v, "6.4") {
					tc.transport, tc.cloud = "direct", ok // 6.0 asks the Cloud without an address
				}
				d := client.Diagnose(t.Context(), registration.AskCloud())
				if d.Transport != tc.transport {
					t.Errorf("got %q, want %q: %+v", d.Transport, tc.transport, d.Findings)
				}
				checkFindings(t, d, severities{registration.CheckWorkspaceCloud: tc.cloud})
				if f, _ := d.Finding(registration.CheckTransport); strings.Contains(f.Next, "--via "+tc.transport) != (tc.transport == "relay" || tc.transport == "offline") {
					t.Errorf("got %+v", f)
				}
			})
		})
	}
}

func TestDiagnoseASyncThatFails(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.0", "", func(t *testing.T, v string) {
		ws, client := registeredWorkspace(t, v)
		if err := ws.Cloud().Remove(ws.Cloud().Workspaces()[0].ID); err != nil {
			t.Fatal(err)
		}
		d := client.Diagnose(t.Context(), registration.TrySync())
		checkFindings(t, d, severities{registration.CheckStatus: ok, registration.CheckSync: problem})
		// Where the workspace has forgotten its registration it must have reached the Cloud.
		f, _ := d.Finding(registration.CheckSync)
		if d.Worst() != problem || (d.Transport == "direct") != strings.Contains(f.Evidence, "the Cloud has removed the workspace") {
			t.Errorf("the worst is %s, and %q fits: %+v", d.Worst(), d.Transport, f)
		}
	})
}

func TestDiagnoseADisconnectedWorkspace(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.0", "6.5", func(t *testing.T, v string) {
		_, client := registeredWorkspace(t, v)
		if _, err := client.Disconnect(t.Context()); err != nil {
			t.Fatal(err)
		}
		d := client.Diagnose(t.Context(), registration.TrySync())
		checkFindings(t, d, severities{registration.CheckStatus: warning, registration.CheckSync: skipped})
		if f, _ := d.Finding(registration.CheckStatus); !strings.Contains(f.Next, "reconnect") {
			t.Errorf("got %+v", f)
		}
	})
}

// TestDiagnoseUsers looks with other eyes than an administrator's.
func TestDiagnoseUsers(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.0", "", func(t *testing.T, v string) {
		ws, clock := clienttest.Start(t, v)
		manager := info
		if clienttest.Before(t, v, "4.3") {
			manager = ok // such servers tell the version to anybody
		}
		user, admin := ws.User(), ws.Admin()
		for name, tc := range map[string]struct {
			credentials workspace.Credentials
			want        severities
		}{
			"manager":        {workspace.Token(ws.Manager().UserID, ws.Manager().AuthToken), severities{registration.CheckCredentials: ok, registration.CheckPermissions: manager, registration.CheckStatus: warning}},
			"ordinary user":  {workspace.Token(user.UserID, user.AuthToken), severities{registration.CheckCredentials: ok, registration.CheckPermissions: problem, registration.CheckStatus: skipped, registration.CheckSync: skipped}},
			"wrong token":    {workspace.Token(user.UserID, "wrong-secret-token"), severities{registration.CheckCredentials: problem, registration.CheckPermissions: skipped, registration.CheckStatus: skipped}},
			"wrong password": {workspace.Password(admin.Username, "wrong-secret-password"), severities{registration.CheckCredentials: problem, registration.CheckStatus: skipped}},
			"password":       {workspace.Password(admin.Username, admin.Password), severities{registration.CheckCredentials: ok, registration.CheckPermissions: ok}},
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				w, err := workspace.New(ws.URL(), tc.credentials, workspace.WithClock(clock))
				if err != nil {
					t.Fatal(err)
				}
				d := registration.Diagnose(t.Context(), w, registration.TrySync(), registration.ClientOptions(withFakeCloud(t, ws, clock)...))
				checkFindings(t, d, tc.want)
				text, err := json.Marshal(d)
				for _, secret := range []string{"wrong-secret", admin.Password, user.AuthToken, ws.Manager().AuthToken} {
					if err != nil || strings.Contains(string(text), secret) {
						t.Errorf("a secret is in it: %s, %v", text, err)
					}
				}
			})
		}
	})
}

func TestDiagnosisIsStable(t *testing.T) {
	t.Parallel()
	ws, clock := clienttest.Start(t, "8.7.0")
	d := clienttest.OpenWithToken(t, ws, clock).Diagnose(t.Context())
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	var back map[string]any
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	ids := make([]string, 0, len(d.Findings))
	for _, f := range back["findings"].([]any) {
		ids = append(ids, f.(map[string]any)["id"].(string))
	}
	want := []string{
		"address", "tls", "rocket-chat", "version", "credentials", "permissions", "support", "status", "workspace-reaches-cloud", "machine-reaches-cloud",
		"machine-reaches-list", "sync", "transport",
	}
	if !slices.Equal(ids, want) {
		t.Errorf("got %q", ids)
	}
	if (registration.Diagnosis{}).Worst() != ok {
		t.Error("nothing found is not well")
	}
}
