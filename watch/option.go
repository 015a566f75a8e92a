package watch

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/clock"
	"github.com/rcreg/registration/workspace"
)

// Option changes how a [Watch] works. Every option has a safe default.
type Option func(*settings) error

type settings struct {
	interval    time.Duration
	syncEvery   time.Duration // zero syncs never
	notice      time.Duration
	concurrency int
	perHost     int
	clock       workspace.Clock
	memory      *Memory
	tell        func(context.Context, []Event) error
	fleet       []fleet.Option
}

// The bounds of intervals: servers let ten calls a minute of a route in.
const (
	shortestInterval = 10 * time.Second
	longestInterval  = 24 * time.Hour
	shortestSync     = 10 * time.Minute
)

func newSettings(options []Option) (settings, error) {
	s := settings{interval: 5 * time.Minute, notice: 30 * 24 * time.Hour, concurrency: 32, perHost: 4, clock: clock.System()}
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

// WithInterval sets how often each workspace is looked at: every 5 minutes by default, and between 10 seconds and a day.
func WithInterval(d time.Duration) Option {
	return func(s *settings) error {
		s.interval = d
		if d < shortestInterval || d > longestInterval {
			return fmt.Errorf("the interval must be between %s and %s, not %s", shortestInterval, longestInterval, d)
		}
		return nil
	}
}

// WithSync also lets each registered workspace sync this often, and at least 10 minutes apart: only that shows whether the Cloud still knows it. It is done with a look.
func WithSync(every time.Duration) Option {
	return func(s *settings) error {
		s.syncEvery = every
		if every < shortestSync {
			return fmt.Errorf("syncs must be at least %s apart, not %s", shortestSync, every)
		}
		return nil
	}
}

// WithNotice sets how long before its end a support window or a license is a trouble: 30 days by default.
func WithNotice(d time.Duration) Option {
	return func(s *settings) error {
		s.notice = d
		if d < 0 {
			return fmt.Errorf("the notice cannot be negative: %s", d)
		}
		return nil
	}
}

// WithConcurrency limits how many workspaces are asked at the same time, and how many of them share a host and port: 32 and 4 by default.
func WithConcurrency(all, perHost int) Option {
	return func(s *settings) error {
		s.concurrency, s.perHost = all, perHost
		if all < 1 || perHost < 1 {
			return fmt.Errorf("the concurrency must be at least 1, not %d and %d", all, perHost)
		}
		return nil
	}
}

// WithClock waits on another clock than the machine's.
func WithClock(c workspace.Clock) Option {
	return func(s *settings) error {
		s.clock = c
		if c == nil {
			return errors.New("the clock is nil")
		}
		return nil
	}
}

// WithMemory keeps what was seen and told, so that nothing is told twice after a restart. The caller closes it when [Watch.Run] has returned.
func WithMemory(m *Memory) Option {
	return func(s *settings) error {
		s.memory = m
		if m == nil {
			return errors.New("the memory is nil")
		}
		return nil
	}
}

// WithTeller is called with what has changed for the worse or has mended. One call ends before the next begins. After an error the same events come again later, with
// what has changed since; a [*DeliveryError] says when.
func WithTeller(tell func(context.Context, []Event) error) Option {
	return func(s *settings) error {
		s.tell = tell
		if tell == nil {
			return errors.New("the teller is nil")
		}
		return nil
	}
}

// WithFleet changes how the workspaces are talked to: [fleet.WithClient] and so on. Clock, concurrency, retries and support are those of the watch.
func WithFleet(options ...fleet.Option) Option {
	return func(s *settings) error {
		s.fleet = append(s.fleet, options...)
		return nil
	}
}
