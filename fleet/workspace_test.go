package fleet_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/workspace"
)

// TestOpenReadsWhatIsThere changes a secret between two clients of one workspace.
func TestOpenReadsWhatIsThere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := fleet.Workspace{Name: "alpha", URL: "http://alpha.example.com/chat", UserID: "u1", PlainHTTP: true}
	for _, token := range []string{"first-token", "second-token"} {
		w.AuthToken.File = keep(t, dir, "token", token+"\r\n", 0o600)
		server := httpmock.NewMockTransport()
		server.RegisterResponder(http.MethodGet, "http://alpha.example.com/chat/api/v1/me", func(request *http.Request) (*http.Response, error) {
			if got := request.Header.Get("X-User-Id") + " " + request.Header.Get("X-Auth-Token"); got != "u1 "+token {
				t.Errorf("called as %q", got)
			}
			return httpmock.NewJsonResponse(http.StatusOK, map[string]any{"success": true})
		})
		client, err := w.Open(workspace.WithRoundTripper(server))
		if err != nil {
			t.Fatal(err)
		}
		if err := client.Get(t.Context(), "me", nil, nil); err != nil || server.GetTotalCallCount() != 1 {
			t.Errorf("%v after %d calls", err, server.GetTotalCallCount())
		}
	}
}

func TestOpenWithPasswordFromVariable(t *testing.T) {
	const password = "correct horse battery staple"
	t.Setenv("RCREG_TEST_PASSWORD", password)
	list, err := fleet.Parse([]byte("workspaces: [{name: a, url: 'https://a.example.com', user: admin, password: {env: RCREG_TEST_PASSWORD}}]"), "")
	if err != nil {
		t.Fatal(err)
	}
	server := httpmock.NewMockTransport()
	server.RegisterResponder(http.MethodPost, "https://a.example.com/api/v1/login", func(request *http.Request) (*http.Response, error) {
		var sent struct{ User, Password string }
		if err := json.NewDecoder(request.Body).Decode(&sent); err != nil || sent.User != "admin" || sent.Password != password {
			t.Errorf("logged in as %s, %v", sent.User, err)
		}
		return httpmock.NewJsonResponse(http.StatusUnauthorized, map[string]any{"status": "error", "error": "Unauthorized", "message": "Unauthorized"})
	})
	client, err := list.Workspaces[0].Open(workspace.WithRoundTripper(server))
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Get(t.Context(), "me", nil, nil); !errors.Is(err, workspace.ErrUnauthorized) {
		t.Errorf("got in: %v", err)
	}
}

func TestOpenFails(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	good := fleet.Reference{File: keep(t, dir, "good", "secret", 0o600)}
	for name, tt := range map[string]struct {
		workspace fleet.Workspace
		want      string
	}{
		"file is gone":     {fleet.Workspace{UserID: "u", AuthToken: fleet.Reference{File: dir + "/away"}}, "away is not there"},
		"file was opened":  {fleet.Workspace{User: "u", Password: fleet.Reference{File: keep(t, dir, "open", "hunter2", 0o640)}}, "chmod 600"},
		"no reference":     {fleet.Workspace{User: "u"}, "name a variable (env) or a file (file)"},
		"nobody":           {fleet.Workspace{AuthToken: good}, "user id"},
		"plain http":       {fleet.Workspace{URL: "http://a.example.com", UserID: "u", AuthToken: good}, "plain http"},
		"unset variable":   {fleet.Workspace{UserID: "u", AuthToken: fleet.Reference{Env: "RCREG_TEST_THAT_IS_NOT_SET"}}, "is not set"},
		"quoted for shell": {fleet.Workspace{UserID: "u", AuthToken: fleet.Reference{File: keep(t, dir, "it's", "hunter2", 0o604)}}, `/it'\''s'`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := tt.workspace
			w.Name = "alpha"
			if w.URL == "" {
				w.URL = "https://a.example.com"
			}
			_, err := w.Open()
			var failure *registration.Error
			if !errors.As(err, &failure) || !errors.Is(err, registration.ErrInvalidInput) || !strings.Contains(err.Error(), tt.want) || failure.Workspace != w.URL {
				t.Errorf("opened: %v", err)
			}
			if err != nil && strings.Contains(err.Error(), "hunter2") {
				t.Errorf("a secret is repeated: %v", err)
			}
		})
	}
}

// TestWorkspaceAsJSON: what is kept of a workspace elsewhere reads as in the list, and comes back as it was.
func TestWorkspaceAsJSON(t *testing.T) {
	t.Parallel()
	list, err := fleet.Load(fleetOfThree(t, "list.json"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(map[string]any{"workspaces": list.Workspaces})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "secret-of") {
		t.Errorf("a secret is kept: %s", text)
	}
	var back struct{ Workspaces []fleet.Workspace }
	if err := json.Unmarshal(text, &back); err != nil || len(back.Workspaces) != 3 {
		t.Fatal(err)
	}
	for i := range back.Workspaces {
		back.Workspaces[i].Line = 0
	}
	text, err = json.Marshal(map[string]any{"workspaces": back.Workspaces})
	if err != nil {
		t.Fatal(err)
	}
	again, err := fleet.Parse(text, "")
	if err != nil || len(again.Workspaces) != 3 || again.Workspaces[1].URL != list.Workspaces[1].URL {
		t.Errorf("read again %v, %v", again, err)
	}
}
