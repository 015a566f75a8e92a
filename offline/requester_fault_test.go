package offline

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/rcreg/registration/internal/safedir"
	"github.com/rcreg/registration/internal/safedir/stick"
)

// TestCloseIsInterrupted stops closing at each act of the stick, and closes again.
func TestCloseIsInterrupted(t *testing.T) {
	t.Parallel()
	for name, once := range map[string]bool{"full": true, "pulled out": false} {
		t.Run(name, func(t *testing.T) { t.Parallel(); archiveWithFaults(t, once) })
	}
}

func archiveWithFaults(t *testing.T, once bool) {
	t.Helper()
	stick.EachAct(t, func(at int64) bool {
		g := newGap(t)
		r := g.received(t)
		s := &stick.Stick{Path: g.folder.Path(), FailAt: at, Err: syscall.EIO, Once: once}
		interrupted := *g.requester
		interrupted.Folder = &Folder{path: g.folder.Path(), dir: safedir.On(s.Open)}
		err := interrupted.Close(r.ID())
		if err == nil {
			if files := stick.Files(t, g.file("archive")); at < 10 || len(files) != 3 {
				t.Errorf("closing takes %d acts, and archives %v", at-1, files)
			}
			return true
		}
		if !errors.Is(err, syscall.EIO) {
			t.Fatalf("act %d: %v", at, err)
		}
		must(t, g.requester.Close(r.ID()))
		if files := stick.Files(t, g.file("requests")); len(files) != 0 {
			t.Errorf("act %d leaves %v", at, files)
		}
		if _, err := parseAnswer([]byte(load(t, g.file("archive", r.ID()+".answer.json")))); err != nil {
			t.Errorf("act %d: the archived answer: %v", at, err)
		}
		return false
	})
}

// TestAskIsInterrupted stops asking at each act of the stick: no courier ever sees a part of a request, and the next try asks the same.
func TestAskIsInterrupted(t *testing.T) {
	t.Parallel()
	stick.EachAct(t, func(at int64) bool {
		g := newGap(t)
		s := &stick.Stick{Path: g.folder.Path(), FailAt: at, Err: syscall.ENOSPC, Once: true}
		interrupted := *g.requester
		interrupted.Folder = &Folder{path: g.folder.Path(), dir: safedir.On(s.Open)}
		r, err := interrupted.Ask(Registration, dataOf(1))
		if err == nil {
			if load(t, g.file(requestsFolder, r.ID()+textSuffix)) != dataOf(1) {
				t.Error("the text is another one")
			}
			return true
		}
		if !errors.Is(err, syscall.ENOSPC) || r.ID() == "" {
			t.Fatalf("act %d: %v, %v", at, r, err)
		}
		for _, item := range g.run(t, "") {
			if !errors.Is(item.Err, ErrNoToken) {
				t.Errorf("act %d: the courier sees %v", at, item.Err)
			}
		}
		if again := ask(t, g, 1); again.ID() != r.ID() {
			t.Errorf("act %d: asked anew: %v", at, again)
		}
		return false
	})
}

// TestStateFails lets each act in the state folder fail: no request goes out without its key, and no answer is handed over that is not kept.
func TestStateFails(t *testing.T) {
	t.Parallel()
	statePath := func(g *gap) string { return filepath.Join(g.path, "state") }
	failing := func(g *gap, at int64) *Requester {
		s := &stick.Stick{Path: statePath(g), FailAt: at, Err: syscall.ENOSPC}
		return &Requester{Folder: g.folder, State: &State{dir: safedir.On(s.Open)}, Clock: g.requester.Clock}
	}
	stick.EachAct(t, func(at int64) bool {
		g := newGap(t)
		if r, err := failing(g, at).Ask(Registration, dataOf(1)); err == nil {
			if pending, err := g.requester.Pending(""); err != nil || len(pending) != 1 || pending[0].ID() != r.ID() {
				t.Errorf("asked, but pending are %v, %v", pending, err)
			}
			return true
		}
		if files := stick.Files(t, g.folder.Path()); len(files) != 0 {
			t.Errorf("act %d: without a key there is %v", at, files)
		}
		return false
	})
	stick.EachAct(t, func(at int64) bool {
		g := newGap(t)
		r := ask(t, g, 1)
		save(t, g.codeFile(r), codeOf(1))
		if _, err := failing(g, at).Answer(r.ID()); err == nil {
			must(t, os.Remove(g.codeFile(r)))
			_, err := g.requester.Answer(r.ID())
			must(t, err) // it is kept
			return true
		}
		if load(t, g.codeFile(r)) != codeOf(1) {
			t.Errorf("act %d: the code is gone", at)
		}
		return false
	})
}

// TestShortReads cuts every file: none is ever taken for whole.
func TestShortReads(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	r := ask(t, g, 1)
	save(t, g.codeFile(r), codeOf(1))
	s := &stick.Stick{Path: g.folder.Path(), ShortReads: true}
	short := &Requester{Folder: &Folder{dir: safedir.On(s.Open)}, State: g.requester.State}
	if _, err := short.Answer(r.ID()); !errors.Is(err, ErrTruncated) {
		t.Errorf("the code: %v", err)
	}
	if _, err := short.Folder.Request(r.ID()); !errors.Is(err, ErrTruncated) {
		t.Errorf("the request: %v", err)
	}
}

// TestCloseIsInterruptedInTheState stops closing at each act in the state folder, and closes again: nothing of the request is left behind.
func TestCloseIsInterruptedInTheState(t *testing.T) {
	t.Parallel()
	for name, once := range map[string]bool{"full": true, "gone": false} {
		t.Run(name, func(t *testing.T) { t.Parallel(); closeWithFaults(t, once) })
	}
}

func closeWithFaults(t *testing.T, once bool) {
	t.Helper()
	stick.EachAct(t, func(at int64) bool {
		g := newGap(t)
		r := g.received(t)
		s := &stick.Stick{Path: filepath.Join(g.path, "state"), FailAt: at, Err: syscall.ENOSPC, Once: once}
		interrupted := &Requester{Folder: g.folder, State: &State{dir: safedir.On(s.Open)}, Clock: g.requester.Clock}
		err := interrupted.Close(r.ID())
		if err == nil {
			if _, err := g.requester.Answer(r.ID()); !errors.Is(err, ErrClosed) {
				t.Errorf("closed, but %v", err)
			}
			if _, err := g.requester.AnswerText(ask(t, g, 1).ID(), []byte(codeOf(1))); !errors.Is(err, ErrUsed) {
				t.Errorf("the grant may be used again: %v", err)
			}
			return true
		}
		if !errors.Is(err, syscall.ENOSPC) {
			t.Fatalf("act %d: %v", at, err)
		}
		must(t, g.requester.Close(r.ID()))
		for _, list := range []func(string) ([]Request, error){g.requester.Pending, g.requester.Closing} {
			if left, err := list(""); err != nil || len(left) != 0 {
				t.Errorf("act %d leaves %v, %v", at, left, err)
			}
		}
		if files := stick.Files(t, g.file("requests")); len(files) != 0 {
			t.Errorf("act %d leaves %v", at, files)
		}
		return false
	})
}

// TestNothingIsWrittenTwice: what is there as it should be takes no act, so that it works on folders that are full or read-only.
func TestNothingIsWrittenTwice(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	r := ask(t, g, 1)
	save(t, g.codeFile(r), answerFor(t, r, codeOf(1)))
	_, err := g.requester.Answer(r.ID())
	must(t, err)
	folder := &stick.Stick{Path: g.folder.Path(), FailAt: 1, Err: syscall.EROFS}
	state := &stick.Stick{Path: filepath.Join(g.path, "state"), FailAt: 1, Err: syscall.EROFS}
	g.requester.Folder, g.requester.State = &Folder{dir: safedir.On(folder.Open)}, &State{dir: safedir.On(state.Open)}
	if again := ask(t, g, 1); again.ID() != r.ID() {
		t.Errorf("asked again: %v", again)
	}
	_, err = g.requester.Answer(r.ID())
	must(t, err)
	if acts := folder.Acts() + state.Acts(); acts != 0 {
		t.Errorf("%d acts", acts)
	}
}
