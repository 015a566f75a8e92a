package cli_test

import (
	"strings"
	"testing"

	"github.com/rcreg/registration/fleet"
)

// How commands on a fleet end when something is wrong. With exit code 2 nothing was sent.
func TestFleetExitCodes(t *testing.T) {
	t.Parallel()
	edit := func(name, before, after string) func(*fleetBench) {
		return func(b *fleetBench) { b.edit(name, before, after) }
	}
	for _, c := range []struct {
		name    string
		prepare func(*fleetBench)
		line    string
		exit    int
		says    string
	}{
		{"no list", nil, "status", 2, "--file"},
		{"no such list", nil, "status --file DIR/none.yaml", 2, "no such file"},
		{"a wrong list", edit("fleet.yaml", "name: w00003", "name: w00002"), "status --file LIST", 2, "line 7"},
		{"no secret", edit("fleet.yaml", "name: w00003", "name: w10003"), "status --file LIST", 2, "w10003"},
		{"no pool", nil, "register --file LIST", 2, "--tokens"},
		{"no such pool", nil, "run --file LIST --tokens DIR/none.txt", 2, "is not there"},
		{"a pool with one token twice", func(b *fleetBench) { b.write("tokens.txt", strings.Repeat("token\n", 2)) }, "register --file LIST --tokens POOL", 2, "tokens.txt"},
		{"nothing selected", nil, "status --file LIST --select tier=gold", 2, "no workspace is selected"},
		{"a label without a value", nil, "status --file LIST --select gold", 2, "selects nothing"},
		{"a label twice", nil, "status --file LIST --select version=9.0.0 --select version=3.0.0", 2, "selects nothing"},
		{"no concurrency", nil, "status --file LIST --concurrency 0", 2, "at least 1"},
		{"no rate", nil, "sync --file LIST --cloud-rate 0", 2, "must be positive"},
		{"a report in no folder", nil, "sync --file LIST --report DIR/none/fleet.html", 2, "--report"},
		{"a report that is a folder", nil, "sync --file LIST --report DIR", 2, "is a folder"},
		{"a journal in no folder", nil, "sync --file LIST --journal DIR/none/journal", 2, "--journal"},
		{"a journal of something else", func(b *fleetBench) { b.line("sync --file LIST --journal DIR/j") }, "register --file LIST --tokens POOL --journal DIR/j", 2, "another operation"},
		{"a damaged journal", func(b *fleetBench) { b.write("j", "nonsense\n{}\n") }, "sync --file LIST --journal DIR/j", 1, "--fresh"},
		{"nothing to begin anew", nil, "status --file LIST --fresh", 2, "--fresh"},
		{"an unknown output", nil, "status --file LIST --output table", 2, "text or json or csv"},
		{"too few tokens", edit("tokens.txt", "\n", "\n#"), "register --file LIST --tokens POOL", 1, "no tokens: "},
		{"not registered", nil, "sync --file LIST", 1, "not registered: w00001, w00002, w00003, w00004, w00005, w00006, w00007, w00008 and 1 more"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newFleetBench(t, 9)
			if c.prepare != nil {
				c.prepare(b)
			}
			before := b.sim.Fleet().Made()
			got := b.line(c.line)
			if got.exit != c.exit || !strings.Contains(got.stdout+got.stderr, c.says) {
				t.Errorf("exit %d, want %d and %q\n%s%s", got.exit, c.exit, c.says, got.stdout, got.stderr)
			}
			if c.exit == 2 && b.sim.Fleet().Made() != before {
				t.Error("something was sent")
			}
		})
	}
}

// A journal and a pool have one user at a time.
func TestFleetLocked(t *testing.T) {
	t.Parallel()
	b := newFleetBench(t, 9)
	journal, err := fleet.OpenJournal(b.in("j"), "sync")
	if err != nil {
		t.Fatal(err)
	}
	defer journal.Close()
	pool, err := fleet.OpenTokens(b.in("tokens.txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	for line, kind := range map[string]string{
		"sync --file LIST --journal DIR/j": "journal_locked", "sync --file LIST --journal DIR/j --fresh": "journal_locked",
		"register --file LIST --tokens POOL": "tokens_locked",
	} {
		if got := b.line(line + " --output json"); got.exit != 1 || got.fleet(t).Error.Kind != kind {
			t.Errorf("exit %d, want %s: %s", got.exit, kind, got.stdout)
		}
	}
}
