package watch

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/fleet"
)

// Watch keeps an eye on the workspaces of a list. Make one with [New]: an empty or nil one, like a nil context, is refused with [registration.ErrInvalidInput].
type Watch struct {
	settings
	fleet *fleet.Fleet

	running sync.Mutex // held by Run

	mu          sync.Mutex // the fields below
	entries     []*entry
	unsaved     bool      // something is not in the memory that should be
	broken      error     // why the memory could not be written last
	undelivered error     // why the last events could not be told
	began       time.Time // of the run; zero before
	lastLook    time.Time // when a look ended last
	counts      counts
}

// entry is one workspace of the list.
type entry struct {
	record
	workspace fleet.Workspace
	syncAt    time.Time // not before; zero is at once
}

// counts are what happened since the watch was made.
type counts struct {
	answered, failed, limited int // looks
	syncs, syncsFailed        int
	delivered, undelivered    int           // messages
	lag                       time.Duration // of the last look, behind its time
}

// New returns a watch; it sends nothing. What the memory knows of the list is what was seen, until the first look. Errors: [*registration.Error] of kind
// [registration.ErrInvalidInput] for an option that makes no sense and for an empty list.
func New(list fleet.List, options ...Option) (*Watch, error) {
	s, err := newSettings(options)
	if err == nil && len(list.Workspaces) == 0 {
		err = errors.New("the list holds no workspace")
	}
	if err != nil {
		return nil, invalid(err, failure.Ways(failure.CorrectOption))
	}
	const onlyOnce, timeout = 0, time.Minute // what fails is looked at again anyway
	all, err := fleet.New(list, append([]fleet.Option{fleet.WithTimeout(timeout)}, append(s.fleet,
		fleet.WithRetries(onlyOnce), fleet.WithClock(s.clock), fleet.WithConcurrency(s.concurrency), fleet.WithPerHost(s.perHost), fleet.WithSupport())...)...)
	if err != nil {
		return nil, err
	}
	w := &Watch{settings: s, fleet: all, entries: make([]*entry, len(list.Workspaces))}
	for i, one := range list.Workspaces {
		w.entries[i] = &entry{workspace: one, record: s.memory.of(one)}
	}
	return w, nil
}

func invalid(err error, ways []failure.Remedy) error {
	return &registration.Error{Op: "watch", Kind: registration.ErrInvalidInput, Err: err, Remedies: ways, Certain: "nothing was sent"}
}

// ErrRunning is the error of a [Watch.Run] that was begun while another one was under way.
var ErrRunning = failure.Running

// Run watches until ctx is done, and then returns nil once nothing is in flight and what was seen is in the memory. Errors: those of a memory that could not be written
// in the end; [ErrRunning].
func (w *Watch) Run(ctx context.Context) error {
	switch {
	case w == nil || w.fleet == nil:
		return invalid(errors.New("the watch is empty"), failure.Way(failure.MakeClient, "watch.New"))
	case ctx == nil:
		return invalid(errors.New("the context is nil"), failure.Ways(failure.GiveContext))
	case !w.running.TryLock():
		return ErrRunning
	}
	defer w.running.Unlock()
	defer w.fleet.CloseIdleConnections()
	plan := w.begin()
	var teller sync.WaitGroup
	teller.Go(func() { w.tellAll(ctx) })
	plan.run(ctx, w.concurrency, w.visit)
	teller.Wait()
	return w.save()
}

// begin plans the first looks, and the first syncs no faster than half of what the Cloud is asked at most.
func (w *Watch) begin() *schedule {
	w.mu.Lock()
	defer w.mu.Unlock()
	now, n := w.clock.Now(), len(w.entries)
	w.began = now
	hosts := make([]string, n)
	for i, e := range w.entries {
		hosts[i] = hostOf(e.workspace.URL)
		e.syncAt = now.Add(spread(i, n, syncGap, w.syncEvery))
		if next := e.Synced.Add(w.syncEvery); next.After(e.syncAt) && !e.Synced.IsZero() {
			e.syncAt = next
		}
	}
	plan := newSchedule(w.clock, w.perHost, hosts)
	for i := range w.entries {
		plan.put(i, now.Add(spread(i, n, lookGap, w.interval)))
	}
	return plan
}

// visit looks at a workspace, lets it sync if it is time, and returns when it comes again.
func (w *Watch) visit(ctx context.Context, next dueAt) time.Time {
	e := w.entries[next.index]
	held := w.look(ctx, e, next.at)
	if w.wantsSync(e) {
		if later := w.sync(ctx, e); later.After(held) {
			held = later
		}
	}
	if at := again(next.at, w.clock.Now(), w.interval); at.After(held) {
		return at
	}
	return held
}

// Seen returns what was seen of each workspace, in the order of the list; nil for an empty watch.
func (w *Watch) Seen() []Seen {
	if w == nil {
		return nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	all := make([]Seen, len(w.entries))
	for i, e := range w.entries {
		all[i] = e.Seen
	}
	return all
}

// Health returns nil while the watch does its work; otherwise why it does not: it is not running, no look has ended for three intervals, or its memory cannot be written.
func (w *Watch) Health() error {
	if w == nil || w.fleet == nil {
		return invalid(errors.New("the watch is empty"), failure.Way(failure.MakeClient, "watch.New"))
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	last := w.lastLook
	if last.Before(w.began) {
		last = w.began
	}
	const patience = 2 * time.Minute // a look may take one
	switch quiet := w.clock.Now().Sub(last); {
	case w.began.IsZero():
		return errors.New("the watch is not running")
	case quiet > 3*w.interval+patience:
		return fmt.Errorf("no look has ended for %s", quiet.Round(time.Second))
	case w.broken != nil:
		return fmt.Errorf("the state file cannot be written: %w", w.broken)
	}
	return nil
}
