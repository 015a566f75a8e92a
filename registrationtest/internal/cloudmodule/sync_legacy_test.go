package cloudmodule_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestLegacySync(t *testing.T) {
	t.Parallel()
	for version, query := range map[string]string{"3.0.0": "", "3.1.0": "?version=2", "4.8.0": "?version=2", "6.4.0": "?version=2"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, version)
			b.connect()
			if got, err := b.call("syncWorkspace"); err != nil || got != true {
				t.Errorf("sync says %v, %v", got, err)
			}
			b.wantCalls(askToken, askClient, askLicense(query))
			b.wantSettings(map[string]any{"Cloud_Workspace_PublicKey": "synced key"})
		})
	}
}

// 3.0 tells less in a sync than in everything else, not even the workspace id.
func TestLegacySyncBody30(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]bool{"3.0.0": false, "3.1.0": true} {
		b := newBench(t, version)
		b.connect()
		if _, err := b.call("syncWorkspace"); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(b.cloud.sent()[1].body, `"workspaceId"`); got != want {
			t.Errorf("%s: a workspace id is sent: %v, want %v", version, got, want)
		}
	}
}

// Unregistered or disconnected, nothing is asked and the answer is false.
func TestLegacySyncUnregistered(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"3.0.0", "4.8.0", "6.4.0"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, version)
			b.settings.Set("Register_Server", true)
			if got, err := b.call("syncWorkspace"); err != nil || got != false {
				t.Errorf("sync says %v, %v, want false", got, err)
			}
			b.connect()
			b.settings.Set("Register_Server", false)
			if got, err := b.call("syncWorkspace"); err != nil || got != false {
				t.Errorf("after a disconnect sync says %v, %v, want false", got, err)
			}
			b.wantCalls()
		})
	}
}

func TestLegacySyncFailures(t *testing.T) {
	t.Parallel()
	fails := refuse(http.StatusInternalServerError, "internal_error")
	for _, test := range []struct {
		name, version, path string
		cloud               answer
		want                bool
		calls               []string
	}{
		{"token, asked for again for the license from 5.4", "4.8.0", "/token", fails, false, []string{askToken}},
		{"token", "5.4.0", "/token", fails, false, []string{askToken, askToken}},
		{"token", "6.4.0", "/token", fails, false, []string{askToken, askToken}},
		{"client", "4.8.0", "/client", fails, false, []string{askToken, askClient}},
		{"client, but the license is asked for", "6.0.0", "/client", fails, false, []string{askToken, askClient, askLicense("?version=2")}},
		{"license", "3.0.0", "/license", fails, true, []string{askToken, askClient, askLicense("")}},
		{"license", "6.4.0", "/license", fails, true, []string{askToken, askClient, askLicense("?version=2")}},
		{"client empty", "6.0.0", "/client", reply(200, ""), true, []string{askToken, askClient, askLicense("?version=2")}},
		{"client empty", "6.4.0", "/client", reply(200, ""), false, []string{askToken, askClient, askLicense("?version=2")}},
		{"license empty", "4.8.0", "/license", reply(200, ""), false, []string{askToken, askClient, askLicense("?version=2")}},
	} {
		t.Run(test.version+" "+test.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, test.version)
			b.connect()
			b.cloud.set(test.path, test.cloud)
			if got, err := b.call("syncWorkspace"); err != nil || got != test.want {
				t.Errorf("sync says %v, %v, want %v", got, err, test.want)
			}
			b.wantCalls(test.calls...)
			if !b.registered() {
				t.Error("the workspace is not registered any more")
			}
		})
	}
}

// A3, A4: up to 6.0 a drop is recognised, by its code and an error status; everything becomes null. 6.4 never notices.
func TestA3A4DroppedByTheCloud(t *testing.T) {
	t.Parallel()
	const code = "oauth_invalid_client_credentials"
	for _, test := range []struct {
		name, version string
		cloud         answer
		dropped       bool
	}{
		{"code and status", "3.0.0", refuse(http.StatusBadRequest, code), true},
		{"code and status", "6.0.0", refuse(http.StatusUnauthorized, code), true},
		{"code and status", "6.4.0", refuse(http.StatusBadRequest, code), false},
		{"code alone", "3.0.0", refuse(http.StatusOK, code), false},
		{"code alone", "6.0.0", refuse(http.StatusOK, code), false},
		{"another code", "6.0.0", refuse(http.StatusUnauthorized, "unauthorized"), false},
	} {
		t.Run(test.version+" "+test.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, test.version)
			b.connect()
			b.cloud.set("/token", test.cloud)
			if got, err := b.call("syncWorkspace"); err != nil || got != false {
				t.Errorf("sync says %v, %v, want false", got, err)
			}
			if b.registered() == test.dropped {
				t.Errorf("registered is %v", b.registered())
			}
			if test.dropped {
				b.wantSettings(map[string]any{"Cloud_Workspace_Id": nil, "Cloud_Workspace_PublicKey": nil, "Register_Server": true})
			}
		})
	}
}

// C3: a failed sync overwrites the cached access token with an empty one, but not before 3.18. Since 6.4 an answer
// without a token leaves it, and an invalid date is stored as the epoch.
func TestC3FailureAndTheCachedToken(t *testing.T) {
	t.Parallel()
	epoch := time.Unix(0, 0).UTC()
	for _, test := range []struct {
		version string
		token   string
		expires time.Time
	}{
		{"3.1.0", "access-1", startTime.Add(24 * time.Hour)},
		{"3.18.0", "", startTime},
		{"6.0.0", "", startTime},
		{"6.4.0", "access-1", epoch},
		{"6.13.0", "access-1", epoch},
	} {
		t.Run(test.version, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, test.version)
			b.connect()
			b.settings.Set("Cloud_Workspace_Access_Token", "access-1")
			b.settings.Set("Cloud_Workspace_Access_Token_Expires_At", startTime.Add(24*time.Hour))
			b.cloud.set("/token", refuse(http.StatusInternalServerError, "internal_error"))
			_, _ = b.call("syncWorkspace") // other tests look at what it says
			b.wantSettings(map[string]any{
				"Cloud_Workspace_Access_Token": test.token, "Cloud_Workspace_Access_Token_Expires_At": test.expires,
			})
		})
	}
}

// With a cache that lags the fresh token is not there yet when the license is to be asked for.
func TestLegacySyncWithALaggingCache(t *testing.T) {
	t.Parallel()
	b := newBench(t, "4.8.0", withLag(20*time.Millisecond))
	b.connect()
	b.clock.Advance(time.Second)
	if got, err := b.call("syncWorkspace"); err != nil || got != true {
		t.Errorf("sync says %v, %v", got, err)
	}
	b.wantCalls(askToken, askClient)
	b.clock.Advance(time.Second)
	b.cloud.forget()
	if _, err := b.call("syncWorkspace"); err != nil {
		t.Fatal(err)
	}
	calls := b.cloud.sent()
	b.wantCalls(askToken, askClient, askLicense("?version=2"))
	if auths := []string{calls[1].auth, calls[2].auth}; !slices.Equal(auths, []string{"Bearer access-2", "Bearer access-1"}) {
		t.Errorf("the calls were authorised by %v, want the license by the token before", auths)
	}
}

func TestLegacySyncNotesATrial(t *testing.T) {
	t.Parallel()
	b := newBench(t, "4.8.0")
	b.connect()
	b.cloud.set("/client", reply(200, `{"trial":{"trialId":"t"}}`))
	if _, err := b.call("syncWorkspace"); err != nil {
		t.Fatal(err)
	}
	b.wantSettings(map[string]any{"Cloud_Workspace_Had_Trial": true})
}

// The license of the Cloud is stored and put in force; 6.4 takes the one up again that it knows when the Cloud fails.
func TestLegacyLicense(t *testing.T) {
	t.Parallel()
	b := newBench(t, "6.4.0")
	b.cloud.license = ""
	b.connect()
	if b.module.License() != "" {
		t.Fatal("a license is in force before there is one")
	}
	b.settings.Set("Cloud_Workspace_License", license)
	b.cloud.set("/license", drop)
	if _, err := b.call("syncWorkspace"); err != nil || b.module.License() != license {
		t.Errorf("after a sync without the license %q is in force, %v", b.module.License(), err)
	}
	b.cloud.clear()
	b.cloud.license = nil
	if _, err := b.call("syncWorkspace"); err != nil || b.module.License() != license {
		t.Errorf("after a sync with null %q is in force, %v", b.module.License(), err)
	}
	b.wantSettings(map[string]any{"Cloud_Workspace_License": nil})
}
