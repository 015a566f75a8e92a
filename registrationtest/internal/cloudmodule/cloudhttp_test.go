package cloudmodule_test

import (
	"net/url"
	"testing"
	"time"
)

func TestBodiesOfCalls(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"3.0.0", "8.6.1"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, version)
			if _, err := b.call("connectWorkspace", "token"); err != nil {
				t.Fatal(err)
			}
			clients, token := b.cloud.sent()[0], b.cloud.sent()[1]
			want := `{"client_name":"Example Workspace","email":"","redirect_uris":["` + siteURL + `/admin/cloud/oauth-callback"]}`
			if clients.kind != "application/json" || clients.body != want {
				t.Errorf("the token was presented with %s: %s", clients.kind, clients.body)
			}
			form, err := url.ParseQuery(token.body)
			if err != nil || token.kind != "application/x-www-form-urlencoded" || token.auth != "" {
				t.Errorf("an access token was asked for with %s, %q, %v", token.kind, token.auth, err)
			}
			for name, want := range map[string]string{
				"client_id": "client-1", "client_secret": "secret-1", "scope": scopes, "grant_type": "client_credentials",
				"redirect_uri": siteURL + "/admin/cloud/oauth-callback",
			} {
				if got := form.Get(name); got != want {
					t.Errorf("%s is %q, want %q", name, got, want)
				}
			}
		})
	}
}

// A GET has no body, and says so.
func TestGetHasNoContentType(t *testing.T) {
	t.Parallel()
	b := newBench(t, "8.6.1")
	b.module.SupportedVersions(t.Context())
	if kind := b.cloud.sent()[0].kind; kind != "" {
		t.Errorf("a GET was sent with %s", kind)
	}
}

// Up to 6.0 calls wait without end; then for 20 s, and some for less.
func TestTimeLimits(t *testing.T) {
	t.Parallel()
	const token, client = "/token", "/client"
	for _, test := range []struct {
		version, path string
		takes         time.Duration
		want          bool
	}{
		{"6.0.0", client, time.Hour, true},
		{"6.4.0", client, 19 * time.Second, true},
		{"6.4.0", client, 21 * time.Second, false},
		{"6.5.0", client, 19 * time.Second, true},
		{"6.5.0", client, 21 * time.Second, false},
		{"6.13.0", client, 4 * time.Second, true},
		{"6.13.0", client, 6 * time.Second, false},
		{"6.5.0", token, 2 * time.Second, true},
		{"6.5.0", token, 4 * time.Second, false},
		{"6.13.0", token, 4 * time.Second, true},
		{"6.13.0", token, 6 * time.Second, false},
		{"8.6.1", token, 4 * time.Second, true},
		{"8.6.1", token, 6 * time.Second, false},
	} {
		t.Run(test.version+test.path+" "+test.takes.String(), func(t *testing.T) {
			t.Parallel()
			b := newBench(t, test.version)
			b.connect()
			answer := reply(200, `{"workspaceId":"ws"}`)
			if test.path == token {
				answer = reply(200, `{"access_token":"slow","expires_in":60,"scope":"`+scopes+`"}`)
			}
			b.cloud.set("/sync", refuse(500, "internal_error")) // so that /client is asked
			b.cloud.set(test.path, b.cloud.after(test.takes, answer))
			got, err := b.call("syncWorkspace")
			if synced := err == nil && got == true; synced != test.want {
				t.Errorf("sync says %v, %v", got, err)
			}
		})
	}
}

// An oldest user with an empty list of e-mail addresses breaks whatever looks at the status, up to 4.8.
func TestBrokenStatusBreaksEverything(t *testing.T) {
	t.Parallel()
	for _, method := range []string{
		"checkRegisterStatus", "connectWorkspace", "syncWorkspace", "registerWorkspace", "disconnectWorkspace", "checkUserLoggedIn", "logout",
	} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, "4.8.0")
			b.connect()
			b.owner.Emails = []string{}
			if got, err := b.call(method, "token"); err == nil {
				t.Errorf("it says %v", got)
			}
			b.wantCalls()
		})
	}
}
