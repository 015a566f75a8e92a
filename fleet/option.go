package fleet

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/clock"
	"github.com/rcreg/registration/workspace"
)

// Option changes how a [Fleet] works. Every option has a safe default.
type Option func(*settings) error

type settings struct {
	concurrency int
	perHost     int
	cloudRate   float64 // a minute
	retries     int
	timeout     time.Duration
	grace       time.Duration
	journal     *Journal
	tokens      *Tokens
	clock       workspace.Clock
	logger      *slog.Logger
	base        http.RoundTripper
	workspace   []workspace.Option
	client      func(Workspace) []registration.Option
	windows     *windows
	abandon     <-chan struct{} // nil never ends anything
}

func newSettings(options []Option) (settings, error) {
	s := settings{
		concurrency: 32, perHost: 4, cloudRate: 600, retries: 3, timeout: 3 * time.Minute, grace: 20 * time.Second,
		clock: clock.System(), logger: slog.New(slog.DiscardHandler),
	}
	for _, option := range options {
		if option == nil {
			return settings{}, errors.New("an option is nil")
		}
		if err := option(&s); err != nil {
			return settings{}, err
		}
	}
	return s, nil
}

// WithConcurrency limits how many workspaces are worked on at the same time: 32 by default.
func WithConcurrency(n int) Option {
	return func(s *settings) error {
		s.concurrency = n
		return atLeast("the concurrency", n, 1)
	}
}

// WithPerHost limits how many of them share a host and port: 4 by default.
func WithPerHost(n int) Option {
	return func(s *settings) error {
		s.perHost = n
		return atLeast("the limit for each host", n, 1)
	}
}

// WithCloudRate limits how many operations that ask Rocket.Chat Cloud begin in a minute: 600 by default.
func WithCloudRate(perMinute float64) Option {
	return func(s *settings) error {
		s.cloudRate = perMinute
		if !(perMinute > 0) {
			return fmt.Errorf("the rate for the Cloud must be positive, not %v", perMinute)
		}
		return nil
	}
}

// WithRetries sets how often an operation is tried again after a failure that may pass by itself: 3 times by default. The time between two tries costs
// no other workspace any.
func WithRetries(n int) Option {
	return func(s *settings) error {
		s.retries = n
		return atLeast("the number of retries", n, 0)
	}
}

// WithTimeout limits how long one try may take: 3 minutes by default. It should leave room for an act whose reply is lost, which takes a minute, and for a
// rate limit of a minute.
func WithTimeout(d time.Duration) Option {
	return func(s *settings) error {
		s.timeout = d
		return positive("the time for a try", d)
	}
}

// WithGrace sets how long what is in flight may go on when a run is interrupted, to see what came of it: 20 seconds by default. What is cut off then is looked
// at first in the next run. [WithAbandon] ends it before its time.
func WithGrace(d time.Duration) Option {
	return func(s *settings) error {
		s.grace = d
		return positive("the grace", d)
	}
}

// WithAbandon ends a run, or what a [Fleet.Do] has in flight, at once when a channel is closed, as a second Ctrl-C does: what is in flight is cut off, and what does not come back
// in a moment is yielded as in doubt. Its token stays bound to it, and the journal knows it as in flight, so that the next run looks at it first.
func WithAbandon(now <-chan struct{}) Option {
	return func(s *settings) error {
		s.abandon = now
		return given("the channel", now != nil)
	}
}

// WithJournal writes down what was begun and what came of it, so that an interrupted run can be resumed. The caller closes the journal.
func WithJournal(j *Journal) Option {
	return func(s *settings) error {
		s.journal = j
		return given("the journal", j != nil)
	}
}

// WithTokens is where registrations take their tokens from. The caller closes the pool.
func WithTokens(t *Tokens) Option {
	return func(s *settings) error {
		s.tokens = t
		return given("the pool of tokens", t != nil)
	}
}

// WithClock waits on another clock than the machine's.
func WithClock(c workspace.Clock) Option {
	return func(s *settings) error {
		s.clock = c
		return given("the clock", c != nil)
	}
}

// WithLogger writes one debug record for each request, without secrets. The default is silence.
func WithLogger(logger *slog.Logger) Option {
	return func(s *settings) error {
		s.logger = logger
		return given("the logger", logger != nil)
	}
}

// WithRoundTripper sends requests through another transport than one that is sized to the fleet and honours HTTP_PROXY and HTTPS_PROXY.
func WithRoundTripper(transport http.RoundTripper) Option {
	return func(s *settings) error {
		s.base = transport
		return given("the transport", transport != nil)
	}
}

// WithWorkspaceOptions changes how each workspace is talked to. Clock, logger and transport are those of the fleet.
func WithWorkspaceOptions(options ...workspace.Option) Option {
	return func(s *settings) error {
		s.workspace = append(s.workspace, options...)
		return nil
	}
}

// WithClient gives the options of each workspace's client, above all its transport: a list that names relays needs it. It is called from several
// goroutines, for each try.
func WithClient(options func(Workspace) []registration.Option) Option {
	return func(s *settings) error {
		s.client = options
		return given("the function", options != nil)
	}
}

// WithSupport finds out when the support of each version ends, with [registration.Client.Support]: that of the first workspace that has the version counts for
// all for six hours, that it cannot be found for ten minutes; only an exception that Rocket.Chat grants to a workspace is its own.
func WithSupport() Option {
	return func(s *settings) error {
		s.windows = &windows{known: map[string]window{}}
		return nil
	}
}

func atLeast(what string, n, least int) error {
	if n < least {
		return fmt.Errorf("%s must be at least %d, not %d", what, least, n)
	}
	return nil
}

func positive(what string, d time.Duration) error {
	if d <= 0 {
		return fmt.Errorf("%s must be positive, not %s", what, d)
	}
	return nil
}

func given(what string, ok bool) error {
	if !ok {
		return errors.New(what + " is nil")
	}
	return nil
}
