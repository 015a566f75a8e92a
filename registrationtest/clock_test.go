package registrationtest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"
)

func TestClock(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	clock := NewClock(start)
	if err := clock.Sleep(t.Context(), time.Hour); err != nil {
		t.Fatal(err)
	}
	clock.Advance(time.Minute)
	if err := clock.Sleep(t.Context(), -time.Hour); err != nil {
		t.Fatal(err)
	}
	if got := clock.Now().Sub(start); got != time.Hour+time.Minute {
		t.Errorf("%s passed, want 1h1m", got)
	}
}

func TestClockSleepEndsWithTheContext(t *testing.T) {
	t.Parallel()
	clock := NewClock(time.Time{})
	reason := errors.New("changed my mind")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(reason)
	if err := clock.Sleep(ctx, time.Hour); !errors.Is(err, reason) {
		t.Errorf("got %v, want the context's cause", err)
	}
	if !clock.Now().IsZero() {
		t.Error("time passed all the same")
	}
}

func TestClockIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	clock := NewClock(time.Time{})
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			_ = clock.Sleep(t.Context(), time.Second)
			clock.Now()
		})
	}
	all.Wait()
	if got := clock.Now().Sub(time.Time{}); got != 10*time.Second {
		t.Errorf("%s passed, want 10 s", got)
	}
}
