package sim

import (
	"net/http"
	"strings"
	"testing"

	"github.com/rcreg/registration/registrationtest/internal/calltest"
)

const countdown = "Cloud_Workspace_AirGapped_Restrictions_Remaining_Days"

// publicSetting is what anybody is told of a setting; nil where the workspace does not tell it.
func publicSetting(t *testing.T, server *Server, id string) any {
	t.Helper()
	reply := calltest.Call(t, http.MethodGet, server.Info().WorkspaceURL+"/api/v1/settings.public?count=0&_id="+id, "", nil)
	for _, setting := range reply.Body["settings"].([]any) {
		if s := setting.(map[string]any); s["_id"] == id {
			return s["value"]
		}
	}
	return nil
}

func TestReadOnlyIn(t *testing.T) {
	t.Parallel()
	days := 3
	for name, tc := range map[string]struct {
		version, license string
		want             any
	}{
		"from 7.0":        {"7.0", "", 3.0},
		"of today":        {"9.0", "", 3.0},
		"below 7.0":       {"6.13", "", nil},
		"with a license":  {"8.6", "valid", -1.0},
		"with a void one": {"8.6", "elsewhere", 3.0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, err := Start(Config{Version: tc.version, License: tc.license, ReadOnlyIn: &days})
			if err != nil {
				t.Fatal(err)
			}
			defer server.Close()
			if got := publicSetting(t, server, countdown); got != tc.want {
				t.Errorf("it shows %v, want %v", got, tc.want)
			}
			if err := server.Reset(); err != nil {
				t.Fatal(err)
			}
			if got := publicSetting(t, server, countdown); got != tc.want {
				t.Errorf("after a reset it shows %v, want %v", got, tc.want)
			}
		})
	}
	for _, wrong := range []int{-1, 11} {
		if _, err := Start(Config{Version: "9.0", ReadOnlyIn: &wrong}); err == nil || !strings.Contains(err.Error(), "0 to 10 days") {
			t.Errorf("%d days: %v", wrong, err)
		}
	}
}

func TestServerWritesSettings(t *testing.T) {
	t.Parallel()
	server := startSim(t, "8.6")
	reply := control(t, server, http.MethodPost, "settings", `{"`+countdown+`":0,"Deployment_FingerPrint_Verified":false}`)
	if shown := reply.Body["settings"].(map[string]any); reply.Status != http.StatusOK || shown[countdown] != 0.0 || shown["Deployment_FingerPrint_Verified"] != false {
		t.Errorf("%d, %v", reply.Status, shown)
	}
	if got := publicSetting(t, server, countdown); got != 0.0 {
		t.Errorf("it shows %v", got)
	}
	for name, tc := range map[string]struct {
		path, body string
		status     int
		says       string
	}{
		"an unknown one":   {"settings", `{"` + countdown + `":5,"Layout_Home":"x"}`, http.StatusNotFound, "no setting \"Layout_Home\""},
		"no object":        {"settings", `[3]`, http.StatusBadRequest, "no JSON object"},
		"of a fleet":       {"settings?workspace=w00001", `{}`, http.StatusNotFound, "one workspace"},
		"without the body": {"settings", ``, http.StatusBadRequest, "no JSON object"},
	} {
		reply := control(t, server, http.MethodPost, tc.path, tc.body)
		if said, _ := reply.Body["error"].(string); reply.Status != tc.status || !strings.Contains(said, tc.says) {
			t.Errorf("%s: %d, %v", name, reply.Status, reply.Body)
		}
	}
	if got := publicSetting(t, server, countdown); got != 0.0 {
		t.Errorf("what was refused was written: %v", got)
	}
}

func TestServerOfAFleetWritesSettingsOfOne(t *testing.T) {
	t.Parallel()
	server, err := Start(Config{Count: 2, Versions: []string{"8.6"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	if reply := control(t, server, http.MethodPost, "settings", `{}`); reply.Status != http.StatusNotFound || !strings.Contains(reply.Body["error"].(string), "?workspace=w00001") {
		t.Errorf("without a name: %d, %v", reply.Status, reply.Body)
	}
	if reply := control(t, server, http.MethodPost, "settings?workspace=w00002", `{"`+countdown+`":3}`); reply.Status != http.StatusOK {
		t.Errorf("%d, %v", reply.Status, reply.Body)
	}
	if one, two := server.Fleet().Workspace(0).Setting(countdown), server.Fleet().Workspace(1).Setting(countdown); one != 10.0 || two != 3.0 {
		t.Errorf("they show %v and %v", one, two)
	}
}
