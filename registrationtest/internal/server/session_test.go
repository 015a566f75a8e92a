package server_test

import (
	"net/http"
	"testing"

	"github.com/rcreg/registration/registrationtest/internal/server"
)

func TestLoginAndLogout(t *testing.T) {
	t.Parallel()
	for version, saysBye := range map[string]bool{"3.0.0": true, "6.13.0": true, "7.5.0": true, "7.6.0": false, "8.6.1": false, "9.0.0": false} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, version)
			a := b.do("", http.MethodPost, "/api/v1/login", `{"user":"admin@example.test","password":"a-pass"}`)
			data, _ := a.body["data"].(map[string]any)
			token, _ := data["authToken"].(string)
			if success, told := a.body["success"]; told == saysBye || told && success != true {
				t.Errorf("success is %v", success)
			}
			if a.status != http.StatusOK || a.body["status"] != "success" || data["userId"] != "admin-id" || token == "" {
				t.Fatalf("login gives %d %s", a.status, a.text)
			}
			byObject := `{"user":{"email":"admin@example.test"},"password":"a-pass"}`
			if a := b.do("", http.MethodPost, "/api/v1/login", byObject); a.status != http.StatusOK {
				t.Errorf("a login with an object for the user gives %d %s", a.status, a.text)
			}
			mine := []string{"X-User-Id", "admin-id", "X-Auth-Token", token}
			if a := b.do("", http.MethodGet, "/api/v1/cloud.status", "", mine...); a.status != http.StatusOK {
				t.Errorf("the fresh token gives %d, want 200", a.status)
			}
			if a := b.do("", http.MethodGet, "/api/v1/me", "", mine...); a.body["_id"] != "admin-id" || a.body["success"] != true {
				t.Errorf("me is %s", a.text)
			}
			if a := b.do("", http.MethodPost, "/api/v1/logout", "", mine...); a.status != http.StatusOK || (a.body["status"] == "success") != saysBye || (a.text == "") == saysBye {
				t.Errorf("logout gives %d %s", a.status, a.text)
			}
			if a := b.do("", http.MethodGet, "/api/v1/cloud.status", "", mine...); a.status != http.StatusUnauthorized {
				t.Errorf("after the logout the token gives %d, want 401", a.status)
			}
			if a := b.do("", http.MethodPost, "/api/v1/logout", ""); a.status != http.StatusUnauthorized {
				t.Errorf("logout as nobody gives %d, want 401", a.status)
			}
		})
	}
}

func TestLoginFailures(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]struct{ wrong, code string }{
		"3.0.0":  {"status error message", "status error message details"},
		"6.13.0": {"status error message", "status error message details"},
		"8.6.1":  {"success status error message", "success status error message details"},
		"9.0.0":  {"success error", "success error"}, // not even that a second factor is asked for
	} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, version)
			b.accounts.SetTwoFactor("mgr-id", server.TwoFactor{Method: "totp", Code: "123456"})
			for _, c := range []struct {
				body, keys string
				code       any
			}{
				{`{"user":"admin","password":"wrong"}`, want.wrong, nil},
				{`{"user":"nobody","password":"x"}`, want.wrong, nil},
				{`{}`, want.wrong, nil},
				{`{"resume":"nope"}`, want.wrong, nil},
				{`{"user":5,"password":[1]}`, want.wrong, nil},
				{`{"user":"mgr","password":"m-pass"}`, want.code, "totp-required"},
				{`{"user":"mgr","password":"m-pass","code":"000000"}`, want.code, "totp-invalid"},
			} {
				a := b.do("", http.MethodPost, "/api/v1/login", c.body)
				if a.status != http.StatusUnauthorized || a.keys() != c.keys || (c.code != nil && version != "9.0.0" && a.body["error"] != c.code) {
					t.Errorf("%s gives %d %s, want 401 with %q", c.body, a.status, a.text, c.keys)
				}
			}
		})
	}
}

func TestLoginWithACode(t *testing.T) {
	t.Parallel()
	b := newBench(t, "6.13.0")
	b.accounts.SetTwoFactor("mgr-id", server.TwoFactor{Method: "totp", Code: "123456"})
	for _, c := range []struct {
		body   string
		header []string
	}{
		{`{"username":"mgr","password":"m-pass","code":"123456"}`, nil},
		{`{"user":"mgr","password":"m-pass"}`, []string{"X-2FA-Code", "123456"}},
		{`{"user":"mgr","password":{"digest":"` + digest("m-pass") + `","algorithm":"sha-256"},"code":"123456"}`, nil},
		{`{"resume":"mgr-token"}`, nil},
	} {
		if a := b.do("", http.MethodPost, "/api/v1/login", c.body, c.header...); a.status != http.StatusOK {
			t.Errorf("%s gives %d %s, want 200", c.body, a.status, a.text)
		}
	}
}

func TestLoginIsLimited(t *testing.T) {
	t.Parallel()
	b := newBench(t, "6.13.0")
	for range 10 {
		b.do("", http.MethodPost, "/api/v1/login", `{"user":"admin","password":"wrong"}`)
	}
	a := b.do("", http.MethodPost, "/api/v1/login", `{"user":"admin","password":"a-pass"}`)
	if a.status != http.StatusTooManyRequests || a.header.Get("X-RateLimit-Remaining") != "0" {
		t.Errorf("the 11th login gives %d %s, want 429", a.status, a.text)
	}
}
