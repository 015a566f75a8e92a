package cli_test

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
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
		{"a damaged journal", func(b *fleetBench) { b.write("j", `{"journal":1,"operation":"sync"}`+"\n\x00\n") }, "sync --file LIST --journal DIR/j", 1, "--fresh"},
		{"nothing to begin anew", nil, "status --file LIST --fresh", 2, "--fresh"},
		{"an unknown output", nil, "status --file LIST --output table", 2, "text or json or csv"},
		{"too few tokens", edit("tokens.txt", "\n", "\n#"), "register --file LIST --tokens POOL", 1, "no tokens: "},
		{"not registered", nil, "sync --file LIST", 1, "not registered: w00001, w00002, w00003, w00004, w00005, w00006, w00007, w00008 and 2 more"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newFleetBench(t, 10)
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

// A file that rcreg has not written for this purpose is refused and named before anything is sent, and nothing in the folder changes.
func TestFleetLeavesFilesOfOthersAlone(t *testing.T) {
	t.Parallel()
	link := func(b *fleetBench, name string) { must(b.t, os.Symlink(b.in(name), b.in("link"))) }
	hard := func(b *fleetBench, name string) { must(b.t, os.Link(b.in(name), b.in("link"))) }
	other := func(text string) func(*fleetBench) { return func(b *fleetBench) { b.write("x", text) } }
	const register, sync = "register --file LIST --tokens POOL ", "sync --file LIST "
	for name, c := range map[string]struct {
		prepare func(*fleetBench)
		line    string
		says    string
	}{
		"journal: a token":              {other("PRECIOUS-TOKEN-1"), sync + "--journal DIR/x", "DIR/x"},
		"journal: a token with an end":  {other("PRECIOUS-TOKEN-1\n"), sync + "--journal DIR/x", "DIR/x"},
		"journal: white space":          {other(" \n"), sync + "--journal DIR/x", "DIR/x"},
		"journal: anew over a token":    {other("PRECIOUS-TOKEN-1"), sync + "--fresh --journal DIR/x", "DIR/x"},
		"journal: of one that reads":    {other("PRECIOUS-TOKEN-1"), "status --file LIST --journal DIR/x", "DIR/x"},
		"journal: a list":               {other("workspaces: []\n"), sync + "--journal DIR/x", "DIR/x"},
		"journal: a secret":             {nil, sync + "--journal DIR/secrets/w00001.token", "w00001.token"},
		"journal: the list":             {nil, sync + "--journal LIST", "one file"},
		"journal: the pool":             {nil, register + "--journal POOL", "one file"},
		"journal: an empty pool":        {func(b *fleetBench) { b.write("tokens.txt", "") }, register + "--journal POOL", "one file"},
		"journal: a link to the pool":   {func(b *fleetBench) { link(b, "tokens.txt") }, register + "--journal DIR/link", "one file"},
		"journal: the pool by a link":   {func(b *fleetBench) { hard(b, "tokens.txt") }, register + "--journal DIR/link", "one file"},
		"journal: the pool, roundabout": {nil, register + "--journal DIR/secrets/../tokens.txt", "one file"},
		"journal: the pool's memory":    {nil, register + "--journal POOL.used", "one file"},
		"journal: that memory by sync":  {func(b *fleetBench) { b.write("tokens.txt.used", `{"time":"2026-03-01T12:00:00Z"}`+"\n") }, sync + "--journal POOL.used", "tokens.txt.used"},
		"journal: a folder":             {nil, sync + "--journal DIR", "--journal"},
		"journal: a device":             {nil, sync + "--journal " + os.DevNull, os.DevNull},
		"journal: a link to nothing":    {func(b *fleetBench) { link(b, "nothing") }, sync + "--journal DIR/link", "DIR/link"},
		"journal: the report":           {nil, sync + "--journal DIR/x --report DIR/x", "one file"},
		"beside the list: a token":      {func(b *fleetBench) { b.write("fleet.yaml.sync.journal", "PRECIOUS-TOKEN-1") }, sync, "fleet.yaml.sync.journal"},
		"report: the list":              {nil, sync + "--report LIST", "one file"},
		"report: the list by a link":    {func(b *fleetBench) { link(b, "fleet.yaml") }, sync + "--report DIR/link", "one file"},
		"report: the pool":              {nil, register + "--report POOL", "one file"},
		"report: the pool's memory":     {nil, register + "--report POOL.used", "one file"},
		"report: a secret":              {nil, sync + "--report DIR/secrets/w00001.token", "w00001.token"},
		"report: another page":          {other("<!DOCTYPE html>\n<title>Mine</title>\n"), sync + "--report DIR/x", "DIR/x"},
		"report: another by a link":     {func(b *fleetBench) { b.write("x", "mine"); link(b, "x") }, sync + "--report DIR/link", "DIR/x"},
		"report: a link to nothing":     {func(b *fleetBench) { link(b, "nothing") }, sync + "--report DIR/link", "DIR/link"},
		"report: a device":              {nil, sync + "--report " + os.DevNull, os.DevNull},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newFleetBench(t, 2)
			if c.prepare != nil {
				c.prepare(b)
			}
			before := filesIn(t, b.in("."))
			got := b.line(c.line)
			if says := strings.ReplaceAll(c.says, "DIR", b.in(".")); got.exit != 2 || !strings.Contains(got.stderr, says) || strings.Contains(got.stderr, "PRECIOUS") {
				t.Errorf("exit %d, want 2 and %q: %s", got.exit, says, got.stderr)
			}
			after := filesIn(t, b.in("."))
			for _, made := range []string{"tokens.txt.used"} { // it is empty
				if after[b.in(made)] == "" {
					delete(after, b.in(made))
				}
			}
			if !maps.Equal(before, after) {
				t.Errorf("there is %v, and was %v", after, before)
			}
			if b.sim.Fleet().Made() != 0 {
				t.Error("something was sent")
			}
		})
	}
}

// filesIn returns the texts of all files below a folder, and where its links lead to.
func filesIn(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	must(t, filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		if entry.Type()&fs.ModeSymlink != 0 {
			files[path], err = os.Readlink(path)
			return err
		}
		text, err := os.ReadFile(path)
		files[path] = string(text)
		return err
	}))
	return files
}

// What rcreg has written itself is replaced or gone on with: a report, also where a link leads to it, an empty file, and a journal that is put aside without
// taking the place of another.
func TestFleetWritesOverItsOwn(t *testing.T) {
	t.Parallel()
	b := newFleetBench(t, 2)
	b.write("empty", "")
	must(t, os.Symlink(b.in("r.html"), b.in("link")))
	const line = "status --file LIST --journal DIR/empty --report DIR/"
	for _, report := range []string{"r.html", "r.html", "link", "link"} {
		if got := b.line(line + report); got.exit != 0 || !strings.Contains(b.read("r.html"), "<h1>") {
			t.Errorf("exit %d: %s", got.exit, got.stderr)
		}
	}
	if target, err := os.Readlink(b.in("link")); target != b.in("r.html") || err != nil {
		t.Errorf("the link leads to %s, %v", target, err)
	}
	b.write("empty.old", "mine")
	for range 2 {
		if got := b.line(line + "r.html --fresh"); got.exit != 0 {
			t.Errorf("exit %d: %s", got.exit, got.stderr)
		}
	}
	if b.read("empty.old") != "mine" || !b.exists("empty.old-2") || !b.exists("empty.old-3") {
		t.Error("the journals that were put aside are not there")
	}
}

// A journal and a pool have one user at a time.
func TestFleetLocked(t *testing.T) {
	t.Parallel()
	b := newFleetBench(t, 10)
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
