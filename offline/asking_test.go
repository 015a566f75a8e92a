package offline

import (
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func isLock(file string) bool { return strings.HasSuffix(file, ".lock") }

// TestAskAtOnce: two requests for one workspace would cost two tokens.
func TestAskAtOnce(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	var runs sync.WaitGroup
	for range 8 {
		state, err := OpenState(filepath.Join(g.path, "state")) // as another process would
		must(t, err)
		requester := &Requester{Folder: g.folder, State: state, Clock: g.requester.Clock}
		runs.Go(func() {
			if _, err := requester.Ask(Registration, dataOf(1)); err != nil && !errors.Is(err, ErrLocked) {
				t.Error(err)
			}
		})
	}
	runs.Wait()
	pending, err := g.requester.Pending("")
	must(t, err)
	if len(pending) != 1 {
		t.Errorf("there are %d requests", len(pending))
	}
}

func TestAskWhileAnotherAsks(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	unique := ask(t, g, 2).Workspace().UniqueID
	must(t, g.requester.Withdraw(ask(t, g, 2).ID()))
	release, err := g.requester.State.holdAsking(unique)
	must(t, err)
	if _, err := g.requester.Ask(Registration, dataOf(2)); !errors.Is(err, ErrLocked) {
		t.Errorf("asked: %v", err)
	}
	ask(t, g, 1) // another workspace
	must(t, release())
	ask(t, g, 2)
}
