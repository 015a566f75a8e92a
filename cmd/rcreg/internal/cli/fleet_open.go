package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/linelog"
	"github.com/rcreg/registration/internal/report"
	"github.com/rcreg/registration/workspace"
)

func badList(err error) error {
	if errors.Is(err, registration.ErrInvalidInput) {
		return &advisedError{err, "correct the lines that it names, then run it again"}
	}
	return usage(err.Error(), "name the list of workspaces with --file")
}

// checkFiles refuses files that are named for two purposes, and a report that cannot be written at the end of a run that may take hours.
func (f *fleetFlags) checkFiles() error {
	type named struct{ flag, path string }
	files := []named{{"--file", f.list}}
	for _, file := range []named{{"--tokens", f.tokens}, {"--journal", f.journalPath()}, {"--report", f.report}} {
		if file.path == "" {
			continue
		}
		for _, other := range files {
			if isSameFile(file.path, other.path) {
				return usage(fmt.Sprintf("%s and %s are one file, %s", other.flag, file.flag, file.path), "name another file with "+file.flag)
			}
		}
		files = append(files, file)
		if file.flag == "--tokens" {
			files = append(files, named{"the memory of --tokens", placeOf(file.path) + ".used"})
		}
	}
	if f.report == "" {
		return nil
	}
	file, err := reserveFile(f.report, report.Begins)
	if err != nil {
		return usage(fmt.Sprintf("the file of --report cannot be written: %v", err), "name a file that is not there, in a folder of yours, with --report")
	}
	file.drop()
	return nil
}

// isSameFile reports whether two paths lead to one file, which need not be there.
func isSameFile(a, b string) bool {
	first, err := os.Stat(a)
	second, err2 := os.Stat(b)
	if err == nil && err2 == nil {
		return os.SameFile(first, second)
	}
	return placeOf(a) == placeOf(b)
}

// placeOf is a path without links in its folders.
func placeOf(path string) string {
	if full, err := filepath.Abs(path); err == nil {
		path = full
	}
	if target, err := filepath.EvalSymlinks(path); err == nil {
		return target
	}
	folder, name := filepath.Split(path)
	if target, err := filepath.EvalSymlinks(folder); err == nil {
		folder = target
	}
	return filepath.Join(folder, name)
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
	case failure.KindOf(err) == failure.Other, errors.Is(err, failure.ReadableByOthers):
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

// journalPath is the journal that is named, or else that of what writes, beside the list. It is empty where there is none.
func (f *fleetFlags) journalPath() string {
	if f.journal != "" || !f.command.operation.Writes {
		return f.journal // what only reads may be read again
	}
	return f.list + "." + f.command.operation.Name + ".journal"
}

// openJournal opens the journal. It returns nil where there is none.
func (f *fleetFlags) openJournal() (*runJournal, error) {
	j := &runJournal{path: f.journalPath(), named: f.journal != ""}
	if j.path == "" {
		return nil, nil //nolint:nilnil // a command without a journal
	}
	var err error
	if f.fresh {
		err = setAside(j.path, f.command.operation.Name)
	}
	if err == nil {
		j.Journal, err = fleet.OpenJournal(j.path, f.command.operation.Name)
	}
	switch {
	case errors.Is(err, fleet.ErrOtherOperation):
		return nil, usage(err.Error(), "name another file with --journal, or run the command that it belongs to")
	case errors.Is(err, linelog.ErrForeign):
		return nil, usage(err.Error(), "name another file with --journal; a journal that is damaged there has to be restored or moved away")
	case err != nil && !errors.Is(err, fleet.ErrJournalLocked) && !errors.Is(err, fleet.ErrJournalDamaged) && !errors.Is(err, fleet.ErrJournalBroken):
		return nil, usage(fmt.Sprintf("the journal cannot be kept: %v", err), "name a file that can be written with --journal")
	}
	return j, err
}

// setAside keeps a journal, also a damaged one, under another name that is free, unless another process works with it.
func setAside(path, operation string) error {
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	old, err := fleet.OpenJournal(path, operation)
	switch {
	case err == nil:
		err = old.Close()
	case errors.Is(err, fleet.ErrOtherOperation), errors.Is(err, fleet.ErrJournalDamaged) && !errors.Is(err, linelog.ErrForeign):
		err = nil
	}
	if err != nil {
		return err
	}
	aside := path + ".old"
	for n := 2; ; n++ {
		if _, err := os.Lstat(aside); errors.Is(err, fs.ErrNotExist) {
			return os.Rename(path, aside)
		}
		aside = fmt.Sprintf("%s.old-%d", path, n)
	}
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

// end closes the journal, and removes an unnamed one when there is nothing to go on with.
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
	_, common, err := f.support.options(&connection{app: a, clock: a.system.Clock, plainHTTP: f.plainHTTP})
	if err != nil {
		return nil, nil, err
	}
	lag, err := f.settingsLag.Options(a.Getenv)
	if err != nil {
		return nil, nil, err
	}
	common = slices.Concat(common, lag)
	if !relays || !f.command.operation.Writes {
		return func(fleet.Workspace) []registration.Option { return common }, func() {}, nil
	}
	toCloud, err := f.support.client(a.system.Clock, f.plainHTTP)
	if err != nil {
		return nil, nil, err
	}
	relay, err := f.transport.relay(toCloud)
	if err != nil {
		return nil, nil, err
	}
	overRelay := slices.Concat(common, []registration.Option{registration.WithTransport(relay)})
	return func(w fleet.Workspace) []registration.Option {
		if w.Via == fleet.ViaRelay {
			return overRelay
		}
		return common
	}, toCloud.CloseIdleConnections, nil
}

// userAgent is what workspaces see in their logs.
func userAgent() workspace.Option { return workspace.WithUserAgent("rcreg") }
