package info_test

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/internal/info"
	"github.com/rcreg/registration/registrationtest/internal/release"
	"github.com/rcreg/registration/registrationtest/internal/server"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// get asks a server of a release, as its administrator or as nobody.
func get(t *testing.T, version, path string, admin bool) map[string]any {
	t.Helper()
	user := &server.User{ID: "a", Token: "t", Admin: true}
	srv := server.New(server.Config{
		Release: release.MustParse(version), Accounts: server.NewAccounts([]*server.User{user}),
		Clock: registrationtest.NewClock(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)),
	})
	t.Cleanup(srv.Close)
	info.Register(srv, info.Config{
		Release:           release.MustParse(version),
		SupportedVersions: func(context.Context) string { return "signed list" },
		WorkspaceID:       func() any { return "ws-1" },
		SiteURL:           func() string { return "https://example.com/chat/" },
	})
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	if admin {
		r.Header.Set("X-User-Id", user.ID)
		r.Header.Set("X-Auth-Token", user.Token)
	}
	w := httptest.NewRecorder()
	srv.ServeHTTP(w, r)
	var body map[string]any
	_ = json.Unmarshal(w.Body.Bytes(), &body)
	return body
}

func TestInfo(t *testing.T) {
	t.Parallel()
	const late = "cloudWorkspaceId hashedWorkspaceUrl %minimumClientVersions success supportedVersions version workspaceUrl"
	for _, c := range []struct {
		version string
		admin   bool
		keys    string
		says    any // the version
	}{
		{"3.0.0", false, "success version", "3.0.0"},
		{"3.18.0", false, "success version", "3.18.0"},
		{"4.3.0", false, "success version", "4.3"},
		{"6.5.0-rc.14", false, "minimumClientVersions success supportedVersions version", "6.5"},
		{"6.13.0", false, "cloudWorkspaceId minimumClientVersions success supportedVersions version", "6.13"},
		{"8.6.1", false, strings.Replace(late, "%", "", 1), "8.6"},
		{"9.0.0", false, strings.Replace(late, "%", "", 1), "9.0"},
		{"3.0.0", true, "info success", nil},
		{"6.4.0", true, "info success", nil},
		{"6.5.0-rc.14", true, "info minimumClientVersions success supportedVersions version", "6.5.0-rc.14"},
		{"8.6.1", true, strings.Replace(late, "%", "info ", 1), "8.6.1"},
	} {
		body := get(t, c.version, "/api/info", c.admin)
		keys := slices.Sorted(maps.Keys(body))
		if strings.Join(keys, " ") != c.keys || body["version"] != c.says {
			t.Errorf("%s as admin %v: %v with version %v, want %s with %v", c.version, c.admin, keys, body["version"], c.keys, c.says)
		}
		if inner, ok := body["info"].(map[string]any); ok && inner["version"] != c.version {
			t.Errorf("%s: info.version is %v", c.version, inner["version"])
		}
	}
}

func TestWorkspaceURL(t *testing.T) {
	t.Parallel()
	body := get(t, "8.6.1", "/api/info", false)
	if body["workspaceUrl"] != "example.com/chat" ||
		body["hashedWorkspaceUrl"] != "7d85b692cecb34a57faf4403964d2f46c253e0cbf4e66cc738fbe293000cc833" {
		t.Errorf("workspaceUrl %v, hashed %v", body["workspaceUrl"], body["hashedWorkspaceUrl"])
	}
}

func TestOldInfo(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]bool{"3.0.0": true, "3.18.0": true, "4.3.0": false, "8.6.1": false} {
		body := get(t, version, "/api/v1/info", false)
		if _, got := body["info"]; got != want {
			t.Errorf("%s has /api/v1/info: %v, want %v", version, got, want)
		}
	}
	inner, _ := get(t, "3.0.0", "/api/v1/info", true)["info"].(map[string]any)
	if inner["build"] == nil {
		t.Errorf("an administrator sees %v, want all of it", inner)
	}
}
