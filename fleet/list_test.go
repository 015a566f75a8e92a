package fleet_test

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/rcreg/registration/fleet"
)

// keep writes a file with secrets below a folder, and returns its path.
func keep(tb testing.TB, dir, name, text string, mode fs.FileMode) string {
	tb.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		tb.Fatal(err)
	}
	return path
}

// fleetOfThree is a folder with a list of testdata and what it refers to.
func fleetOfThree(tb testing.TB, list string) (path string) {
	tb.Helper()
	dir := tb.TempDir()
	for _, name := range []string{"alpha.token", "beta.password", "3.token"} {
		keep(tb, dir, "secrets/"+name, "secret-of-"+name+"\n", 0o600)
	}
	text, err := os.ReadFile(filepath.Join("testdata", list))
	if err != nil {
		tb.Fatal(err)
	}
	return keep(tb, dir, list, string(text), 0o644)
}

func TestLoad(t *testing.T) {
	t.Parallel()
	for name, lines := range map[string][]int{"list.yaml": {8, 11, 18}, "list.json": {4, 5, 6}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := fleetOfThree(t, name)
			secrets := filepath.Join(filepath.Dir(path), "secrets")
			list, err := fleet.Load(path)
			if err != nil {
				t.Fatal(err)
			}
			want := []fleet.Workspace{
				{
					Name: "alpha", URL: "https://alpha.example.com", UserID: "rcreg", AuthToken: fleet.Reference{File: filepath.Join(secrets, "alpha.token")},
					Via: fleet.ViaRelay, Labels: map[string]string{"region": "eu", "tier": "gold"}, Line: lines[0],
				},
				{
					Name: "beta", URL: "https://beta.example.com:8443/chat", User: "admin", Password: fleet.Reference{File: filepath.Join(secrets, "beta.password")},
					Via: fleet.ViaDirect, Labels: map[string]string{"region": "us", "tier": "gold"}, Line: lines[1],
				},
				{
					Name: "3", URL: "http://gamma.example.com", UserID: "u3", AuthToken: fleet.Reference{File: filepath.Join(secrets, "3.token")},
					Via: fleet.ViaRelay, PlainHTTP: true, Labels: map[string]string{"region": "eu"}, Line: lines[2],
				},
			}
			if !reflect.DeepEqual(list.Workspaces, want) {
				t.Errorf("read %+v", list.Workspaces)
			}
		})
	}
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	keep(t, dir, "shared", "secret", 0o600)
	keep(t, dir, "own", "secret", 0o600)
	const defaults = "defaults: {url: 'https://{name}.example.com', user_id: 'id-{name}', auth_token: {file: shared}, plain_http: true}\nworkspaces:\n- name: alpha\n"
	file := func(name string) fleet.Reference { return fleet.Reference{File: filepath.Join(dir, name)} }
	for name, tt := range map[string]struct {
		own  string
		want fleet.Workspace
	}{
		"all":        {"", fleet.Workspace{URL: "https://alpha.example.com", UserID: "id-alpha", AuthToken: file("shared"), PlainHTTP: true}},
		"own user":   {"  user_id: u", fleet.Workspace{URL: "https://alpha.example.com", UserID: "u", AuthToken: file("shared"), PlainHTTP: true}},
		"own token":  {"  auth_token: {file: own}", fleet.Workspace{URL: "https://alpha.example.com", UserID: "id-alpha", AuthToken: file("own"), PlainHTTP: true}},
		"other pair": {"  user: u\n  password: {file: own}", fleet.Workspace{URL: "https://alpha.example.com", User: "u", Password: file("own"), PlainHTTP: true}},
		"own words":  {"  plain_http: false\n  url: https://x.example.com", fleet.Workspace{URL: "https://x.example.com", UserID: "id-alpha", AuthToken: file("shared")}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			list, err := fleet.Parse([]byte(defaults+tt.own), dir)
			if err != nil {
				t.Fatal(err)
			}
			tt.want.Name, tt.want.Via, tt.want.Line = "alpha", fleet.ViaDirect, 3
			if !reflect.DeepEqual(list.Workspaces, []fleet.Workspace{tt.want}) {
				t.Errorf("read %+v", list.Workspaces)
			}
		})
	}
}

func TestSelect(t *testing.T) {
	t.Parallel()
	list, err := fleet.Load(fleetOfThree(t, "list.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for want, labels := range map[string]map[string]string{
		"alpha beta 3": nil,
		"alpha 3":      {"region": "eu"},
		"alpha":        {"region": "eu", "tier": "gold"},
		"":             {"region": "eu", "tier": ""},
	} {
		selected := list.Select(labels).Workspaces
		names := make([]string, len(selected))
		for i, w := range selected {
			names[i] = w.Name
		}
		if got := strings.Join(names, " "); got != want {
			t.Errorf("%v selects %q, not %q", slices.Sorted(maps.Keys(labels)), got, want)
		}
	}
	if len(list.Workspaces) != 3 {
		t.Error("selecting has changed the list itself")
	}
}

func TestLoadFails(t *testing.T) {
	t.Parallel()
	path := keep(t, t.TempDir(), "fleet.yaml", "workspaces: []", 0o644)
	if _, err := fleet.Load(path); err == nil || !strings.Contains(err.Error(), path+" is not valid") {
		t.Errorf("an empty list: %v", err)
	}
	if _, err := fleet.Load(filepath.Join(t.TempDir(), "away.yaml")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a list that is not there: %v", err)
	}
}
