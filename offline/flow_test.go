package offline

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rcreg/registration/internal/safedir/stick"
)

func TestRegistrationOverTheGap(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	r := ask(t, g, 1)
	if got := load(t, g.file("requests", r.ID()+".txt")); got != dataOf(1) {
		t.Errorf("the text to paste is %q", got)
	}
	if _, err := g.requester.Answer(r.ID()); !errors.Is(err, ErrNoAnswer) {
		t.Errorf("before the courier: %v", err)
	}
	items := g.run(t, "unique-1 token-1")
	if len(items) != 1 || items[0].Outcome != Answered || items[0].Err != nil || items[0].Workspace.UniqueID != "unique-1" {
		t.Fatalf("the courier reports %+v", items)
	}
	answer, err := g.requester.Answer(r.ID())
	must(t, err)
	if !answer.Sealed() || !answer.Grant().Equal(grantOf(1, firstLicense)) || answer.Request().ID() != r.ID() || !answer.Created().Equal(start()) {
		t.Errorf("the answer is %v", answer)
	}
	must(t, g.requester.Close(r.ID()))
	for name, want := range map[string]int{"requests": 0, "answers": 0, "archive": 3} {
		if files, err := os.ReadDir(g.file(name)); err != nil || len(files) != want {
			t.Errorf("%s holds %v, %v", name, files, err)
		}
	}
	if _, err := g.requester.Answer(r.ID()); !errors.Is(err, ErrUsed) {
		t.Errorf("after closing: %v", err)
	}
	must(t, g.requester.Close(r.ID())) // again: no harm
	noSecret(t, g.folder.Path(), "hunter2", "token-1", "AGE-SECRET-KEY")
	noSecret(t, filepath.Join(g.path, "ledger"), "hunter2", "token-1", firstLicense)
	if _, err := os.Stat(filepath.Join(g.path, "ledger", unfinishedFolder)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a whole grant was written in clear: %v", err)
	}
	if left := stick.Files(t, filepath.Join(g.path, "state")); slices.ContainsFunc(left, func(f string) bool { return !strings.HasPrefix(f, "used/") && !isLock(f) }) {
		t.Errorf("the state folder holds %v", left)
	}
}

func TestLicenseOverTheGap(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	ask(t, g, 1)
	c := g.courier(t, "unique-1 token-1")
	c.KeepGrants = true
	_, err := c.Run(t.Context())
	must(t, err)
	r, err := g.requester.Ask(License, dataOf(1))
	must(t, err)
	report, err := c.Run(t.Context())
	must(t, err)
	if report.Count(Answered) != 1 || report.Count(AnsweredBefore) != 1 {
		t.Fatalf("the courier reports %+v", report)
	}
	answer, err := g.requester.Answer(r.ID())
	must(t, err)
	if !answer.Sealed() || answer.License().Reveal() != newLicense {
		t.Errorf("the answer is %v", answer)
	}
	if got := strings.Count(load(t, ledgerOf(g)), "token_sha256"); got != 2 { // before the registration, and after it
		t.Errorf("the ledger names a token %d times", got)
	}
	must(t, g.requester.Close(r.ID()))
}

// noSecret looks for texts in every file of a folder.
func noSecret(t *testing.T, path string, secrets ...string) {
	t.Helper()
	for _, name := range stick.Files(t, path) {
		text := load(t, filepath.Join(path, name))
		for _, s := range secrets {
			if strings.Contains(text, s) {
				t.Errorf("%s holds %s", name, s)
			}
		}
	}
}
