package settingsapi_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/internal/release"
	"github.com/rcreg/registration/registrationtest/internal/server"
	"github.com/rcreg/registration/registrationtest/internal/settings"
	"github.com/rcreg/registration/registrationtest/internal/settingsapi"
)

// Anybody may read the public settings; before 7.0 nobody can ask for one alone.
func TestPublicSettings(t *testing.T) {
	t.Parallel()
	const (
		list    = `{"count":1,"offset":0,"settings":[{"_id":"uniqueID","enterprise":false,"value":"u"}],"success":true,"total":1}`
		nothing = `{"count":0,"offset":0,"settings":[],"success":true,"total":0}`
	)
	for version, hidden := range map[string]string{"6.13.0": list, "7.0.0": nothing, "9.0.0": nothing} {
		c := registrationtest.NewClock(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
		store := settings.New(c, 0, map[string]any{"uniqueID": "u", "Cloud_Workspace_Client_Secret": "hush"})
		srv := server.New(server.Config{Release: release.MustParse(version), Clock: c})
		t.Cleanup(srv.Close)
		settingsapi.New(settingsapi.Config{Release: release.MustParse(version), Settings: store}).Register(srv)
		for query, want := range map[string]string{
			"": list, "?_id=uniqueID,Cloud_Workspace_Client_Secret": list, "?_id=Cloud_Workspace_Client_Secret": hidden,
		} {
			w := httptest.NewRecorder()
			srv.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/v1/settings.public"+query, http.NoBody))
			if w.Body.String() != want {
				t.Errorf("%s: %q gives %s, want %s", version, query, w.Body, want)
			}
		}
	}
}
