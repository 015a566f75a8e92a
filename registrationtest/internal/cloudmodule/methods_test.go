package cloudmodule_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/rcreg/registration/registrationtest/internal/server"
)

func TestWhichMethodsThereAre(t *testing.T) {
	t.Parallel()
	always := []string{
		"checkRegisterStatus", "checkUserLoggedIn", "connectWorkspace", "finishOAuthAuthorization", "getOAuthAuthorizationUrl",
		"getWorkspaceRegisterData", "logout", "registerWorkspace", "syncWorkspace",
	}
	for version, more := range map[string][]string{
		"3.0.0": {"disconnectWorkspace", "updateEmail"}, "3.17.0": {"disconnectWorkspace", "updateEmail"},
		"3.18.0": {"disconnectWorkspace"}, "5.4.0": {"disconnectWorkspace"},
		"6.0.0": {"disconnectWorkspace", "reconnectWorkspace"}, "6.4.0": {"disconnectWorkspace", "reconnectWorkspace"},
		"6.5.0": nil, "8.9.0": nil,
	} {
		want := slices.Sorted(slices.Values(append(slices.Clone(always), more...)))
		if got := methodNames(newBench(t, version)); !slices.Equal(got, want) {
			t.Errorf("%s has %v, want %v", version, got, want)
		}
	}
	left := []string{"checkUserLoggedIn", "finishOAuthAuthorization", "getOAuthAuthorizationUrl", "logout", "registerWorkspace"}
	if got := methodNames(newBench(t, "9.0.0")); !slices.Equal(got, left) {
		t.Errorf("9.0 has %v, want %v", got, left)
	}
}

func methodNames(b *bench) []string {
	names := make([]string, 0, len(b.methods))
	for name := range b.methods {
		names = append(names, strings.TrimPrefix(name, "cloud:"))
	}
	slices.Sort(names)
	return names
}

// The method that a refusal names in its details is not always the one that was called.
func TestRefusalsNameAMethod(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ version, method, want string }{
		{"3.0.0", "checkRegisterStatus", "checkRegisterStatus"},
		{"3.0.0", "getWorkspaceRegisterData", "getWorkspaceRegisterData"},
		{"5.4.0", "registerWorkspace", "startRegister"},
		{"6.0.0", "registerWorkspace", "registerWorkspace"},
		{"3.1.0", "syncWorkspace", "updateEmail"},
		{"3.18.0", "syncWorkspace", "syncWorkspace"},
		{"3.1.0", "updateEmail", "updateEmail"},
		{"5.4.0", "connectWorkspace", "connectServer"},
		{"6.0.0", "connectWorkspace", "connectWorkspace"},
		{"3.0.0", "disconnectWorkspace", "connectServer"},
		{"6.4.0", "disconnectWorkspace", "connectServer"},
		{"6.0.0", "reconnectWorkspace", "reconnectWorkspace"},
		{"5.4.0", "getOAuthAuthorizationUrl", "connectServer"},
		{"8.6.1", "getOAuthAuthorizationUrl", "getOAuthAuthorizationUrl"},
		{"5.4.0", "finishOAuthAuthorization", "connectServer"},
		{"6.0.0", "finishOAuthAuthorization", "finishOAuthAuthorization"},
		{"5.4.0", "checkUserLoggedIn", "connectServer"},
		{"6.0.0", "logout", "logout"},
	} {
		t.Run(test.version+" "+test.method, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, test.version)
			b.caller = &server.User{ID: "user"}
			_, err := b.call(test.method, "a", "b")
			wantMeteor(t, err, "error-not-authorized", "cloud:"+test.want)
			b.caller = nil
			_, err = b.call(test.method, "a", "b")
			want := test.want
			if test.method == "finishOAuthAuthorization" {
				want = test.method // it names itself to strangers
			}
			wantMeteor(t, err, "error-invalid-user", "cloud:"+want)
			b.wantCalls()
		})
	}
}

func wantMeteor(t *testing.T, err error, code, method string) {
	t.Helper()
	var meteor *server.MeteorError
	if !errors.As(err, &meteor) || meteor.Code != code || !maps.Equal(meteor.Details, map[string]any{"method": method}) {
		t.Errorf("the error is %#v, want %s of %s", err, code, method)
	}
}

// Parameters are looked at before the caller is.
func TestParametersAreChecked(t *testing.T) {
	t.Parallel()
	for want, params := range map[string][]any{
		"Match error: Expected string, got number":    {5},
		"Match error: Expected string, got null":      {nil},
		"Match error: Expected string, got undefined": {},
		"Match error: Expected string, got object":    {map[string]any{}},
	} {
		for _, version := range []string{"3.0.0", "8.6.1"} {
			b := newBench(t, version)
			b.caller = nil
			if _, err := b.call("connectWorkspace", params...); sentence(err) != want {
				t.Errorf("%s: the error is %v, want %s", version, err, want)
			}
		}
	}
}

// An empty token is sent to the Cloud up to 3.1, and refused later.
func TestEmptyToken(t *testing.T) {
	t.Parallel()
	b := newBench(t, "3.1.0")
	b.cloud.set("/clients", refuse(401, "invalid_token"))
	if got, err := b.call("connectWorkspace", ""); err != nil || got != false {
		t.Errorf("3.1: connect says %v, %v", got, err)
	}
	b.wantCalls(askClients)
	for version, method := range map[string]string{"3.18.0": "cloud:connectServer", "6.0.0": "cloud:connectWorkspace"} {
		_, err := newBench(t, version).call("connectWorkspace", "")
		wantMeteor(t, err, "error-invalid-payload", method)
	}
}

// Whoever may manage the cloud may call, administrator or not.
func TestManagersMayCall(t *testing.T) {
	t.Parallel()
	b := newBench(t, "6.4.0")
	b.caller = &server.User{ID: "manager", Permissions: map[string]bool{"manage-cloud": true}}
	if _, err := b.call("checkRegisterStatus"); err != nil {
		t.Errorf("the error is %v", err)
	}
}
