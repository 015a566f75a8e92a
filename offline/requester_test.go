package offline

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rcreg/registration/internal/safedir/stick"
)

func TestAskStands(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	first := ask(t, g, 1)
	other, err := g.requester.Ask(License, dataOf(1))
	must(t, err)
	if other.ID() == first.ID() || other.Kind() != License {
		t.Errorf("the other kind is %v", other)
	}
	if again := ask(t, g, 1); again.ID() != first.ID() || again.Digest() != first.Digest() {
		t.Errorf("asked twice: %v", again)
	}
	if second := ask(t, g, 2); second.ID() == first.ID() {
		t.Errorf("another workspace: %v", second)
	}
	pending, err := g.requester.Pending("unique-1")
	if err != nil || len(pending) != 2 {
		t.Errorf("pending are %v, %v", pending, err)
	}
	if all, err := g.requester.Pending(""); err != nil || len(all) != 3 {
		t.Errorf("of all workspaces pending are %v, %v", all, err)
	}
}

func TestPendingTheOldestFirst(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	want := make([]string, 8)
	for number := range want {
		g.requester.Clock = stopped{start().AddDate(0, 0, number)}
		want[number] = ask(t, g, number).ID()
	}
	pending, err := g.requester.Pending("")
	must(t, err)
	for i, r := range pending {
		if r.ID() != want[i] {
			t.Errorf("%d: %v", i, r)
		}
	}
}

func TestAskWritesAgainWhatIsLost(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	r := ask(t, g, 1)
	want, text := load(t, g.requestFile(r)), g.file("requests", r.ID()+".txt")
	for name, lose := range map[string]func() error{
		"all":      func() error { return os.RemoveAll(g.folder.Path()) },
		"the text": func() error { return os.Remove(text) },
		"an edit":  func() error { return os.WriteFile(g.requestFile(r), []byte("{}"), 0o600) },
	} {
		must(t, lose())
		if name == "all" {
			must(t, os.Mkdir(g.folder.Path(), 0o700))
		}
		ask(t, g, 1)
		if load(t, g.requestFile(r)) != want || load(t, text) != dataOf(1) {
			t.Errorf("after losing %s the request is not as it was", name)
		}
	}
}

func TestAskRefuses(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	for name, tt := range map[string]struct {
		kind Kind
		data string
		want error
	}{
		"no kind":       {"", dataOf(1), ErrMalformed},
		"no data":       {Registration, "", ErrMalformed},
		"a grant":       {Registration, codeOf(1), ErrMalformed},
		"no text":       {Registration, "\xff\xfe", ErrMalformed},
		"in UTF-16":     {Registration, utf16Of(dataOf(1)), ErrMalformed},
		"far too large": {Registration, strings.Repeat("A", maxRegistrationData+1), ErrTooLarge},
	} {
		if r, err := g.requester.Ask(tt.kind, tt.data); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, %v", name, r, err)
		}
	}
	if files := stick.Files(t, g.path); len(files) != 0 {
		t.Errorf("refused requests leave %v", files)
	}
}

func TestWithdraw(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	r := ask(t, g, 1)
	must(t, g.requester.Withdraw(r.ID()))
	if files := slices.DeleteFunc(stick.Files(t, g.path), isLock); len(files) != 0 {
		t.Errorf("what is left: %v", files)
	}
	if err := g.requester.Withdraw(r.ID()); !errors.Is(err, ErrUnknownRequest) {
		t.Errorf("withdrawn twice: %v", err)
	}
	if _, err := g.requester.Answer(r.ID()); !errors.Is(err, ErrUnknownRequest) {
		t.Errorf("an answer to it: %v", err)
	}
	if err := g.requester.Close(r.ID()); !errors.Is(err, ErrUnknownRequest) {
		t.Errorf("closing it: %v", err)
	}
}

func TestCloseNeedsAnAnswer(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	r := ask(t, g, 1)
	if err := g.requester.Close(r.ID()); !errors.Is(err, ErrNoAnswer) {
		t.Errorf("closed without an answer: %v", err)
	}
	if err := g.requester.Close("../x"); !errors.Is(err, ErrInvalidName) {
		t.Errorf("closed an id that is none: %v", err)
	}
}

// TestTheStickIsAway pulls the stick out after the answer was received.
func TestTheStickIsAway(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	r := ask(t, g, 1)
	g.withoutStick(t, func() {
		if _, err := g.requester.Answer(r.ID()); !errors.Is(err, ErrNoAnswer) || !errors.Is(err, ErrFolderMissing) {
			t.Errorf("no stick, no answer: %v", err)
		}
	})
	save(t, g.codeFile(r), codeOf(1))
	_, err := g.requester.Answer(r.ID())
	must(t, err)
	g.withoutStick(t, func() {
		if answer, err := g.requester.Answer(r.ID()); err != nil || answer.Sealed() {
			t.Errorf("received before: %v, %v", answer, err)
		}
		if err := g.requester.Close(r.ID()); !errors.Is(err, ErrFolderMissing) {
			t.Errorf("closed without the stick: %v", err)
		}
		if _, err := g.requester.Answer(r.ID()); !errors.Is(err, ErrUsed) {
			t.Errorf("the workspace is registered already: %v", err)
		}
		if pending, err := g.requester.Pending("unique-1"); err != nil || len(pending) != 0 {
			t.Errorf("pending are %v, %v", pending, err)
		}
	})
	must(t, g.requester.Close(r.ID()))
	if files := stick.Files(t, g.file("archive")); len(files) != 3 {
		t.Errorf("the archive holds %v", files)
	}
	noSecret(t, g.path, "hunter2", "AGE-SECRET-KEY", codeOf(1)[:40])
}

// TestStateIsPrivate opens the state to others, and damages it.
func TestStateIsPrivate(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	r := ask(t, g, 1)
	key := filepath.Join(g.path, "state", "pending", r.ID()+tagOf("unique-1"))
	if info, err := os.Stat(key); err != nil || info.Mode() != 0o600 {
		t.Errorf("the key's file has mode %v, %v", info.Mode(), err)
	}
	must(t, os.Chmod(key, 0o644))
	if _, err := g.requester.Answer(r.ID()); !errors.Is(err, ErrReadableByOthers) {
		t.Errorf("a key that others can read: %v", err)
	}
	must(t, os.Chmod(key, 0o600))
	must(t, os.Chmod(filepath.Join(g.path, "state"), 0o755))
	if _, err := OpenState(filepath.Join(g.path, "state")); !errors.Is(err, ErrReadableByOthers) {
		t.Errorf("a folder that others can read: %v", err)
	}
	must(t, os.Chmod(filepath.Join(g.path, "state"), 0o700))
	other := ask(t, g, 2)
	swapped := load(t, filepath.Join(g.path, "state", "pending", other.ID()+tagOf("unique-2")))
	for name, text := range map[string]string{
		"nothing":       "",
		"no key":        documentOf(string(mustMarshal(t, pendingContent{Request: string(r.Text()), Identity: "AGE-SECRET-KEY-1"}))),
		"no request":    documentOf(string(mustMarshal(t, pendingContent{Request: "{", Identity: ""}))),
		"another's key": documentOf(string(mustMarshal(t, pendingContent{Request: string(r.Text()), Identity: identityIn(t, swapped)}))),
	} {
		must(t, os.WriteFile(key, []byte(text), 0o600))
		_, err := g.requester.Answer(r.ID())
		if err == nil || strings.Contains(err.Error(), "AGE-SECRET-KEY") {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := g.requester.Ask(Registration, dataOf(1)); err == nil {
			t.Errorf("%s: asked although a pending request cannot be read", name)
		}
	}
}

func TestFoldersThatCannotBe(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a", "b")
	_, folderErr := OpenFolder(path)
	_, stateErr := OpenState(path)
	_, ledgerErr := OpenLedger(path)
	for name, err := range map[string]error{"folder": folderErr, "state": stateErr, "ledger": ledgerErr} {
		if !errors.Is(err, fs.ErrNotExist) || errors.Is(err, ErrFolderMissing) { // it never was there
			t.Errorf("%s: %v", name, err)
		}
	}
	file := filepath.Join(t.TempDir(), "file")
	save(t, file, "")
	if _, err := OpenFolder(file); err == nil {
		t.Error("a file is a folder")
	}
}

func identityIn(t *testing.T, text string) string {
	t.Helper()
	p, err := readPending([]byte(text))
	must(t, err)
	return p.identity.String()
}

func mustMarshal(t *testing.T, value any) []byte {
	t.Helper()
	text, err := json.Marshal(value)
	must(t, err)
	return text
}
