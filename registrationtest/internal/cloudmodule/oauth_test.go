package cloudmodule_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/rcreg/registration/registrationtest/internal/server"
)

// authorize asks for the address and returns the state in it.
func (b *bench) authorize() (address, state string) {
	b.t.Helper()
	got, err := b.call("getOAuthAuthorizationUrl")
	if err != nil {
		b.t.Fatal(err)
	}
	address, _ = got.(string)
	_, state, _ = strings.Cut(address, "&state=")
	return address, state
}

func TestAuthorizationURL(t *testing.T) {
	t.Parallel()
	b := newBench(t, "5.4.0")
	b.connect()
	address, state := b.authorize()
	want := cloudURL + "/authorize?response_type=code&client_id=client-1&redirect_uri=" + siteURL +
		"/admin/cloud/oauth-callback&scope=openid offline_access&state=" + state
	if address != want || len(state) != 17 {
		t.Errorf("the address is %s", address)
	}
	b.wantSettings(map[string]any{"Cloud_Workspace_Registration_State": state})
}

func TestUserLink(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"3.0.0", "6.13.0"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, version)
			if got, err := b.call("logout"); err != nil || got != "" {
				t.Errorf("unregistered, logout says %v, %v", got, err)
			}
			b.connect()
			_, state := b.authorize()
			b.cloud.set("/token", reply(200, `{"access_token":"a","refresh_token":"r"}`))
			if got, err := b.call("finishOAuthAuthorization", "code", state); err != nil || got != true {
				t.Errorf("finish says %v, %v", got, err)
			}
			if got, err := b.call("checkUserLoggedIn"); err != nil || got != true {
				t.Errorf("check says %v, %v", got, err)
			}
			if got, err := b.call("logout"); err != nil || got != true {
				t.Errorf("logout says %v, %v", got, err)
			}
			b.wantCalls(askToken, "POST /api/oauth/revoke")
			if got, err := b.call("checkUserLoggedIn"); err != nil || got != false {
				t.Errorf("after a logout, check says %v, %v", got, err)
			}
			if got, err := b.call("logout"); err != nil || got != true {
				t.Errorf("the second logout says %v, %v", got, err)
			}
		})
	}
}

func TestFinishFails(t *testing.T) {
	t.Parallel()
	b := newBench(t, "5.4.0")
	b.connect()
	_, state := b.authorize()
	_, err := b.call("finishOAuthAuthorization", "code", "wrong")
	var meteor *server.MeteorError
	if !errors.As(err, &meteor) || meteor.Code != "error-invalid-state" {
		t.Errorf("with a wrong state the error is %v", err)
	}
	b.cloud.set("/token", refuse(400, "invalid_grant"))
	if got, err := b.call("finishOAuthAuthorization", "code", state); err != nil || got != false {
		t.Errorf("with a code that the Cloud refuses it says %v, %v", got, err)
	}
	b.cloud.set("/token", reply(200, "null"))
	if got, err := b.call("finishOAuthAuthorization", "code", state); err == nil {
		t.Errorf("with an answer of null it says %v", got)
	}
}
