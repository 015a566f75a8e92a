package cloudmodule_test

import (
	"net/http"
	"testing"
	"time"
)

const askRegister = "POST /api/v2/register/workspace?resend=false"

// A5: registerWorkspace sends a notice and stores an id, which registers nothing.
func TestA5RegisterWorkspace(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"3.0.0", "4.8.0", "6.4.0", "6.13.0", "8.6.1"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, version)
			if got, err := b.call("registerWorkspace"); err != nil || got != true {
				t.Errorf("it says %v, %v", got, err)
			}
			b.wantCalls(askRegister)
			b.wantSettings(map[string]any{"Cloud_Workspace_Id": "notice", "Register_Server": true})
			if b.registered() {
				t.Error("the workspace is registered")
			}
		})
	}
}

func TestRegisterWorkspaceFails(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		cloud answer
		want  bool
	}{
		"500":        {refuse(500, "internal_error"), false},
		"empty":      {reply(200, ""), false},
		"without id": {reply(200, "{}"), true},
	} {
		for _, version := range []string{"3.0.0", "6.0.0", "6.4.0", "8.6.1"} {
			t.Run(name+" "+version, func(t *testing.T) {
				t.Parallel()
				b := newBench(t, version)
				b.cloud.set("/register/workspace", test.cloud)
				if got, err := b.call("registerWorkspace"); err != nil || got != test.want {
					t.Errorf("it says %v, %v, want %v", got, err, test.want)
				}
				b.wantSettings(map[string]any{"Cloud_Workspace_Id": ""})
			})
		}
	}
}

// On a registered workspace it syncs, or does nothing at all.
func TestRegisterWorkspaceWhileRegistered(t *testing.T) {
	t.Parallel()
	legacy := []string{askToken, askClient, askLicense("?version=2")}
	for version, calls := range map[string][]string{
		"3.0.0": nil, "3.1.0": nil, "3.18.0": legacy, "6.4.0": legacy,
		"6.5.0": {askToken, askComms, askToken, askSync, askSupport},
	} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, version)
			b.connect()
			if got, err := b.call("registerWorkspace"); err != nil || got != true {
				t.Errorf("it says %v, %v", got, err)
			}
			b.wantCalls(calls...)
		})
	}
	b := newBench(t, "6.5.0")
	b.connect()
	b.cloud.set("", refuse(http.StatusInternalServerError, "internal_error"))
	if got, err := b.call("registerWorkspace"); err == nil {
		t.Errorf("while the Cloud fails it says %v", got)
	}
}

// After a disconnect, 3.0 and 3.1 take the old registration up again; later releases overwrite its id and keep the rest.
func TestRegisterWorkspaceAfterADisconnect(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		version string
		lag     time.Duration
		id      string
	}{
		{"3.0.0", 0, "ws-1"}, {"3.1.0", 0, "ws-1"}, {"3.18.0", 0, "notice"}, {"6.4.0", 0, "notice"},
		{"3.1.0", 20 * time.Millisecond, "notice"}, // the cache does not have the wish yet
	} {
		t.Run(test.version+" lag "+test.lag.String(), func(t *testing.T) {
			t.Parallel()
			b := newBench(t, test.version, withLag(test.lag))
			if _, err := b.call("connectWorkspace", "token"); err != nil {
				t.Fatal(err)
			}
			b.clock.Advance(time.Second)
			if _, err := b.call("disconnectWorkspace"); err != nil {
				t.Fatal(err)
			}
			b.clock.Advance(time.Second)
			if got, err := b.call("registerWorkspace"); err != nil || got != true {
				t.Errorf("it says %v, %v", got, err)
			}
			b.wantSettings(map[string]any{
				"Cloud_Workspace_Id": test.id, "Cloud_Workspace_Client_Id": "client-1", "Register_Server": true,
			})
		})
	}
}

func TestUpdateEmail(t *testing.T) {
	t.Parallel()
	b := newBench(t, "3.1.0")
	if got, err := b.call("updateEmail", "new@example.com"); err != nil || got != true {
		t.Errorf("it says %v, %v", got, err)
	}
	if _, err := b.call("updateEmail", "new@example.com", true); err != nil {
		t.Fatal(err)
	}
	b.wantCalls(askRegister, "POST /api/v2/register/workspace?resend=true")
	b.wantSettings(map[string]any{"Organization_Email": "new@example.com"})
	if _, exists := newBench(t, "3.18.0").methods["cloud:updateEmail"]; exists {
		t.Error("3.18 still has the method")
	}
}
