package watch

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cenkalti/backoff/v4"
)

const (
	// gather is how long events are collected: what changes together is told together.
	gather = 5 * time.Second
	// longestSilence bounds the pauses after events that could not be told.
	longestSilence = 5 * time.Minute
	// saveEvery is how long what was seen, and not told, may be only in this process.
	saveEvery = 30 * time.Second
)

// DeliveryError is why events could not be told. It holds no secret.
type DeliveryError struct {
	Reason string
	// RetryAt is when the receiver wants to be asked again; zero when it did not say.
	RetryAt time.Time
}

// Error tells the reason.
func (e *DeliveryError) Error() string { return "the events could not be delivered: " + e.Reason }

// tellAll tells what is new, and keeps the memory, until ctx is done.
func (w *Watch) tellAll(ctx context.Context) {
	pauses := backoff.NewExponentialBackOff(backoff.WithInitialInterval(gather), backoff.WithMultiplier(2), backoff.WithMaxInterval(longestSilence),
		backoff.WithMaxElapsedTime(0), backoff.WithClockProvider(w.clock))
	pause, saved := gather, w.clock.Now()
	for w.clock.Sleep(ctx, pause) == nil {
		pause = gather
		told, err := w.tellNews(ctx)
		if err != nil {
			pause = max(pauses.NextBackOff(), heldUntil(err).Sub(w.clock.Now()))
		} else {
			pauses.Reset()
		}
		if now := w.clock.Now(); told || now.Sub(saved) >= saveEvery {
			_ = w.save() // Health tells, and the next one tries again
			saved = now
		}
	}
}

// heldUntil is when a receiver wants to be asked again, within a day.
func heldUntil(err error) time.Time {
	if failed := (*DeliveryError)(nil); errors.As(err, &failed) {
		return failed.RetryAt
	}
	return time.Time{}
}

// tellNews tells what is new. It is false when there is nothing.
func (w *Watch) tellNews(ctx context.Context) (told bool, err error) {
	events := w.news()
	if len(events) == 0 {
		return false, nil
	}
	if w.tell != nil {
		err = w.tell(ctx, events)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.undelivered = err
	if err != nil {
		w.counts.undelivered++
		return false, err
	}
	w.counts.delivered++
	w.unsaved = true
	byName := map[string][]Event{}
	for _, e := range events {
		byName[e.Workspace] = append(byName[e.Workspace], e)
	}
	for _, e := range w.entries {
		if events := byName[e.Workspace]; events != nil {
			e.told(events)
		}
	}
	return true, nil
}

// news are the differences between what is so and what was told, in the order of the list. Nothing is told before all workspaces were looked at once, or their time for
// that is over: what is found first comes as one.
func (w *Watch) news() []Event {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.clock.Now()
	events := make([]Event, 0, 1) // mostly none
	waiting := 0
	for _, e := range w.entries {
		if !e.fresh {
			waiting++
		}
		events = append(events, e.news(now)...)
	}
	if waiting > 0 && now.Sub(w.began) < w.interval+gather {
		return nil
	}
	return events
}

// save writes what was seen and told into the memory, where there is one and something is new.
func (w *Watch) save() error {
	if w.memory == nil {
		return nil
	}
	w.mu.Lock()
	if !w.unsaved {
		w.mu.Unlock()
		return nil
	}
	records := make([]record, len(w.entries))
	for i, e := range w.entries {
		records[i] = e.copied()
	}
	w.unsaved = false
	w.mu.Unlock()

	err := w.memory.keep(records)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.broken = err; err != nil {
		w.unsaved = true
		return fmt.Errorf("keep what was seen: %w", err)
	}
	return nil
}
