package jumpclock_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rcreg/registration/temporal/devserver/internal/jumpclock"
)

const week = 7 * 24 * time.Hour

// TestJump has what waits for a week wait for a minute, and nothing else end.
func TestJump(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := jumpclock.New()
		began, really := c.Now(), time.Now()
		soon, _ := c.NewTimer(week)
		late, lateTimer := c.NewTimer(week + time.Hour)
		fired := 0
		c.AfterFunc(week-time.Minute, func() { fired++ })
		time.AfterFunc(time.Minute, func() { c.Jump(week - time.Minute) })
		if got := <-soon; got.Sub(began) != week || time.Since(really) != time.Minute || c.Since(began) != week {
			t.Errorf("after %s, by the clock %s", time.Since(really), got.Sub(began))
		}
		synctest.Wait()
		if fired != 1 || len(late) != 0 {
			t.Errorf("the one before fired %d times, the one after %d times", fired, len(late))
		}
		if !lateTimer.Reset(time.Second) || (<-late).IsZero() || lateTimer.Stop() {
			t.Error("a timer that was set anew did not fire once")
		}
	})
}

func TestStop(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := jumpclock.Ahead(week)
		if ahead := time.Until(c.Now()); ahead != week {
			t.Errorf("ahead by %s", ahead)
		}
		over, timer := c.NewTimer(time.Hour)
		if !timer.Stop() || timer.Stop() {
			t.Error("it was stopped once")
		}
		c.Jump(week)
		synctest.Wait()
		if len(over) != 0 {
			t.Error("it fired nevertheless")
		}
	})
}

func TestSleep(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := jumpclock.New()
		time.AfterFunc(time.Second, func() { c.Jump(week) })
		if err := c.Sleep(t.Context(), week); err != nil {
			t.Error(err)
		}
		why := errors.New("somebody left")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { cancel(why) })
		if err := c.Sleep(ctx, week); !errors.Is(err, why) {
			t.Error(err)
		}
		if err := c.Sleep(ctx, 0); !errors.Is(err, why) {
			t.Error(err)
		}
	})
}
