package fleet_test

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/rcreg/registration/fleet"
)

// A list reads the same where its secrets are and where they are not.
func TestLoadUnresolved(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"list.yaml", "list.json"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := fleetOfThree(t, name)
			want, err := fleet.Load(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.RemoveAll(filepath.Join(filepath.Dir(path), "secrets")); err != nil {
				t.Fatal(err)
			}
			if _, err := fleet.Load(path); err == nil {
				t.Error("Load misses no secret")
			}
			if got, err := fleet.LoadUnresolved(path); err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v, %v; want %+v", got, err, want)
			}
		})
	}
}

// All that can be wrong without secrets is told of, with its line.
func TestLoadUnresolvedFails(t *testing.T) {
	t.Parallel()
	path := keep(t, t.TempDir(), "fleet.yaml", `defaults: {user_id: rcreg, auth_token: {file: 'secrets/{name}'}}
workspaces:
  - {name: alpha, url: https://alpha.example.com}
  - {name: alpha, url: https://beta.example.com}
  - {name: gamma, url: https://gamma.example.com, auth_token: {env: "no variable"}}
`, 0o644)
	_, err := fleet.LoadUnresolved(path)
	var invalid *fleet.ListError
	if !errors.As(err, &invalid) || invalid.Path != path {
		t.Fatalf("got %v", err)
	}
	lines := make([]int, 0, len(invalid.Problems))
	for _, problem := range invalid.Problems {
		lines = append(lines, problem.Line)
	}
	if !slices.Equal(lines, []int{4, 5}) {
		t.Errorf("problems on lines %v: %v", lines, err)
	}
}
