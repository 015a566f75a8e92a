package workspace_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/workspace"
)

// TestNoEchoReachesAValue: a server that answers with success, and puts what it was given into values that are shown, over every protocol and at any time.
func TestNoEchoReachesAValue(t *testing.T) {
	t.Parallel()
	const registrationToken, password = "registration-token-0123", "correct horse \"battery\""
	escaped := strings.NewReplacer("a", `\u0061`, "-", `\u002d`).Replace(authToken)
	for name, test := range map[string]struct {
		who        workspace.Credentials
		value      string // as JSON
		want, gone string
	}{
		"token":              {workspace.Token("admin-id", authToken), `"` + authToken + `"`, "[redacted]", authToken},
		"token inside":       {workspace.Token("admin-id", authToken), `"id-` + authToken + `!"`, "id-[redacted]!", authToken},
		"token, escaped":     {workspace.Token("admin-id", authToken), `"` + escaped + `"`, "[redacted]", escaped},
		"registration token": {workspace.Token("admin-id", authToken), `"` + registrationToken + `"`, "[redacted]", registrationToken},
		"password":           {workspace.Password("admin", password), `"correct horse \"battery\""`, "[redacted]", "battery"},
		"token of the login": {workspace.Password("admin", password), `"given-by-login-0123"`, "[redacted]", "given-by-login"},
		"short password":     {workspace.Password("admin", "abcd"), `"abcd"`, "[redacted]", "abcd"},
		"of eight letters":   {workspace.Password("admin", "abcdefgh"), `"xabcdefghx"`, "x[redacted]x", "abcdefgh"},
		"inside by chance":   {workspace.Password("admin", "abcd"), `"fabcde01"`, "fabcde01", "[redacted]"},
		"of three letters":   {workspace.Password("admin", "abc"), `"abc"`, "abc", "[redacted]"},
		"nothing of it":      {workspace.Token("admin-id", authToken), `"AzrWT2aJQpwnXCgXK"`, "AzrWT2aJQpwnXCgXK", "[redacted]"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, version := range []string{"6.4.0", "3.0.0"} { // the older one has its methods over DDP
				client := echoing(t, version, test.who, test.value)
				client.Redact(registrationToken)
				client.Redact("correct horse") // a part of the password: it must not leave the rest in sight
				var rest, method struct {
					Value string
					Deep  []map[string]any
					All   json.RawMessage
				}
				if err := client.Get(t.Context(), "x", nil, &rest); err != nil {
					t.Fatal(err)
				}
				if err := client.ReadMethod(t.Context(), "m", &method); err != nil {
					t.Fatal(err)
				}
				for _, got := range []any{rest, method} {
					text, err := json.Marshal(got)
					if err != nil || strings.Contains(string(text), test.gone) || strings.Count(string(text), test.want) != 4 {
						t.Errorf("%s: got %s, %v", version, text, err)
					}
				}
			}
		})
	}
}

// echoing is a client of a workspace that answers everything with the same value, in all places.
func echoing(t *testing.T, version string, who workspace.Credentials, value string) *workspace.Client {
	t.Helper()
	result := `{"value":` + value + `,"deep":[{"it":` + value + `}],"all":{` + value + `:[` + value + `]}}`
	message, err := json.Marshal(`{"msg":"result","id":"1","result":` + result + `}`)
	if err != nil {
		t.Fatal(err)
	}
	server := &ddpServer{version: version}
	server.rest = func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", jsonType)
		text := `{"success":true,` + result[1:]
		switch {
		case strings.HasSuffix(r.URL.Path, "/login"):
			text = `{"status":"success","data":{"userId":"admin-id","authToken":"given-by-login-0123"}}`
		case strings.Contains(r.URL.Path, "/method.call/"):
			text = `{"success":true,"message":` + string(message) + `}`
		}
		_, _ = w.Write([]byte(text))
	}
	server.call = func(frame map[string]any) []string {
		return []string{`{"msg":"result","id":"` + frame["id"].(string) + `","result":` + result + `}`}
	}
	server.Server = httptest.NewServer(server.handler())
	t.Cleanup(server.Close)
	client, err := workspace.New(server.URL+"/chat", who, workspace.WithClock(registrationtest.NewClock(start)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close(context.WithoutCancel(t.Context())) })
	return client
}
