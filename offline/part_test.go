package offline

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
)

// kill leaves a file as a writer does that was killed before it gave it its name.
func kill(t *testing.T, path, name, part string, age time.Duration) {
	t.Helper()
	left := filepath.Join(filepath.Dir(filepath.Join(path, name)), ".part-"+part)
	must(t, os.Rename(filepath.Join(path, name), left))
	must(t, os.Chtimes(left, time.Time{}, time.Now().Add(-age)))
}

// TestGrantUnderATemporaryName is used like any other once its owner asks for it, however old it is.
func TestGrantUnderATemporaryName(t *testing.T) {
	t.Parallel()
	identity, err := age.GenerateX25519Identity()
	must(t, err)
	other, err := age.GenerateX25519Identity()
	must(t, err)
	for name, tt := range map[string]struct {
		keep, load []VaultOption
		age        time.Duration
		want       error
	}{
		"new":         {nil, nil, 0, nil},
		"old":         {nil, nil, 9 * writing, nil},
		"sealed":      {[]VaultOption{SealedTo(identity.Recipient())}, []VaultOption{OpenedWith(identity)}, 9 * writing, nil},
		"another key": {[]VaultOption{SealedTo(identity.Recipient())}, []VaultOption{OpenedWith(other)}, 9 * writing, ErrCannotOpen},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "vault")
			v, err := OpenVault(path, tt.keep...)
			must(t, err)
			must(t, v.Keep("unique-1", grantOf(1, firstLicense)))
			kill(t, path, v.file("unique-1"), "LEFT", tt.age)
			v, err = OpenVault(path, tt.load...)
			must(t, err)
			if _, err := v.Load("unique-2"); !errors.Is(err, ErrNothingKept) {
				t.Errorf("another's: %v", err)
			}
			if has, err := v.Has("unique-2"); err != nil || has {
				t.Errorf("has another's: %t, %v", has, err)
			}
			if has, err := v.Has("unique-1"); err != nil || !has {
				t.Errorf("has: %t, %v", has, err)
			}
			grant, err := v.Load("unique-1")
			if !errors.Is(err, tt.want) || err == nil && !grant.Equal(grantOf(1, firstLicense)) {
				t.Errorf("%v, %v", grant, err)
			}
			if _, err := os.Stat(filepath.Join(path, v.file("unique-1"))); err != nil {
				t.Errorf("it has not got its name: %v", err)
			}
			must(t, v.Discard("unique-1"))
			if files := FilesOf(t, path); len(files) != 0 {
				t.Errorf("left are %v", files)
			}
		})
	}
}

// TestPartsOfAVault: what is kept under its name wins, and no grant of another registration is destroyed.
func TestPartsOfAVault(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "vault")
	v, err := OpenVault(path)
	must(t, err)
	leave := func(n int, license, part string, age time.Duration) {
		must(t, v.Keep("unique-1", grantOf(n, license)))
		kill(t, path, v.file("unique-1"), part, age)
	}
	leave(1, firstLicense, "SAME", 2*writing)
	leave(1, "", "SAME-NEW", 0)
	leave(2, "", "OTHER", 2*writing)
	must(t, v.Keep("unique-1", grantOf(1, "")))
	save(t, filepath.Join(path, grantsFolder, ".part-TORN"), `{"format": "rcreg-ex`)
	must(t, os.Chtimes(filepath.Join(path, grantsFolder, ".part-TORN"), time.Time{}, time.Now().Add(-2*writing)))
	newer := strings.Replace(documentOf(`{"owner":"unique-1"}`), `"version":1`, `"version":2`, 1)
	save(t, filepath.Join(path, grantsFolder, ".part-NEWER"), newer)
	must(t, os.Chtimes(filepath.Join(path, grantsFolder, ".part-NEWER"), time.Time{}, time.Now().Add(-2*writing)))

	v, err = OpenVault(path)
	must(t, err)
	expectParts(t, path, "NEWER", "OTHER", "SAME-NEW") // the rest is half written, or kept under its name
	if grant, err := v.Load("unique-1"); err != nil || !grant.Equal(grantOf(1, "")) {
		t.Errorf("loaded %v, %v", grant, err)
	}
	must(t, v.Discard("unique-1"))
	expectParts(t, path, "NEWER", "OTHER")
	if grant, err := v.Load("unique-1"); err != nil || !grant.Equal(grantOf(2, "")) {
		t.Errorf("loaded %v, %v", grant, err)
	}
	must(t, v.Discard("unique-1"))
	if _, err := v.Load("unique-1"); !errors.Is(err, ErrNothingKept) {
		t.Errorf("in the end: %v", err)
	}
}

func expectParts(t *testing.T, path string, want ...string) {
	t.Helper()
	var parts []string
	for _, name := range FilesOf(t, path) {
		if _, part, ok := strings.Cut(filepath.Base(name), ".part-"); ok {
			parts = append(parts, part)
		}
	}
	if strings.Join(parts, " ") != strings.Join(want, " ") {
		t.Errorf("the parts are %v, want %v", parts, want)
	}
}

// TestAnswerUnderATemporaryName is an answer like any other: of a courier that was killed before it gave it its name, and in the state folder.
func TestAnswerUnderATemporaryName(t *testing.T) {
	t.Parallel()
	for _, folder := range []string{"exchange/" + answersFolder, "state/" + receivedFolder} {
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			g := newGap(t)
			r, other := ask(t, g, 1), ask(t, g, 2)
			save(t, filepath.Join(g.path, folder, r.ID()+documentSuffix), answerFor(t, r, codeOf(1)))
			kill(t, g.path, folder+"/"+r.ID()+documentSuffix, "LEFT", 9*writing)
			state, err := OpenState(filepath.Join(g.path, "state"))
			must(t, err)
			g.folder, err = OpenFolder(g.folder.Path())
			must(t, err)
			g.requester = &Requester{Folder: g.folder, State: state, Clock: stopped{start()}}
			if _, err := g.requester.Answer(other.ID()); !errors.Is(err, ErrNoAnswer) {
				t.Errorf("another's: %v", err)
			}
			if folder == "exchange/"+answersFolder {
				if items := g.run(t, "unique-1 token-1"); items[0].Outcome != AnsweredBefore && items[1].Outcome != AnsweredBefore || len(g.cloud.tokens()) != 0 {
					t.Errorf("the courier: %v, spent %v", items, g.cloud.tokens())
				}
			}
			if answer, err := g.requester.Answer(r.ID()); err != nil || !answer.Grant().Equal(grantOf(1, firstLicense)) {
				t.Errorf("%v, %v", answer, err)
			}
			must(t, g.requester.Close(r.ID()))
			expectParts(t, g.path)
		})
	}
}

// TestAnswersThatNobodyAwaits are swept: of a request that is closed, or was withdrawn.
func TestAnswersThatNobodyAwaits(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	r := ask(t, g, 1)
	folders := []string{"exchange/" + answersFolder, "state/" + receivedFolder}
	for _, folder := range folders {
		save(t, filepath.Join(g.path, folder, r.ID()+documentSuffix), answerFor(t, r, codeOf(1)))
		kill(t, g.path, folder+"/"+r.ID()+documentSuffix, "LEFT", 2*writing)
	}
	reopen := func() {
		_, folderErr := OpenFolder(g.folder.Path())
		_, stateErr := OpenState(filepath.Join(g.path, "state"))
		must(t, errors.Join(folderErr, stateErr))
	}
	reopen()
	expectParts(t, g.path, "LEFT", "LEFT")
	must(t, g.requester.Withdraw(r.ID()))
	reopen()
	expectParts(t, g.path)
}

// TestUnfinishedGrantUnderATemporaryName is gone on with: no other token is asked for. Once the answer is kept, nothing is left of it.
func TestUnfinishedGrantUnderATemporaryName(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	r := ask(t, g, 1)
	c := g.courier(t, "unique-1 token-1")
	must(t, c.Ledger.claim(r, c.Tokens.forWorkspace(r.Workspace()), start()))
	must(t, c.Ledger.unfinished.Keep(r.ID(), grantOf(1, "")))
	must(t, c.Ledger.Close())
	file := c.Ledger.unfinished.file(r.ID())
	kill(t, filepath.Join(g.path, "ledger"), file, "LEFT", 9*writing)
	if items := g.run(t, "unique-1 token-1"); items[0].Outcome != Answered || len(g.cloud.tokens()) != 0 {
		t.Errorf("%v, spent %v", items, g.cloud.tokens())
	}
	expectParts(t, g.path)

	c = g.courier(t, "unique-1 token-1")
	must(t, c.Ledger.unfinished.Keep(r.ID(), grantOf(1, "")))
	must(t, c.Ledger.Close())
	kill(t, filepath.Join(g.path, "ledger"), file, "LEFT", 0)
	must(t, g.courier(t, "unique-1 token-1").Ledger.Close())
	expectParts(t, g.path)
}
