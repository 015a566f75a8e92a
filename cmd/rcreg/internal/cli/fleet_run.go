package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/command"
	"github.com/rcreg/registration/internal/report"
	"github.com/rcreg/registration/internal/screen"
	"github.com/rcreg/registration/internal/shell"
)

// runFleet does one thing to a fleet. All that can be wrong with files and flags is found before anything is sent.
func (a *app) runFleet(ctx context.Context, f *fleetFlags) (err error) {
	if err := f.check(); err != nil {
		return err
	}
	a.Stderr = &sharedWriter{out: a.Stderr} // with --verbose many write there at once
	list, err := f.load()
	if err != nil {
		return err
	}
	if err := f.checkFiles(); err != nil {
		return err
	}
	pool, err := f.openTokens()
	if err != nil {
		return err
	}
	var options []fleet.Option
	if pool != nil {
		defer func() { err = errors.Join(err, pool.Close()) }()
		options = append(options, fleet.WithTokens(pool))
	}
	journal, err := f.openJournal()
	if err != nil {
		return err
	}
	unfinished := true
	defer func() { err = errors.Join(err, journal.end(unfinished)) }()
	opened, done, err := f.open(a, list, append(options, journal.options()...))
	if err != nil {
		return err
	}
	defer done()

	began := a.system.Clock.Now()
	defer context.AfterFunc(ctx, a.sayStopping)()
	outcomes := a.follow(inFlags(opened.Run(ctx, f.command.operation)), len(list.Workspaces))
	v := fleetViewOf(f, list, outcomes)
	v.Took = a.system.Clock.Now().Sub(began)
	v.unfinished = journal.unfinished(outcomes)
	unfinished = opened.Err() != nil || v.unfinished > 0
	if pool != nil {
		v.poolView = &poolView{pool.Left(), pool.LeftInDoubt()}
	}
	if journal != nil && (journal.named || unfinished) {
		v.Journal = journal.path
	}
	if err := a.writeReport(f, outcomes); err != nil {
		return errors.Join(a.showFleet(v, nil), err)
	}
	v.Report = f.report
	return a.showFleet(v, whyUnfinished(ctx, opened.Err(), v))
}

// sayStopping tells what the end waits for, beside everything that is not read by a program.
func (a *app) sayStopping() {
	if a.Output == command.JSON {
		return
	}
	if a.StderrTerminal {
		screen.Printf(a.Stderr, "\r\x1b[K") // in the place of the bar
	}
	screen.Printf(a.Stderr, "Stopping: what is in flight has 20 seconds to end. Stop it once more to see at once what is known.\n")
}

// whyUnfinished is the error of a run that could not do its work; that workspaces failed is none.
func whyUnfinished(ctx context.Context, broken error, v fleetView) error {
	goOn := "run the same command again"
	if v.Journal != "" {
		goOn += ": it goes on with " + v.Journal
	}
	switch {
	case broken != nil:
		return broken
	case ctx.Err() != nil && v.unfinished > 0:
		return &advisedError{&interruptedError{v.unfinished, len(v.Outcomes), ctx.Err()}, goOn}
	}
	return nil
}

// interruptedError is a run that was ended before its end.
type interruptedError struct {
	left, total int
	cause       error
}

func (e *interruptedError) Error() string {
	return fmt.Sprintf("interrupted: %d of %d workspaces were not finished", e.left, e.total)
}

func (e *interruptedError) Unwrap() error { return e.cause }

// writeReport writes the page, whole or not at all.
func (a *app) writeReport(f *fleetFlags, outcomes []fleet.Outcome) error {
	if f.report == "" {
		return nil
	}
	file, err := reserveFile(f.report, report.Begins)
	if err == nil {
		err = file.save(func(out io.Writer) error { return f.about().Write(out, outcomes, a.system.Clock.Now()) })
	}
	if err != nil {
		return &advisedError{fmt.Errorf("the report could not be written: %w", err), "name another file with --report, and run it again: what is done is not done again"}
	}
	return nil
}

// about says what a page is of.
func (f *fleetFlags) about() report.About {
	var line strings.Builder
	line.WriteString("rcreg fleet " + f.command.operation.Name + " --file " + shell.Word(f.list))
	for _, label := range f.selected {
		line.WriteString(" --select " + shell.Word(label))
	}
	info, ok := debug.ReadBuildInfo()
	return report.About{List: filepath.Base(f.list), Command: line.String(), Program: "rcreg " + command.VersionOf("rcreg", info, ok).Version}
}

// sharedWriter lets one write at a time.
type sharedWriter struct {
	mu  sync.Mutex
	out io.Writer
}

func (w *sharedWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.out.Write(p)
}

// inListOrder sorts outcomes as the list has their workspaces.
func inListOrder(list fleet.List, outcomes []fleet.Outcome) {
	place := make(map[string]int, len(list.Workspaces))
	for i, w := range list.Workspaces {
		place[w.Name] = i
	}
	slices.SortFunc(outcomes, func(a, b fleet.Outcome) int { return cmp.Compare(place[a.Workspace], place[b.Workspace]) })
}
