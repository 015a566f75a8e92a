package watch_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/clock"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/watch"
)

// world is a fake fleet in virtual time, all of it registered, and the watch over it.
type world struct {
	*testing.T
	fake    *registrationtest.Fleet
	list    fleet.List
	options []watch.Option
	tells   tells
}

// newWorld starts the workspaces of these versions, one each. It belongs into a bubble.
func newWorld(t *testing.T, options []watch.Option, versions ...string) *world {
	t.Helper()
	_ = clock.System().Sleep(t.Context(), time.Until(time2026)) // virtual: licenses of the fake Cloud do not count before 2020
	w := &world{T: t, fake: registrationtest.NewFleet(t, len(versions), registrationtest.InProcess(), registrationtest.WithRateLimits(), registrationtest.WithVersions(versions...))}
	now := time.Now()
	list := registrationtest.Support{Timestamp: now, EnforcementStartDate: now}
	for _, version := range versions {
		list.Versions = append(list.Versions, registrationtest.SupportedVersion{Version: version, Expiration: now.AddDate(1, 0, 0)})
	}
	w.fake.Cloud().SetSupport(list)
	for i := range versions {
		w.list.Workspaces = append(w.list.Workspaces, fleet.Workspace{
			Name: w.fake.Name(i), URL: w.fake.URL(i), UserID: w.fake.Admin(i).UserID, AuthToken: secretFile(t, w.fake.Admin(i).AuthToken), Via: fleet.ViaDirect,
		})
	}
	toCloud, err := cloud.New(cloud.WithURL(w.fake.Cloud().URL()), cloud.WithReleasesURL(w.fake.Cloud().URL()), cloud.WithRoundTripper(w.fake.RoundTripper()))
	if err != nil {
		t.Fatal(err)
	}
	fleetOptions := []fleet.Option{fleet.WithRoundTripper(w.fake.RoundTripper()), fleet.WithClient(func(fleet.Workspace) []registration.Option {
		return []registration.Option{
			registration.WithSettingsLag(0), registration.WithPublicSettings(), registration.WithCloud(toCloud), registration.WithSupportKey(w.fake.Cloud().SupportKey()),
		}
	})}
	w.options = append([]watch.Option{watch.WithFleet(fleetOptions...), watch.WithInterval(time.Minute), watch.WithTeller(w.tells.tell)}, options...)
	all, err := fleet.New(w.list, fleetOptions...)
	if err != nil {
		t.Fatal(err)
	}
	for o := range all.Run(t.Context(), w.registering()) {
		if o.Err != nil {
			t.Fatal(o.Err)
		}
	}
	w.sleep(2 * time.Minute) // the limits have forgotten it
	return w
}

func (w *world) registering() fleet.Operation {
	return fleet.Operation{Name: "register", Writes: true, Do: func(ctx context.Context, j *fleet.Job) (registration.Result, error) {
		return j.Client.Register(ctx, registration.Request{Token: w.fake.Cloud().IssueToken()})
	}}
}

// register registers one workspace again.
func (w *world) register(i int) {
	w.Helper()
	all, err := fleet.New(fleet.List{Workspaces: w.list.Workspaces[i : i+1]}, fleet.WithRoundTripper(w.fake.RoundTripper()), fleet.WithClient(func(fleet.Workspace) []registration.Option {
		return []registration.Option{registration.WithSettingsLag(0)}
	}))
	if err != nil {
		w.Fatal(err)
	}
	if o := all.Do(w.Context(), w.list.Workspaces[i], w.registering()); o.Err != nil {
		w.Fatal(o.Err)
	}
}

// run begins a watch, and returns it and its end.
func (w *world) run(options ...watch.Option) (*watch.Watch, func()) {
	w.Helper()
	watching, err := watch.New(w.list, slices.Concat(w.options, options)...)
	if err != nil {
		w.Fatal(err)
	}
	ctx, cancel := context.WithCancel(w.Context())
	ended := make(chan error)
	go func() { ended <- watching.Run(ctx) }()
	return watching, func() {
		w.Helper()
		cancel()
		if err := <-ended; err != nil {
			w.Error(err)
		}
	}
}

// sleep lets virtual time pass.
func (w *world) sleep(d time.Duration) {
	w.Helper()
	if err := clock.System().Sleep(w.Context(), d); err != nil {
		w.Fatal(err)
	}
	synctest.Wait()
}

// expect checks what was told since it was asked last, as "name workspace" or "name workspace mended".
func (w *world) expect(when string, want ...string) {
	w.Helper()
	got := w.tells.take()
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		w.Errorf("%s: told %q, want %q", when, got, want)
	}
}

// tells keeps what is told.
type tells struct {
	mu     sync.Mutex
	events []watch.Event
	broken error
	times  int
}

func (n *tells) tell(_ context.Context, events []watch.Event) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.times++
	if n.broken != nil {
		return n.broken
	}
	n.events = append(n.events, events...)
	return nil
}

func (n *tells) setBroken(err error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.broken = err
}

func (n *tells) take() (said []string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, e := range n.events {
		text := string(e.Name) + " " + e.Workspace
		if e.Mended {
			text += " mended"
		}
		said = append(said, text)
	}
	n.events = nil
	return said
}

func secretFile(tb testing.TB, text string) fleet.Reference {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "secret")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		tb.Fatal(err)
	}
	return fleet.Reference{File: path}
}

func applyLicense(text string) func(context.Context, *fleet.Job) (registration.Result, error) {
	return func(ctx context.Context, j *fleet.Job) (registration.Result, error) {
		_, err := j.Client.ApplyLicense(ctx, text)
		return registration.Result{Operation: "apply"}, err
	}
}

var time2026 = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
