package clock_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rcreg/registration/internal/clock"
)

func TestSystemSleeps(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := clock.System()
		began := c.Now()
		if err := c.Sleep(t.Context(), time.Hour); err != nil || c.Now().Sub(began) != time.Hour {
			t.Errorf("after %s: %v", c.Now().Sub(began), err)
		}
		if err := c.Sleep(t.Context(), -time.Hour); err != nil || c.Now().Sub(began) != time.Hour {
			t.Errorf("a negative sleep took until %s: %v", c.Now().Sub(began), err)
		}
	})
}

func TestSystemSleepEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := clock.System()
		began := c.Now()
		why := errors.New("somebody left")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Minute, func() { cancel(why) })
		if err := c.Sleep(ctx, time.Hour); !errors.Is(err, why) || c.Now().Sub(began) != time.Minute {
			t.Errorf("after %s: %v", c.Now().Sub(began), err)
		}
		if err := c.Sleep(ctx, 0); !errors.Is(err, why) {
			t.Errorf("with a context that is done: %v", err)
		}
	})
}
