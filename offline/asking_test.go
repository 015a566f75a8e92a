package offline

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/internal/safedir"
	"github.com/rcreg/registration/internal/safedir/stick"
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
	standing := ask(t, g, 1) // another workspace
	must(t, release())
	release, err = g.requester.State.holdAsking("unique-1")
	must(t, err)
	if again := ask(t, g, 1); again.ID() != standing.ID() { // what stands needs no lock
		t.Errorf("asked anew: %v", again)
	}
	save(t, pendingFile(g, standing), "{")
	if _, err := g.requester.Ask(Registration, dataOf(1)); !errors.Is(err, ErrStateDamaged) {
		t.Errorf("what stands is damaged: %v", err)
	}
	must(t, release())
	ask(t, g, 2)
}

// watched is a folder that tells of the files that are opened, before they are.
type watched struct {
	safedir.FS
	opens func(name string) error
}

func (w watched) OpenFile(name string, flag int, perm fs.FileMode) (safedir.File, error) {
	if err := w.opens(name); err != nil {
		return nil, err
	}
	return w.FS.OpenFile(name, flag, perm)
}

// watchedState is the state folder of a gap, watched.
func watchedState(g *gap, opens func(name string) error) *State {
	return &State{dir: safedir.On(func() (safedir.FS, error) {
		in, err := safedir.OpenRoot(filepath.Join(g.path, "state"))
		return watched{in, opens}, err
	})}
}

// TestAskJustAfterAnother run has asked, between the look at what is pending and the lock.
func TestAskJustAfterAnother(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]error{"a request": nil, "a damaged one": ErrStateDamaged} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGap(t)
			var other Request
			state := watchedState(g, func(name string) error {
				if isLock(name) && other.ID() == "" {
					other = ask(t, g, 1)
					if want != nil {
						save(t, pendingFile(g, other), "{")
					}
				}
				return nil
			})
			late := &Requester{Folder: g.folder, State: state, Clock: g.requester.Clock}
			r, err := late.Ask(Registration, dataOf(1))
			if !errors.Is(err, want) || err == nil && r.ID() != other.ID() {
				t.Errorf("%v, %v; the other one is %v", r, err, other)
			}
		})
	}
}

// pendingFile is the path of a pending request in the state folder.
func pendingFile(g *gap, r Request) string {
	return filepath.Join(g.path, "state", pendingFolder, r.ID()+tagOf(r.Workspace().UniqueID))
}

// TestAskWithoutAnAddress writes nothing that would be carried for nothing. A license needs no address.
func TestAskWithoutAnAddress(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"", "chat.example.com", "ftp://chat.example.com", "https://"} {
		g := newGap(t)
		data := base64.StdEncoding.EncodeToString(fmt.Appendf(nil, `{"uniqueId":"unique-1","address":%q,"version":"6.13.0"}`, address))
		if r, err := g.requester.Ask(Registration, data); !errors.Is(err, cloud.ErrInvalidRegistrationData) || r.ID() != "" {
			t.Errorf("%q: %v, %v", address, r, err)
		}
		if files := stick.Files(t, g.path); len(files) != 0 {
			t.Errorf("%q leaves %v", address, files)
		}
		if _, err := g.requester.Ask(License, data); err != nil {
			t.Errorf("%q, a license: %v", address, err)
		}
	}
}
