package cloudmodule_test

import (
	"net/http"
	"testing"
	"time"
)

// syncs are the releases that sync in the new way.
var syncs = [...]string{"6.5.0", "6.13.0", "8.6.1"}

func TestSync(t *testing.T) {
	t.Parallel()
	for _, version := range syncs {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, version)
			b.connect()
			if got, err := b.call("syncWorkspace"); err != nil || got != true {
				t.Errorf("the method says %v, %v", got, err)
			}
			b.wantCalls(askToken, askComms, askToken, askSync, askSupport)
			b.cloud.forget()
			if _, err := b.rest("cloud.syncWorkspace", nil); err != nil {
				t.Errorf("the endpoint says %v", err)
			}
			b.wantCalls(askToken, askComms, askToken, askSync, askSupport)
			if auth := b.cloud.sent()[4].auth; auth != "Bearer access-5" {
				t.Errorf("the list of versions was asked for with %q, want the cached token", auth)
			}
		})
	}
}

// A1: a sync of a workspace that is not registered is a success, and asks at most for the support window.
func TestA1SyncUnregistered(t *testing.T) {
	t.Parallel()
	for version, calls := range map[string][]string{"6.5.0": nil, "6.13.0": {askSupport}, "8.6.1": {askSupport}} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, version)
			if got, err := b.call("syncWorkspace"); err != nil || got != true {
				t.Errorf("sync says %v, %v, want true", got, err)
			}
			b.wantCalls(calls...)
		})
	}
}

// A2: the first sync after a drop fails at most, and forgets the registration; later ones succeed.
func TestA2SyncAfterADrop(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		version string
		lag     time.Duration
		fails   bool
		tokens  int
	}{
		{"6.5.0", 0, true, 1},
		{"6.13.0", 0, true, 1},
		{"8.6.1", 0, true, 1},
		{"6.5.0", 20 * time.Millisecond, true, 2},
		{"6.13.0", 20 * time.Millisecond, true, 3},
		{"8.6.1", 20 * time.Millisecond, true, 3},
	} {
		t.Run(test.version+" lag "+test.lag.String(), func(t *testing.T) {
			t.Parallel()
			b := newBench(t, test.version, withLag(test.lag))
			b.connect()
			b.clock.Advance(time.Second)
			b.cloud.set("/token", refuse(http.StatusBadRequest, "oauth_invalid_client_credentials"))
			_, err := b.call("syncWorkspace")
			if (err != nil) != test.fails {
				t.Errorf("the first sync says %v", err)
			}
			if test.fails {
				wantWire(t, err)
			}
			tokens := 0
			for _, line := range b.cloud.lines() {
				if line == askToken {
					tokens++
				}
			}
			if tokens != test.tokens {
				t.Errorf("%d tokens were asked for, want %d", tokens, test.tokens)
			}
			b.clock.Advance(time.Second)
			b.wantSettings(map[string]any{"Cloud_Workspace_Id": "", "Show_Setup_Wizard": "in_progress", "Register_Server": true})
			if got, err := b.call("syncWorkspace"); err != nil || got != true {
				t.Errorf("the second sync says %v, %v, want true", got, err)
			}
		})
	}
}

// A4: without an error status the code is none.
func TestA4SyncWithTheCodeAlone(t *testing.T) {
	t.Parallel()
	for _, version := range syncs {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, version)
			b.connect()
			b.cloud.set("/token", refuse(http.StatusOK, "oauth_invalid_client_credentials"))
			if _, err := b.call("syncWorkspace"); err == nil || !b.registered() {
				t.Errorf("sync says %v, and registered is %v", err, b.registered())
			}
		})
	}
}

func TestSyncFallsBack(t *testing.T) {
	t.Parallel()
	fails := refuse(http.StatusInternalServerError, "internal_error")
	fallback := []string{askToken, askClient, askLicense("?version=3"), askSupport}
	afterComms := append([]string{askToken, askComms}, fallback...)
	afterSync := append([]string{askToken, askComms, askToken, askSync}, fallback...)
	for _, test := range []struct {
		name, path string
		cloud      answer
		want       []string
	}{
		{"comms 500", "/comms/workspace", fails, afterComms},
		{"comms cut off", "/comms/workspace", reply(200, `{"a`), afterComms},
		{"comms null", "/comms/workspace", reply(200, `null`), afterComms},
		{"sync 500", "/sync", fails, afterSync},
		{"sync dropped", "/sync", drop, afterSync},
		{"sync null", "/sync", reply(200, `null`), afterSync},
		{"bad license", "/sync", reply(200, `{"workspaceId":"ws","license":"bad"}`), afterSync},
	} {
		for _, version := range syncs {
			t.Run(version+" "+test.name, func(t *testing.T) {
				t.Parallel()
				b := newBench(t, version)
				b.connect()
				b.cloud.set(test.path, test.cloud)
				if got, err := b.call("syncWorkspace"); err != nil || got != true {
					t.Errorf("sync says %v, %v, want true", got, err)
				}
				b.wantCalls(test.want...)
				b.wantSettings(map[string]any{"Cloud_Workspace_PublicKey": "synced key"})
			})
		}
	}
}

// What the fallback fails of is what callers of the method see, as far as it shows.
func TestSyncFailures(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, path string
		cloud      answer
		wire       []string
	}{
		{"token 500", "/token", refuse(500, "internal_error"), nil},
		{"client 500", "/client", refuse(500, "internal_error"), []string{"name"}},
		{"client cut off", "/client", reply(200, `{"a`), []string{"message", "type"}},
		{"client dropped", "/client", drop, []string{"code", "errno", "message", "type"}},
	} {
		for _, version := range syncs {
			t.Run(version+" "+test.name, func(t *testing.T) {
				t.Parallel()
				b := newBench(t, version)
				b.connect()
				b.cloud.set("/sync", refuse(500, "internal_error"))
				b.cloud.set(test.path, test.cloud)
				_, err := b.call("syncWorkspace")
				if err == nil {
					t.Fatal("sync is a success")
				}
				wantWire(t, err, test.wire...)
				if _, err := b.rest("cloud.syncWorkspace", nil); err == nil || err.Error() != "Error during workspace sync" {
					t.Errorf("the endpoint says %v", err)
				}
			})
		}
	}
}

func TestSyncWithACloudThatHangs(t *testing.T) {
	t.Parallel()
	b := newBench(t, "6.13.0")
	b.connect()
	b.cloud.set("/comms/workspace", b.cloud.hang)
	b.cloud.set("/client", b.cloud.hang)
	_, err := b.call("syncWorkspace")
	if err == nil {
		t.Fatal("sync is a success")
	}
	wantWire(t, err, "message", "type")
	b.wantCalls(askToken, askComms, askToken, askClient, askSupport)
}

// By 8.6 the shape of the Cloud's answers counts: a license that is null makes the sync fall back.
func TestSyncChecksShapesByNow(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]int{"6.5.0": 5, "6.13.0": 5, "8.6.1": 8} {
		b := newBench(t, version)
		b.connect()
		b.cloud.license = nil
		if got, err := b.call("syncWorkspace"); err != nil || got != true {
			t.Errorf("%s: sync says %v, %v", version, got, err)
		}
		if got := len(b.cloud.lines()); got != want {
			t.Errorf("%s: %d calls were made, want %d", version, got, want)
		}
	}
	b := newBench(t, "8.6.1")
	b.connect()
	b.cloud.set("/comms/workspace", reply(200, `{"announcements":{}}`))
	b.cloud.set("/client", reply(200, `{"publicKey":"k"}`))
	if _, err := b.call("syncWorkspace"); err == nil {
		t.Error("8.6.1: a sync is a success although no answer has its shape")
	}
}

func TestSyncMayRemoveTheLicense(t *testing.T) {
	t.Parallel()
	b := newBench(t, "6.13.0")
	b.connect()
	b.cloud.set("/sync", reply(200, `{"workspaceId":"ws","license":"","removeLicense":true}`))
	if _, err := b.call("syncWorkspace"); err != nil || b.module.License() != "" {
		t.Errorf("the license in force is %q, %v", b.module.License(), err)
	}
	b.wantSettings(map[string]any{"Enterprise_License": "", "Enterprise_License_Status": "Invalid"})
}

// From 7.0 access tokens are kept by scope. A refusal in JSON ends the one that is there, a connection that breaks does not.
func TestSyncKeepsCredentials(t *testing.T) {
	t.Parallel()
	for version, refused := range map[string][]string{
		"7.0.0": {askToken, askToken, askToken, askSupport}, "8.6.1": {askToken, askToken, askToken, askSupport},
	} {
		b := newBench(t, version)
		b.connect()
		b.cloud.set("/token", refuse(500, "internal_error"))
		if _, err := b.call("syncWorkspace"); err == nil {
			t.Fatal("sync is a success")
		}
		b.wantCalls(refused...)
		if auth := b.cloud.sent()[len(refused)-1].auth; auth != "" {
			t.Errorf("%s: the list of versions was asked for with %q, want no token", version, auth)
		}
	}
	b := newBench(t, "8.6.1")
	b.connect()
	b.cloud.set("/token", drop)
	if _, err := b.call("syncWorkspace"); err == nil {
		t.Fatal("sync is a success")
	}
	b.wantCalls(askToken, askToken, askSupport)
	if auth := b.cloud.sent()[2].auth; auth != "Bearer access-1" {
		t.Errorf("the list of versions was asked for with %q, want the token from before", auth)
	}
	b.clock.Advance(25 * time.Hour)
	b.cloud.clear()
	b.cloud.forget()
	b.settings.Set("Cloud_Workspace_Supported_Versions_Token", "")
	b.module.SupportedVersions(t.Context())
	b.wantCalls(askToken, askSupport)
}
