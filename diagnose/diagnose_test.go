package diagnose_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/rcreg/registration/diagnose"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/faults"
	"github.com/rcreg/registration/workspace"
)

func TestOnlyReads(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.0", "", func(t *testing.T, v string) {
		ws := start(t, v)
		if _, err := ws.client.Version(t.Context()); err != nil {
			t.Fatal(err)
		}
		ws.Cloud().ClearHistory()
		before := ws.Settings()
		d := ws.run(t)
		checkFindings(t, d, severities{
			diagnose.CheckAddress: ok, diagnose.CheckTLS: info, diagnose.CheckRocketChat: ok, diagnose.CheckVersion: ok,
			diagnose.CheckPost: ok, diagnose.CheckCredentials: ok, diagnose.CheckPermissions: ok, diagnose.CheckStatus: problem, diagnose.CheckWorkspaceCloud: skipped,
			diagnose.CheckMachineCloud: skipped, diagnose.CheckSync: skipped, diagnose.CheckTransport: skipped,
		})
		if d.Version != v || d.Workspace != ws.URL() || d.Transport != "" || len(d.Calls) == 0 || d.Worst() != problem {
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

func TestWithConsent(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.0", "", func(t *testing.T, v string) {
		ws := start(t, v)
		ws.register(t)
		d := ws.run(t, ws.askCloud(), diagnose.TrySync())
		reaches := ok
		if clienttest.Before(t, v, "6.0") {
			reaches = skipped
		}
		checkFindings(t, d, severities{
			diagnose.CheckStatus: ok, diagnose.CheckWorkspaceCloud: reaches, diagnose.CheckMachineCloud: ok,
			diagnose.CheckSync: ok, diagnose.CheckTransport: ok,
		})
		if f, _ := d.Finding(diagnose.CheckTransport); d.Transport != "direct" || f.Advice() != "" {
			t.Errorf("the transport %q fits: %+v", d.Transport, f)
		}
		if f, _ := d.Finding(diagnose.CheckWorkspaceCloud); reaches == skipped && !strings.Contains(f.Evidence, "before 6.0") {
			t.Errorf("got %+v", f)
		}
	})
}

func TestFindsTheTransport(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		down      bool
		fault     faults.Call
		emails    []string
		transport string
		cloud     diagnose.Severity
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
				ws := start(t, v, registrationtest.WithOwnerEmails(tc.emails...))
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
				d := ws.run(t, ws.askCloud())
				if d.Transport != tc.transport {
					t.Errorf("got %q, want %q: %+v", d.Transport, tc.transport, d.Findings)
				}
				checkFindings(t, d, severities{diagnose.CheckWorkspaceCloud: tc.cloud})
				if f, _ := d.Finding(diagnose.CheckStatus); slices.Contains(f.Remedies, failure.Remedy{Act: failure.RegisterOver, With: tc.transport}) != (tc.transport == "relay" || tc.transport == "offline") {
					t.Errorf("got %+v", f)
				}
			})
		})
	}
}

func TestASyncThatFails(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.0", "", func(t *testing.T, v string) {
		ws := start(t, v)
		ws.register(t)
		if err := ws.Cloud().Remove(ws.Cloud().Workspaces()[0].ID); err != nil {
			t.Fatal(err)
		}
		d := ws.run(t, diagnose.TrySync())
		checkFindings(t, d, severities{diagnose.CheckStatus: ok, diagnose.CheckSync: problem})
		// Where the workspace has forgotten its registration it must have reached the Cloud.
		f, _ := d.Finding(diagnose.CheckSync)
		if d.Worst() != problem || (d.Transport == "direct") != strings.Contains(f.Evidence, "the Cloud has removed the workspace") {
			t.Errorf("the worst is %s, and %q fits: %+v", d.Worst(), d.Transport, f)
		}
	})
}

func TestADisconnectedWorkspace(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.0", "6.5", func(t *testing.T, v string) {
		ws := start(t, v)
		if _, err := ws.register(t).Disconnect(t.Context()); err != nil {
			t.Fatal(err)
		}
		d := ws.run(t, diagnose.TrySync())
		checkFindings(t, d, severities{diagnose.CheckStatus: problem, diagnose.CheckSync: skipped})
		if f, _ := d.Finding(diagnose.CheckStatus); !strings.Contains(f.Advice(), "reconnect") {
			t.Errorf("got %+v", f)
		}
	})
}

// TestUsers looks with other eyes than an administrator's.
func TestUsers(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.0", "", func(t *testing.T, v string) {
		ws := start(t, v)
		manager := info
		if clienttest.Before(t, v, "4.3") {
			manager = ok // such servers tell the version to anybody
		}
		user, admin := ws.User(), ws.Admin()
		for name, tc := range map[string]struct {
			credentials workspace.Credentials
			want        severities
		}{
			"manager":        {workspace.Token(ws.Manager().UserID, ws.Manager().AuthToken), severities{diagnose.CheckCredentials: ok, diagnose.CheckPermissions: manager, diagnose.CheckStatus: problem}},
			"ordinary user":  {workspace.Token(user.UserID, user.AuthToken), severities{diagnose.CheckCredentials: ok, diagnose.CheckPermissions: problem, diagnose.CheckStatus: skipped, diagnose.CheckSync: skipped}},
			"wrong token":    {workspace.Token(user.UserID, "wrong-secret-token"), severities{diagnose.CheckCredentials: problem, diagnose.CheckPermissions: skipped, diagnose.CheckStatus: skipped}},
			"wrong password": {workspace.Password(admin.Username, "wrong-secret-password"), severities{diagnose.CheckCredentials: problem, diagnose.CheckStatus: skipped}},
			"password":       {workspace.Password(admin.Username, admin.Password), severities{diagnose.CheckCredentials: ok, diagnose.CheckPermissions: ok}},
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				d := diagnose.Run(t.Context(), ws.as(t, tc.credentials), diagnose.TrySync(), ws.trust())
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

func TestReportIsStable(t *testing.T) {
	t.Parallel()
	d := start(t, "8.7.0").run(t)
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
		"address", "tls", "rocket-chat", "version", "post", "credentials", "permissions", "support", "status", "setup", "license", "read-only", "deployment", "workspace-reaches-cloud", "machine-reaches-cloud",
		"machine-reaches-list", "sync", "transport",
	}
	if !slices.Equal(ids, want) {
		t.Errorf("got %q", ids)
	}
	if (diagnose.Report{}).Worst() != ok {
		t.Error("nothing found is not well")
	}
}

// TestAfterAnUpgrade asks what only the new version can be asked.
func TestAfterAnUpgrade(t *testing.T) {
	t.Parallel()
	ws := start(t, "5.4.0")
	checkFindings(t, ws.run(t, ws.askCloud()), severities{diagnose.CheckVersion: ok, diagnose.CheckWorkspaceCloud: skipped})
	if err := ws.Upgrade("8.7.0"); err != nil {
		t.Fatal(err)
	}
	d := ws.run(t, ws.askCloud())
	checkFindings(t, d, severities{diagnose.CheckVersion: ok, diagnose.CheckWorkspaceCloud: ok})
	if d.Version != "8.7.0" {
		t.Errorf("the version is %q", d.Version)
	}
}
