package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/safedir"
	"github.com/rcreg/registration/workspace"
)

func badList(err error) error {
	if errors.Is(err, registration.ErrInvalidInput) {
		return &advisedError{err, "correct the lines that it names, then run it again"}
	}
	return usage(err.Error(), "name the list of workspaces with --file")
}

// openTokens opens the pool, where one is asked for.
func (f *fleetFlags) openTokens() (*fleet.Tokens, error) {
	if f.tokens == "" {
		return nil, nil //nolint:nilnil // a command without tokens
	}
	pool, err := fleet.OpenTokens(f.tokens)
	switch {
	case errors.Is(err, registration.ErrInvalidInput):
		return nil, &advisedError{err, "correct the lines that it names: one token a line, and # before remarks"}
	case err != nil && !isOfFleet(err):
		return nil, badPrivateFile("the file of --tokens", f.tokens, err)
	}
	return pool, err
}

// runJournal is the journal of a run, and whether it is only there while the run lasts.
type runJournal struct {
	*fleet.Journal
	path  string
	named bool
}

// openJournal opens the journal: the one that is named, or for what writes one beside the list. It returns nil where there is none.
func (f *fleetFlags) openJournal() (*runJournal, error) {
	j := &runJournal{path: f.journal, named: true}
	if f.journal == "" {
		if !f.command.operation.Writes {
			return nil, nil //nolint:nilnil // what only reads may be read again
		}
		j.path, j.named = f.list+"."+f.command.operation.Name+".journal", false
	}
	var err error
	if f.fresh {
		err = setAside(j.path)
	}
	if err == nil {
		j.Journal, err = fleet.OpenJournal(j.path, f.command.operation.Name)
	}
	switch {
	case errors.Is(err, fleet.ErrOtherOperation):
		return nil, usage(err.Error(), "name another file with --journal, or run the command that it belongs to")
	case err != nil && !isOfFleet(err):
		return nil, usage(fmt.Sprintf("the journal cannot be kept: %v", err), "name a file that can be written with --journal")
	}
	return j, err
}

// setAside keeps a journal under another name, unless another process works with it.
func setAside(path string) error {
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	old, err := safedir.OpenLog(path)
	if errors.Is(err, safedir.ErrLocked) {
		return fmt.Errorf("put %s aside: %w", path, fleet.ErrJournalLocked)
	}
	if err != nil {
		return err
	}
	if err := old.Close(); err != nil {
		return err
	}
	return os.Rename(path, path+".old")
}

// options are those of the fleet.
func (j *runJournal) options() []fleet.Option {
	if j == nil {
		return nil
	}
	return []fleet.Option{fleet.WithJournal(j.Journal)}
}

// unfinished counts the workspaces that were not finished: cancelled, or in flight as far as the journal knows.
func (j *runJournal) unfinished(outcomes []fleet.Outcome) (n int) {
	for _, o := range outcomes {
		if o.Class == fleet.Cancelled || j != nil && j.InFlight(o.Workspace) {
			n++
		}
	}
	return n
}

// end closes the journal, and removes one that nobody named when there is nothing to go on with.
func (j *runJournal) end(unfinished bool) error {
	if j == nil {
		return nil
	}
	err := j.Close()
	if err != nil || j.named || unfinished {
		return err
	}
	return os.Remove(j.path)
}

// clients returns what the clients of workspaces are made with, and what is to be called when they are not needed any more.
func (f *fleetFlags) clients(a *app, relays bool) (clients func(fleet.Workspace) []registration.Option, done func(), err error) {
	common, err := f.support.options(&connection{app: a, clock: a.system.Clock, plainHTTP: f.plainHTTP})
	if err != nil {
		return nil, nil, err
	}
	if !relays || !f.command.operation.Writes {
		return func(fleet.Workspace) []registration.Option { return common }, func() {}, nil
	}
	toCloud, err := f.support.client(a.system.Clock, f.plainHTTP)
	if err != nil {
		return nil, nil, err
	}
	vaults, err := f.road.vaults()
	if err != nil {
		return nil, nil, err
	}
	overRelay := slices.Concat(common, []registration.Option{registration.WithTransport(registration.Relay(toCloud, vaults...))})
	return func(w fleet.Workspace) []registration.Option {
		if w.Via == fleet.ViaRelay {
			return overRelay
		}
		return common
	}, toCloud.CloseIdleConnections, nil
}

// userAgent is what workspaces see in their logs.
func userAgent() workspace.Option { return workspace.WithUserAgent("rcreg") }
