package cloudmodule_test

import (
	"net/http"
	"testing"
	"time"
)

const (
	askClients = "POST /api/oauth/clients"
	askToken   = "POST /api/oauth/token"
	askClient  = "POST /api/v2/workspaces/ws-1/client"
	askSync    = "POST /api/v2/workspaces/ws-1/sync"
	askComms   = "POST /api/v3/comms/workspace"
	askSupport = "GET /v2/server/supportedVersions"
)

func askLicense(query string) string { return "GET /api/v2/workspaces/ws-1/license" + query }

func TestConnect(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		version string
		want    []string
	}{
		{"3.0.0", []string{askClients, askToken}},
		{"3.1.0", []string{askClients, askToken}},
		{"3.18.0", []string{askClients}},
		{"6.4.0", []string{askClients}},
		{"6.5.0", []string{askClients, askToken, askSync}},
		{"8.6.1", []string{askClients, askToken, askSync}},
	} {
		t.Run(test.version, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, test.version)
			if got, err := b.call("connectWorkspace", "token"); err != nil || got != true {
				t.Fatalf("connect says %v, %v", got, err)
			}
			b.wantCalls(test.want...)
			b.wantSettings(map[string]any{
				"Register_Server": true, "Cloud_Workspace_Id": "ws-1", "Cloud_Workspace_Name": "Example",
				"Cloud_Workspace_Client_Id": "client-1", "Cloud_Workspace_Client_Secret": "secret-1",
				"Cloud_Workspace_Client_Secret_Expires_At": 0.0, "Cloud_Workspace_PublicKey": "key-1",
			})
			if auth := b.cloud.sent()[0].auth; auth != "Bearer token" {
				t.Errorf("the token was sent as %q", auth)
			}
			if b.module.License() != license {
				t.Errorf("the license in force is %q", b.module.License())
			}
		})
	}
}

// C1: a second good token replaces id and credentials of a registered workspace.
func TestC1ConnectReplacesTheRegistration(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"3.0.0", "4.8.0", "6.4.0", "6.13.0", "8.6.1"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, version)
			b.connect()
			b.connect()
			b.wantSettings(map[string]any{"Cloud_Workspace_Id": "ws-2", "Cloud_Workspace_Client_Secret": "secret-2"})
		})
	}
}

// A refused connect says false, and nothing else: C5. Up to 6.4 it sets the wish all the same.
func TestC5RefusedConnect(t *testing.T) {
	t.Parallel()
	for name, cloud := range map[string]answer{
		"bad token": refuse(http.StatusUnauthorized, "invalid_token"),
		"500":       refuse(http.StatusInternalServerError, "internal_error"),
		"page":      reply(http.StatusInternalServerError, "<html>"),
		"empty":     reply(http.StatusOK, ""),
		"null":      reply(http.StatusOK, "null"),
		"cut off":   reply(http.StatusOK, `{"workspaceId":`),
		"dropped":   drop,
	} {
		for version, wish := range map[string]bool{"3.18.0": true, "6.0.0": true, "6.4.0": true, "6.5.0": false, "8.6.1": false} {
			t.Run(name+" "+version, func(t *testing.T) {
				t.Parallel()
				b := newBench(t, version)
				b.cloud.set("/clients", cloud)
				if got, err := b.call("connectWorkspace", "token"); err != nil || got != false {
					t.Errorf("connect says %v, %v, want false", got, err)
				}
				b.wantCalls(askClients)
				b.wantSettings(map[string]any{"Register_Server": wish, "Cloud_Workspace_Id": ""})
			})
		}
	}
}

// A8, B1, B2: what a token endpoint that fails does to a connect that has already stored the grant.
func TestConnectWhileTheTokenEndpointFails(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, version string
		want          bool
	}{
		{"B1", "3.0.0", false}, {"B1", "3.1.0", false},
		{"A8", "3.18.0", true}, {"A8", "6.4.0", true},
		{"B2", "6.5.0", false}, {"B2", "6.13.0", false}, {"B2", "8.6.1", false},
	} {
		t.Run(test.name+" "+test.version, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, test.version)
			b.cloud.set("/token", refuse(http.StatusInternalServerError, "internal_error"))
			if got, err := b.call("connectWorkspace", "token"); err != nil || got != test.want {
				t.Errorf("connect says %v, %v, want %v", got, err, test.want)
			}
			if !b.registered() {
				t.Error("the workspace is not registered, although the token is spent")
			}
		})
	}
}

// B3: from 6.5, credentials that the Cloud rejects at once wipe the registration.
func TestB3RejectedCredentialsWipeTheRegistration(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"6.5.0", "6.13.0", "8.6.1"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, version)
			b.cloud.set("/token", refuse(http.StatusBadRequest, "oauth_invalid_client_credentials"))
			if got, err := b.call("connectWorkspace", "token"); err != nil || got != false {
				t.Errorf("connect says %v, %v, want false", got, err)
			}
			b.wantSettings(map[string]any{
				"Register_Server": true, "Cloud_Workspace_Id": "", "Cloud_Workspace_Client_Id": "", "Show_Setup_Wizard": "in_progress",
			})
		})
	}
}

// B4: up to 6.4, a grant without licenseData breaks the server's code when all else is stored.
func TestB4GrantWithoutLicenseData(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"3.0.0", "3.18.0", "6.4.0"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, version)
			b.cloud.set("/clients", reply(http.StatusCreated, grantJSON(1, "")))
			if got, err := b.call("connectWorkspace", "token"); err == nil {
				t.Errorf("connect says %v, want an internal error", got)
			}
			b.wantCalls(askClients)
			if !b.registered() {
				t.Error("the workspace is not registered")
			}
		})
	}
}

// A grant without credentials registers nothing; up to 3.1 the database driver refuses it, later connect is true.
func TestConnectWithoutCredentials(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		version  string
		want     any
		wantFail bool
		wantWait time.Duration
	}{
		{"3.1.0", nil, true, 0},
		{"3.18.0", true, false, 0},
		{"6.4.0", true, false, 0},
		{"6.5.0", false, false, 10 * time.Second},
		{"8.6.1", false, false, 10 * time.Second},
	} {
		t.Run(test.version, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, test.version)
			b.cloud.set("/clients", reply(http.StatusCreated, `{"workspaceId":"ws-x","licenseData":{"license":"x"}}`))
			got, err := b.call("connectWorkspace", "token")
			if (err != nil) != test.wantFail || (err == nil && got != test.want) {
				t.Errorf("connect says %v, %v", got, err)
			}
			if test.wantFail {
				wantWire(t, err, "code", "codeName", "name")
			}
			b.wantSettings(map[string]any{"Cloud_Workspace_Id": "ws-x"})
			if b.registered() {
				t.Error("the workspace is registered without credentials")
			}
			if waited := b.clock.Now().Sub(startTime); waited != test.wantWait {
				t.Errorf("the server waited %v for its cache, want %v", waited, test.wantWait)
			}
		})
	}
}

// With a cache that lags, 3.0 and 3.1 do not know that they are registered, and 6.5 waits for it in steps of a second.
func TestConnectWithALaggingCache(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		version string
		want    bool
		calls   []string
		wait    time.Duration
	}{
		{"3.0.0", false, []string{askClients}, 0},
		{"3.1.0", false, []string{askClients}, 0},
		{"4.8.0", true, []string{askClients}, 0},
		{"6.5.0", true, []string{askClients, askToken, askSync}, time.Second},
		{"8.6.1", true, []string{askClients, askToken, askSync}, time.Second},
	} {
		t.Run(test.version, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, test.version, withLag(20*time.Millisecond))
			if got, err := b.call("connectWorkspace", "token"); err != nil || got != test.want {
				t.Errorf("connect says %v, %v, want %v", got, err, test.want)
			}
			b.wantCalls(test.calls...)
			if waited := b.clock.Now().Sub(startTime); waited != test.wait {
				t.Errorf("the server waited %v, want %v", waited, test.wait)
			}
			b.clock.Advance(time.Second)
			if !b.registered() {
				t.Error("the workspace is not registered")
			}
		})
	}
}

// A Cloud that hangs: calls have a time limit since 6.4.
func TestConnectToACloudThatHangs(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"3.0.0", "6.0.0", "6.4.0", "8.6.1"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, version)
			b.cloud.set("/clients", b.cloud.hang)
			if got, err := b.call("connectWorkspace", "token"); err != nil || got != false {
				t.Errorf("connect says %v, %v, want false", got, err)
			}
		})
	}
}

// B2: a license of the Cloud that does not verify is no matter up to 6.4, and fails a connect from 6.5. By 8.3 one that
// is null does too.
func TestB2LicenseFromTheCloud(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		version string
		license any
		want    bool
	}{
		{"3.18.0", "bad", true}, {"6.4.0", "bad", true}, {"6.5.0", "bad", false}, {"8.6.1", "bad", false},
		{"6.4.0", "", true}, {"6.5.0", "", true}, {"8.6.1", "", true},
		{"6.4.0", nil, true}, {"6.5.0", nil, true}, {"8.6.1", nil, false},
	} {
		t.Run(test.version, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, test.version)
			b.cloud.license = test.license
			if got, err := b.call("connectWorkspace", "token"); err != nil || got != test.want {
				t.Errorf("with the license %v connect says %v, %v, want %v", test.license, got, err, test.want)
			}
			if !b.registered() || b.module.License() != "" {
				t.Errorf("registered %v, with the license %q", b.registered(), b.module.License())
			}
		})
	}
}
