package settingsapi_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/internal/release"
	"github.com/rcreg/registration/registrationtest/internal/server"
	"github.com/rcreg/registration/registrationtest/internal/settings"
	"github.com/rcreg/registration/registrationtest/internal/settingsapi"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// caller returns a function that calls settings/ID and gives the status and the body, and the settings behind it.
func caller(t *testing.T, version string) (func(verb, id, body string) (int, string), *settings.Store) {
	t.Helper()
	c := registrationtest.NewClock(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	store := settings.New(c, 0, map[string]any{"Register_Server": false, "Cloud_Workspace_Client_Secret": "hush", "Status": ""})
	admin := &server.User{ID: "a", Token: "t", Admin: true}
	srv := server.New(server.Config{Release: release.MustParse(version), Clock: c, Accounts: server.NewAccounts([]*server.User{admin})})
	t.Cleanup(srv.Close)
	settingsapi.New(settingsapi.Config{
		Release: release.MustParse(version), Settings: store,
		Computed: map[string]func() any{"Status": func() any { return "Valid" }},
	}).Register(srv)
	return func(verb, id, body string) (int, string) {
		r := httptest.NewRequestWithContext(t.Context(), verb, "/api/v1/settings/"+id, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("X-User-Id", admin.ID)
		r.Header.Set("X-Auth-Token", admin.Token)
		r.Header.Set("X-2FA-Code", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855") // the SHA-256 of the empty password
		w := httptest.NewRecorder()
		srv.ServeHTTP(w, r)
		return w.Code, w.Body.String()
	}, store
}

func TestRead(t *testing.T) {
	t.Parallel()
	for version, unknown := range map[string]string{
		"3.0.0": `{"success":true}`, "3.18.0": `{"success":true}`, "4.3.0": `{"success":false}`, "8.6.1": `{"success":false}`,
	} {
		call, _ := caller(t, version)
		for id, want := range map[string]string{
			"Register_Server":               `{"_id":"Register_Server","success":true,"value":false}`,
			"Status":                        `{"_id":"Status","success":true,"value":"Valid"}`,
			"No_Such_Setting":               unknown,
			"Cloud_Workspace_Client_Secret": unknown,
		} {
			if _, got := call(http.MethodGet, id, ""); got != want {
				t.Errorf("%s: GET %s gives %s, want %s", version, id, got, want)
			}
		}
	}
}

func TestWrite(t *testing.T) {
	t.Parallel()
	const (
		done   = `{"success":true}`
		failed = `{"success":false}`
		broken = `{"error":"Cannot read property 'type' of undefined","success":false}`
	)
	match := func(sentence string) string { return `{"error":"Match error: ` + sentence + `","success":false}` }
	for _, c := range []struct{ id, body, old, late string }{
		{"Register_Server", `{"value":true}`, done, done},
		{"Register_Server", `{"value":{"a":1}}`, done, done},
		{"Register_Server", `{"value":null}`, done, done},
		{"Register_Server", `{}`, match("Missing key 'value'"), failed},
		{"Register_Server", ``, match("Missing key 'value'"), failed},
		{"Register_Server", `[true]`, match("Expected plain object"), failed},
		{"Register_Server", `{"value":1,"x":1}`, match("Unknown key in field x"), done},
		{"No_Such_Setting", `{"value":1}`, broken, failed},
		{"Cloud_Workspace_Client_Secret", `{"value":1}`, broken, failed},
	} {
		for version, want := range map[string]string{"3.0.0": c.old, "3.1.0": c.old, "4.3.0": c.late, "6.13.0": c.late} {
			call, store := caller(t, version)
			status, got := call(http.MethodPost, c.id, c.body)
			if got != want || (status == http.StatusOK) != (want == done) {
				t.Errorf("%s: POST %s %s gives %d %s, want %s", version, c.id, c.body, status, got, want)
			}
			if store.Stored("Cloud_Workspace_Client_Secret") != "hush" {
				t.Errorf("%s: a hidden setting was written", version)
			}
		}
	}
}

func TestValuesAreStoredAsTheyCome(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]any{`"true"`: "true", `1`: 1.0, `null`: nil, `""`: ""} {
		call, store := caller(t, "3.1.0")
		call(http.MethodPost, "Register_Server", `{"value":`+body+`}`)
		if got := store.Stored("Register_Server"); got != want {
			t.Errorf("%s is stored as %v, want %v", body, got, want)
		}
	}
}
