package registrationtest

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/rcreg/registration/registrationtest/internal/inprocess"
	"github.com/rcreg/registration/registrationtest/internal/release"
)

// Fleet is many fake workspaces with one fake Cloud. A workspace is made at its first request, so that a fleet of 100,000 starts in
// no time and costs memory for those alone that were asked something: 14 to 22 KB each, and about 35 KB once it is registered. It is
// safe for concurrent use.
//
// It listens on one address for all workspaces, each under a path of its own, and on one for the Cloud; with [InProcess] on none.
// What the workspaces ask the Cloud never takes a socket.
type Fleet struct {
	options   options
	versions  []release.Release
	cloud     *Cloud
	ownCloud  bool
	front     *httpServer // nil in process
	transport *inprocess.Transport
	people    people   // of every workspace, but for its administrator
	seed      [32]byte // of the administrators' secrets
	tooMany   atomic.Int64

	making  [16]sync.Mutex // by the index of the workspace that is made
	members []atomic.Pointer[Workspace]
	closed  atomic.Bool
}

// NewFleet starts a fleet of n workspaces and closes it when the test ends. It reads [WithVersions], [InProcess],
// and the options of workspaces and of Clouds, which are then those of all workspaces.
func NewFleet(tb testing.TB, n int, opts ...Option) *Fleet {
	tb.Helper()
	f, err := StartFleet(n, opts...)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(f.Close)
	return f
}

// ErrCount is the error for a number of workspaces that no fleet has.
var ErrCount = fmt.Errorf("a fleet has 1 to %d workspaces", maxFleet)

// StartFleet starts a fleet, for programs that are no tests: the caller closes it. It fails with [ErrCount] and [ErrVersion], and
// when it cannot listen.
func StartFleet(n int, opts ...Option) (*Fleet, error) {
	o := given(opts)
	if n < 1 || n > maxFleet {
		return nil, fmt.Errorf("start a fake fleet of %d: %w", n, ErrCount)
	}
	f := &Fleet{options: o, cloud: o.cloud, people: newPeople(), members: make([]atomic.Pointer[Workspace], n)}
	rand.Read(f.seed[:]) // never fails: crypto/rand ends the program instead
	if len(o.versions) == 0 {
		o.versions = MixedVersions()
	}
	for _, version := range o.versions {
		rel, err := release.Parse(version)
		if err != nil {
			return nil, fmt.Errorf("start a fake fleet: %w", err)
		}
		f.versions = append(f.versions, rel)
	}
	if err := f.open(opts); err != nil {
		return nil, fmt.Errorf("start a fake fleet: %w", err)
	}
	return f, nil
}

// open starts what the workspaces have in common.
func (f *Fleet) open(opts []Option) error {
	if f.cloud == nil {
		var err error
		if f.cloud, err = StartCloud(append(slices.Clone(opts), forCloud(f.options))...); err != nil {
			return err
		}
		f.ownCloud = true
	}
	f.transport = inprocess.New(f.find)
	if f.options.inProcess {
		return nil
	}
	var err error
	if f.front, err = serve(f.options, http.HandlerFunc(f.serveHTTP)); err != nil {
		f.Close()
	}
	return err
}

// forCloud starts the Cloud beside the workspaces, whose address a listen address is.
func forCloud(o options) Option {
	return func(cloud *options) {
		cloud.address = "127.0.0.1:0"
		if o.inProcess {
			cloud.known = "https://" + cloudHost
		}
	}
}

// Close stops the workspaces, and the Cloud that the fleet started. It may be called more than once.
func (f *Fleet) Close() {
	if f.ownCloud {
		f.cloud.Close() // first: a workspace may wait for it
	}
	f.closed.Store(true)
	for i := range f.making { // whoever makes one from here on closes it
		f.making[i].Lock()
		f.making[i].Unlock() //nolint:staticcheck // it waits for those who do not know yet
	}
	for i := range f.members {
		if w := f.members[i].Load(); w != nil {
			w.Close()
		}
	}
	if f.front != nil {
		f.front.close()
	}
	f.transport.Close()
}

// Reset makes all workspaces fresh ones, as [Workspace.Reset] does, and forgets how many calls were refused. The Cloud has a
// [Cloud.Reset] of its own.
func (f *Fleet) Reset() error {
	for i := range f.members {
		if w := f.members[i].Load(); w != nil {
			if err := w.Reset(); err != nil {
				return err
			}
		}
	}
	if f.front != nil {
		f.front.clear()
	}
	f.tooMany.Store(0)
	return nil
}

// History returns what the workspaces were asked on the address that they share, in the order of arrival: one history
// for all, in the place of one each, since their paths tell them apart. [InProcess] they have one each, and this one is empty.
func (f *Fleet) History() []Exchange {
	if f.front == nil {
		return nil
	}
	return f.front.history()
}

// Len is how many workspaces the fleet has.
func (f *Fleet) Len() int { return len(f.members) }

// Made is how many of them exist: the others wait for their first request.
func (f *Fleet) Made() int {
	made := 0
	for i := range f.members {
		if f.members[i].Load() != nil {
			made++
		}
	}
	return made
}

// Cloud is the Cloud of all workspaces.
func (f *Fleet) Cloud() *Cloud { return f.cloud }

// Name is the name of the i-th workspace, from 0: "w00001" for the first.
func (f *Fleet) Name(i int) string { return nameOf(i) }

// Version is the version of the i-th workspace, from 0, when it was made.
func (f *Fleet) Version(i int) string { return f.versions[i%len(f.versions)].String() }

// URL is the address of the i-th workspace, from 0, without a trailing slash.
func (f *Fleet) URL(i int) string {
	base, path := f.place(i)
	return base + path
}

// place is where a workspace is served: a host of its own, or a path of its own on the one that all share.
func (f *Fleet) place(i int) (base, path string) {
	if f.front == nil {
		return "https://" + nameOf(i) + domain, ""
	}
	return f.front.server.URL, pathPrefix + nameOf(i)
}

// Workspace returns the i-th workspace, from 0, and makes it if it is not there yet.
func (f *Fleet) Workspace(i int) *Workspace {
	if w := f.members[i].Load(); w != nil {
		return w
	}
	making := &f.making[i%len(f.making)]
	making.Lock()
	defer making.Unlock()
	if w := f.members[i].Load(); w != nil {
		return w
	}
	w := f.make(i)
	if f.closed.Load() {
		w.Close()
	}
	f.members[i].Store(w)
	return w
}

// Workspaces makes all workspaces that are not there yet, and returns them.
func (f *Fleet) Workspaces() []*Workspace {
	all := make([]*Workspace, f.Len())
	for i := range all {
		all[i] = f.Workspace(i)
	}
	return all
}

// Find returns the index of the workspace with this name, and whether there is one.
func (f *Fleet) Find(name string) (int, bool) {
	digits, found := strings.CutPrefix(name, "w")
	var number int
	if _, err := fmt.Sscanf(digits, "%d", &number); err != nil || !found {
		return 0, false
	}
	i := number - 1
	return i, i >= 0 && i < f.Len() && nameOf(i) == name
}
