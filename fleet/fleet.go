package fleet

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/httpclient"
)

// Fleet is a list of workspaces and the limits within which it is worked on. It is immutable but for what it has learned of the limits of each workspace, and
// keeps nothing open between two runs. Make one with [New]: an empty or nil one, like a nil context, is refused with [registration.ErrInvalidInput].
type Fleet struct {
	settings
	list  []Workspace
	cloud *cloud.Client // shared, for those who ask it
	pace  *pace
	rate  *rate.Limiter

	inFlight *identities // of Do

	running sync.Mutex // held during a run
	mu      sync.Mutex
	err     error // of the last run
}

// New returns a fleet; it sends nothing. Errors: [*registration.Error] of kind [registration.ErrInvalidInput] for an option that makes no sense, and for a
// list with relays without [WithClient].
func New(list List, options ...Option) (*Fleet, error) {
	s, err := newSettings(options)
	if err != nil {
		return nil, invalid(err, failure.Ways(failure.CorrectOption))
	}
	for _, w := range list.Workspaces {
		if err := s.checkTransport(w); err != nil {
			return nil, err
		}
	}
	toCloud, err := cloud.New(cloud.WithClock(s.clock))
	if err != nil {
		return nil, invalid(err, failure.Ways(failure.CorrectOption))
	}
	if s.base == nil {
		s.base = newTransport(s.concurrency, s.perHost)
	}
	// A burst of one second's worth: more would meet the Cloud all at once.
	burst := max(1, int(s.cloudRate/60))
	return &Fleet{
		settings: s, list: list.Workspaces, cloud: toCloud, pace: newPace(s.clock, s.base), rate: rate.NewLimiter(rate.Limit(s.cloudRate/60), burst),
		inFlight: newIdentities(),
	}, nil
}

// checkTransport refuses a workspace whose transport is not known.
func (s *settings) checkTransport(w Workspace) error {
	if w.Via == ViaRelay && s.client == nil {
		return invalid(fmt.Errorf("%s is reached over a relay, and none was given", w.Name), failure.Ways(failure.MakeCloudClient))
	}
	return nil
}

// usable refuses a fleet that New has not made, and a nil context.
func (f *Fleet) usable(ctx context.Context) error {
	switch {
	case f == nil || f.pace == nil:
		return emptyFleet()
	case ctx == nil:
		return invalid(errors.New("the context is nil"), failure.Ways(failure.GiveContext))
	}
	return nil
}

func emptyFleet() error {
	return invalid(errors.New("the fleet is empty"), failure.Way(failure.MakeClient, "fleet.New"))
}

func invalid(err error, ways []failure.Remedy) error {
	return &registration.Error{Op: "open fleet", Kind: registration.ErrInvalidInput, Err: err, Remedies: ways, Certain: "nothing was sent"}
}

// ErrRunning is the error of a [Fleet.Run] that was begun while another one was under way.
var ErrRunning = failure.Running

// Err returns why the last run could not do its work, such as a journal that cannot be written; nil when it could. That workspaces failed, or that the loop was
// left or its context ended, is no such error: outcomes tell.
func (f *Fleet) Err() error {
	if f == nil {
		return emptyFleet()
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.err
}

func (f *Fleet) setErr(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.err = err
}

// idleTime is how long a connection is kept for the next request to its workspace: an operation pauses for seconds at most, and a fleet has no use for the
// connections of those it is done with.
const idleTime = 15 * time.Second

// A request has some 500 bytes and a reply 1 KiB. The usual 4 KiB for each direction are a tenth of what a workspace in flight takes.
const writeBuffer, readBuffer = 1 << 10, 1 << 10

// newTransport is shared by all workspaces, so that connections that are idle count together: 100,000 workspaces must not keep 100,000 of them.
func newTransport(concurrency, perHost int) http.RoundTripper {
	shared := httpclient.DefaultTransport()
	if transport, ok := shared.(*http.Transport); ok && shared != http.DefaultTransport {
		transport.MaxIdleConns = 2 * concurrency // what is in flight pauses too, and must not be pushed out by what has ended
		transport.MaxIdleConnsPerHost = perHost
		transport.IdleConnTimeout = idleTime
		transport.WriteBufferSize, transport.ReadBufferSize = writeBuffer, readBuffer
	}
	return shared
}

// CloseIdleConnections drops the connections that [Fleet.Do] keeps for a moment, for the next request to the same workspace. What is in flight goes on; a run drops
// its own.
func (f *Fleet) CloseIdleConnections() {
	if f == nil {
		return
	}

	if transport, ok := f.base.(*http.Transport); ok && f.base != http.DefaultTransport {
		transport.CloseIdleConnections()
	}
	f.cloud.CloseIdleConnections()
}
