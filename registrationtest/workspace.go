package registrationtest

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/rcreg/registration/registrationtest/faults"
	"github.com/rcreg/registration/registrationtest/internal/release"
	"github.com/rcreg/registration/registrationtest/internal/server"
)

// Workspace is a running fake Rocket.Chat server of one version. It is safe for concurrent use.
type Workspace struct {
	*httpServer
	options   options
	cloud     *Cloud
	ownCloud  bool
	people    people
	accounts  *server.Accounts
	transport http.RoundTripper // to the Cloud

	mu     sync.RWMutex
	emails []string // of the oldest user
	run    *running // nil until it is up
}

// NewWorkspace starts a workspace of the given version, such as "6.5.0", and closes it when the test ends. It comes
// with a Cloud of its own, unless [WithCloud] names one.
func NewWorkspace(tb testing.TB, version string, opts ...Option) *Workspace {
	tb.Helper()
	w, err := StartWorkspace(version, opts...)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(w.Close)
	return w
}

// ErrVersion is the error for a version that no fake workspace speaks: those before 3.0, and texts that are none.
var ErrVersion = release.ErrUnknown

// StartWorkspace starts a workspace, for programs that are no tests: the caller closes it. It fails with [ErrVersion],
// and when it cannot listen.
func StartWorkspace(version string, opts ...Option) (*Workspace, error) {
	rel, err := release.Parse(version)
	if err != nil {
		return nil, fmt.Errorf("start a fake workspace: %w", err)
	}
	o := newOptions(opts)
	if path := strings.Trim(o.path, "/"); path != "" {
		o.path = "/" + path
	}
	w := &Workspace{options: o, cloud: o.cloud, people: newPeople(), transport: newCloudTransport(o)}
	if w.cloud == nil {
		if w.cloud, err = StartCloud(WithClock(o.clock), WithFaults(o.faults)); err != nil {
			return nil, err
		}
		w.ownCloud = true
	}
	if err := w.open(rel); err != nil {
		w.closeCloud()
		return nil, fmt.Errorf("start a fake workspace: %w", err)
	}
	return w, nil
}

// open takes requests, and brings up the first server. A workspace that it fails for has nothing to close but its Cloud.
func (w *Workspace) open(rel release.Release) error {
	o := w.options
	w.emails, w.accounts = o.ownerEmails, server.NewAccounts(w.people.all())
	if o.method != "" { // to remember that there is none would cost each workspace of a fleet a map
		w.SetTwoFactor(w.Admin(), o.method, o.code)
	}
	gate := faults.Gate{Plan: o.faults, Side: faults.Workspace, Clock: o.clock}
	var err error
	if w.httpServer, err = serve(o, gate.Handler(http.HandlerFunc(w.serveHTTP))); err != nil {
		return err
	}
	if err := w.start(rel, nil); err != nil {
		w.close()
		return err
	}
	return nil
}

// newCloudTransport carries the calls to the Cloud.
func newCloudTransport(o options) http.RoundTripper {
	if o.cloudFaults == nil {
		return &http.Transport{}
	}
	return o.cloudFaults.WorkspaceRoundTripper(&http.Transport{})
}

// serveHTTP hands a request to the server that runs at the moment.
func (w *Workspace) serveHTTP(rw http.ResponseWriter, r *http.Request) {
	run := w.running()
	if run == nil {
		http.Error(rw, "the server is starting", http.StatusServiceUnavailable)
		return
	}
	run.server.ServeHTTP(rw, r)
}

func (w *Workspace) running() *running {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.run
}

// Close stops the workspace, and the Cloud that it started. It may be called more than once.
func (w *Workspace) Close() {
	if run := w.running(); run != nil {
		run.close()
	}
	w.close()
	(&http.Client{Transport: w.transport}).CloseIdleConnections()
	w.closeCloud()
}

func (w *Workspace) closeCloud() {
	if w.ownCloud {
		w.cloud.Close()
	}
}

// URL is the workspace's address, with the sub-path of [WithPath] and without a trailing slash.
func (w *Workspace) URL() string { return w.server.URL + w.options.path }

// Version is the workspace's version in full.
func (w *Workspace) Version() string { return w.running().release.String() }

// Cloud is the Cloud that the workspace talks to.
func (w *Workspace) Cloud() *Cloud { return w.cloud }

// Admin is an administrator, who has all permissions and whom the limits of REST calls spare.
func (w *Workspace) Admin() Account { return accountOf(w.people.admin) }

// Manager has the permissions manage-cloud and register-on-cloud, and is no administrator.
func (w *Workspace) Manager() Account { return accountOf(w.people.manager) }

// Viewer has the permission view-privileged-setting, and may not change a thing.
func (w *Workspace) Viewer() Account { return accountOf(w.people.viewer) }

// User has no permissions.
func (w *Workspace) User() Account { return accountOf(w.people.user) }

// SetTwoFactor changes the second factor of an account: the method, and the code that is right until the next change.
// [TwoFactorPassword], or none, falls back on the password, whose SHA-256 in hex is the code.
func (w *Workspace) SetTwoFactor(account Account, method TwoFactorMethod, code string) {
	if method == TwoFactorPassword {
		method = ""
	}
	w.accounts.SetTwoFactor(account.UserID, server.TwoFactor{Method: string(method), Code: code})
}

// History returns what the workspace was asked, in the order of arrival.
func (w *Workspace) History() []Exchange { return w.history() }

// ClearHistory forgets what the workspace was asked so far.
func (w *Workspace) ClearHistory() { w.clear() }

// Upgrade restarts the server with another version. The settings, the accounts and their tokens stay. It fails with
// [ErrVersion], and then changes nothing.
func (w *Workspace) Upgrade(version string) error {
	rel, err := release.Parse(version)
	if err != nil {
		return fmt.Errorf("upgrade a fake workspace: %w", err)
	}
	if err := w.start(rel, w.Settings()); err != nil {
		return fmt.Errorf("upgrade a fake workspace: %w", err)
	}
	return nil
}

// Reset makes the workspace a fresh one of the same version: unregistered, without faults, with an empty history and
// untouched limits. Its accounts stay. The Cloud has a [Cloud.Reset] of its own.
func (w *Workspace) Reset() error {
	if err := w.start(w.running().release, nil); err != nil {
		return fmt.Errorf("reset a fake workspace: %w", err)
	}
	w.ClearFaults()
	w.clear()
	return nil
}

// start brings up a server in the place of the one that runs, if any. Settings that are kept outweigh fresh ones.
func (w *Workspace) start(rel release.Release, kept map[string]any) error {
	next, err := w.newRunning(rel, kept)
	if err != nil {
		return err
	}
	if kept == nil && w.options.license != nil {
		text, err := w.cloud.License(*w.options.license)
		if err != nil {
			return err
		}
		kept = map[string]any{"Enterprise_License": text}
	}
	w.mu.Lock()
	previous := w.run
	w.run = next
	w.mu.Unlock()
	if previous != nil {
		previous.close()
	}
	next.takeUpLicense(kept)
	next.module.StartUp(context.Background(), w.options.regToken)
	return nil
}

// SetFault makes calls to the workspace fail. Of several for a call, the oldest that is not used up goes first.
func (w *Workspace) SetFault(f faults.Fault) {
	f.Side = faults.Workspace
	w.faults.Set(f)
}

// ClearFaults ends the faults that were set on the workspace.
func (w *Workspace) ClearFaults() { w.faults.Drop(faults.Workspace) }
