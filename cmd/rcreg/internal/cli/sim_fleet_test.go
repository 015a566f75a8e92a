package cli_test

import (
	"bytes"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/sim"
)

// exampleFleet is what a new user tries; examples/README.md has the command that serves it.
const exampleFleet = "../../../../examples/fleet/fleet.yaml"

// simulateFleet starts rcreg sim with 200 workspaces of mixed versions and returns the folder of their files.
func simulateFleet(t *testing.T) (folder string, info sim.FleetInfo) {
	t.Helper()
	folder = filepath.Join(t.TempDir(), "fleet")
	sim := simulate(t, "--count", "200", "--versions", "mixed", "--fleet", folder, "--output", "json")
	t.Cleanup(func() { sim.end() })
	if err := json.NewDecoder(sim.lines).Decode(&info); err != nil {
		t.Fatal(err)
	}
	return folder, info
}

// The example in the repository is what the simulation writes at its default addresses.
func TestSimWritesTheExampleFleet(t *testing.T) {
	t.Parallel()
	folder, info := simulateFleet(t)
	written, err := os.ReadFile(filepath.Join(folder, "fleet.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	example, err := os.ReadFile(exampleFleet)
	if err != nil {
		t.Fatal(err)
	}
	address, err := url.Parse(info.Workspaces[0].URL)
	if err != nil {
		t.Fatal(err)
	}
	if there := bytes.ReplaceAll(written, []byte(address.Host), []byte("127.0.0.1:3000")); !bytes.Equal(there, example) {
		t.Errorf("%s is not what rcreg sim --count 200 --versions mixed --fleet examples/fleet writes: run it", exampleFleet)
	}
}

// What the simulation writes is what a fleet reads.
func TestSimWritesWhatAFleetReads(t *testing.T) {
	t.Parallel()
	folder, info := simulateFleet(t)
	list, err := fleet.Load(filepath.Join(folder, "fleet.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	pool, err := fleet.OpenTokens(filepath.Join(folder, "tokens.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = pool.Close() }()
	if len(list.Workspaces) != 200 || len(info.Workspaces) != 200 || pool.Left() != 200 {
		t.Fatalf("%d workspaces in the list, %d printed, %d tokens", len(list.Workspaces), len(info.Workspaces), pool.Left())
	}
	some := list.Select(map[string]string{"version": "9.0.0"})
	some.Workspaces = some.Workspaces[:2]
	f, err := fleet.New(some, fleet.WithTokens(pool))
	if err != nil {
		t.Fatal(err)
	}
	for outcome := range f.Run(t.Context(), fleet.Register()) {
		if outcome.Err != nil || !outcome.Changed || outcome.Version != "9.0.0" {
			t.Errorf("%+v", outcome)
		}
	}
	if pool.Left() != 198 {
		t.Errorf("%d tokens left of 200 after two registrations", pool.Left())
	}
}

func TestSimReplacesNoListOfOthers(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path := filepath.Join(folder, "fleet.yaml")
	const theirs = "workspaces: []\n"
	if err := os.WriteFile(path, []byte(theirs), 0o600); err != nil {
		t.Fatal(err)
	}
	b := emptyBench(t, registrationtest.NewClock(testStart))
	got := b.run("sim", "--listen", "127.0.0.1:0", "--cloud-listen", "127.0.0.1:0", "--count", "2", "--fleet", folder)
	if got.exit != 2 || !strings.Contains(got.stderr, path) {
		t.Errorf("exit %d: %s", got.exit, got.stderr)
	}
	if kept, err := os.ReadFile(path); err != nil || string(kept) != theirs {
		t.Errorf("it is %q now: %v", kept, err)
	}
}

func TestSimTellsAboutAFleet(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "fleet")
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"--versions", "5.4,6.5"}, "versions 5.4.0, 6.5.0 in turn"},
		{[]string{"--version", "6.5"}, "versions 6.5.0 in turn"},
		{nil, "versions 3.0.0, 3.1.0, 3.18.0, 4.4.0, 5.4.0, 6.0.0, 6.5.0, 8.7.0, 8.9.0, 9.0.0 in turn"},
		{nil, "pass --fleet DIR"},
		{[]string{"--fleet", folder}, "rcreg fleet register --file " + folder},
		{[]string{"--faults", "0.25", "--seed", "7"}, "--faults 0.25 --seed 7"},
	} {
		t.Run(strings.Join(test.args, " "), func(t *testing.T) {
			t.Parallel()
			sim := simulate(t, append([]string{"--count", "20"}, test.args...)...)
			defer sim.end()
			said := sim.until(t, "Ctrl-C")
			if !strings.Contains(said, test.want) || strings.Count(said, "\n") > 15 {
				t.Errorf("it does not say %q, or says too much: %s", test.want, said)
			}
		})
	}
}

func TestSimRefusesFlagsThatDoNotFit(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ args, want string }{
		{"--count 0", "--count is less than 1"},
		{"--count 1000000", "1 to 999999"},
		{"--versions 5.4", "--count 200"},
		{"--fleet somewhere", "--count 200"},
		{"--count 2 --version 5.4 --versions 6.5", "pass one of them"},
		{"--count 2 --versions 5.4,2.4", "2.4 is before 3.0"},
	} {
		t.Run(test.args, func(t *testing.T) {
			t.Parallel()
			b := emptyBench(t, registrationtest.NewClock(testStart))
			got := b.run(append([]string{"sim", "--listen", "127.0.0.1:0", "--cloud-listen", "127.0.0.1:0"}, strings.Fields(test.args)...)...)
			if got.exit != 2 || !strings.Contains(got.stderr, test.want) {
				t.Errorf("exit %d: %s", got.exit, got.stderr)
			}
		})
	}
}
