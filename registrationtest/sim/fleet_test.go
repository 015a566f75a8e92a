package sim

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rcreg/registration/registrationtest/internal/calltest"
)

// startSimFleet starts a simulated fleet that ends with the test.
func startSimFleet(t *testing.T, config Config) *Server {
	t.Helper()
	server, err := Start(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	return server
}

// asAdmin calls a workspace of a simulated fleet as its administrator.
func asAdmin(t *testing.T, member Member, method, path, body string) calltest.Reply {
	t.Helper()
	return calltest.Call(t, method, member.URL+path, body, calltest.Headers(member.UserID, member.AuthToken))
}

func TestServerOfAFleetIsControlled(t *testing.T) {
	t.Parallel()
	server := startSimFleet(t, Config{Count: 20, Versions: []string{"5.4", "8.7"}})
	info := server.FleetInfo()
	second := info.Workspaces[1]
	connect := asAdmin(t, second, "POST", "/api/v1/cloud.connectWorkspace", `{"token":"`+info.RegistrationTokens[0]+`"}`)
	if connect.Status != 200 {
		t.Fatalf("connect: %d %s", connect.Status, connect.Text)
	}

	state := control(t, server, "GET", "state", "")
	if _, one := state.Body["settings"]; one || !strings.Contains(state.Text, `"fleet":{"count":20,"made":1,"too_many":0}`) {
		t.Errorf("state: %s", state.Text)
	}
	one := control(t, server, "GET", "state?workspace=w00002", "")
	if one.Body["version"] != "8.7.0" || one.Body["workspace_url"] != second.URL {
		t.Errorf("state of w00002: %s", one.Text)
	}
	if got := control(t, server, "GET", "state?workspace=w00021", ""); got.Status != 404 || !strings.Contains(got.Text, "w00001 to w00020") {
		t.Errorf("state of w00021: %d %s", got.Status, got.Text)
	}
	if history := control(t, server, "GET", "history", ""); !strings.Contains(history.Text, "/w/w00002/api/v1/cloud.connectWorkspace") {
		t.Errorf("history: %s", history.Text)
	}

	known := server.Cloud().Workspaces()
	if len(known) != 1 {
		t.Fatalf("the Cloud knows %d workspaces", len(known))
	}
	if got := control(t, server, "POST", "workspaces/"+known[0].ID+"/remove", ""); got.Status != 200 || !server.Cloud().Workspaces()[0].Removed {
		t.Errorf("remove: %d %s", got.Status, got.Text)
	}
}

func TestServerOfAFleetRestartsOne(t *testing.T) {
	t.Parallel()
	server := startSimFleet(t, Config{Count: 2, Versions: []string{"5.4"}})
	const restart = `{"side":"workspace","kind":"restart","version":"9.0","times":1`
	if got := control(t, server, "POST", "faults", restart+`}`); got.Status != 400 || !strings.Contains(got.Text, "w00001") {
		t.Errorf("without a name: %d %s", got.Status, got.Text)
	}
	if got := control(t, server, "POST", "faults", restart+`,"workspace":"w00002"}`); got.Status != 200 {
		t.Fatalf("%d %s", got.Status, got.Text)
	}
	asAdmin(t, server.FleetInfo().Workspaces[0], "GET", "/api/info", "")
	if one, two := server.Fleet().Workspace(0).Version(), server.Fleet().Workspace(1).Version(); one != "5.4.0" || two != "9.0.0" {
		t.Errorf("they are %s and %s", one, two)
	}
}

func TestServerOfAFleetBeginsAnew(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	server := startSimFleet(t, Config{Count: 4, Versions: []string{"9.0"}, FleetDir: dir})
	pool := filepath.Join(dir, "tokens.txt")
	before, err := os.ReadFile(pool)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(pool+".used", []byte(`{"time":"2026-03-01T12:00:00Z"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	member := server.FleetInfo().Workspaces[3]
	asAdmin(t, member, "POST", "/api/v1/cloud.connectWorkspace", `{"token":"`+server.FleetInfo().RegistrationTokens[3]+`"}`)

	reset := control(t, server, "POST", "reset", "")
	if tokens, _ := reset.Body["registration_tokens"].([]any); len(tokens) != 4 || len(server.Cloud().Workspaces()) != 0 {
		t.Errorf("%d tokens, %d workspaces: %s", len(tokens), len(server.Cloud().Workspaces()), reset.Text)
	}
	status := asAdmin(t, member, "GET", "/api/v1/cloud.registrationStatus", "")
	if status.Status != 200 || !strings.Contains(status.Text, `"workspaceRegistered":false`) {
		t.Errorf("after the reset: %s", status.Text)
	}
	after, err := os.ReadFile(pool)
	if err != nil || string(after) == string(before) || !strings.Contains(string(after), "\n"+server.FleetInfo().RegistrationTokens[0]+"\n") {
		t.Errorf("the pool of tokens is not the new one: %v", err)
	}
	if _, err := os.Stat(pool + ".used"); !os.IsNotExist(err) {
		t.Errorf("what became of the old tokens is still there: %v", err)
	}
}

// TestServerReplacesNothingOfOthers: one file in the folder that no simulation wrote, and none is written. It runs again over its own.
func TestServerReplacesNothingOfOthers(t *testing.T) {
	t.Parallel()
	config := Config{Count: 3, Versions: []string{"9.0"}}
	for name, theirs := range map[string]map[string]string{
		"nothing":             nil,
		"empty files":         {"fleet.yaml": "", "tokens.txt": "", "secrets/w00001.token": ""},
		"a list":              {"fleet.yaml": "workspaces: []\n"},
		"tokens":              {"tokens.txt": "REAL-TOKEN-1\n"},
		"one token":           {"tokens.txt": "R"},
		"a memory":            {"tokens.txt.used": `{"time":"2026-03-01T12:00:00Z"}` + "\n"},
		"of an empty pool":    {"tokens.txt": "", "tokens.txt.used": `{"time":"2026-03-01T12:00:00Z"}` + "\n"},
		"another memory":      {"tokens.txt": poolMark + ".\n", "tokens.txt.used": "theirs\n"},
		"tokens and a memory": {"tokens.txt": "REAL-TOKEN-1\n", "tokens.txt.used": `{"time":"2026-03-01T12:00:00Z"}` + "\n"},
		"a secret":            {"secrets/w00001.token": "REAL-SECRET"},
		"the last secret":     {"secrets/w00003.token": "simulated"},
		"a folder":            {"tokens.txt/in": "it"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := config
			config.FleetDir = t.TempDir()
			ours := true
			for file, text := range theirs {
				ours = ours && text == ""
				path := filepath.Join(config.FleetDir, file)
				if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
					t.Fatal(err)
				}
			}
			if ours {
				startSimFleet(t, config).Close()
				startSimFleet(t, config)
				return
			}
			before := filesIn(t, config.FleetDir)
			if server, err := Start(config); !errors.Is(err, ErrForeignList) {
				t.Errorf("%v, %v", server, err)
			}
			if after := filesIn(t, config.FleetDir); !maps.Equal(after, before) {
				t.Errorf("there is %v, and was %v", after, before)
			}
		})
	}
}

// filesIn returns the texts of all files below a folder.
func filesIn(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		files[path] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
