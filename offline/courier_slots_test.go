package offline

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/rcreg/registration/cloud"
)

// busyCloud does something while a call is under way.
type busyCloud struct {
	*fakeCloud
	during func()
}

func (c busyCloud) ExchangeToken(ctx context.Context, token string, data cloud.RegistrationData) (cloud.Grant, error) {
	c.during()
	return c.fakeCloud.ExchangeToken(ctx, token, data)
}

func (c busyCloud) License(ctx context.Context, grant cloud.Grant, version int) (cloud.LicenseData, error) {
	c.during()
	return c.fakeCloud.License(ctx, grant, version)
}

// TestConcurrency counts the calls that are under way at a time.
func TestConcurrency(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ asked, want int }{"by default": {0, 4}, "one": {1, 1}, "many": {7, 7}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := newGap(t)
				const n = 9
				for number := range n {
					ask(t, g, number)
				}
				g.cloud.exchange = func(_ string, grant cloud.Grant) (cloud.Grant, error) { return grant.WithLicense(licenseData("")) }
				var calls atomic.Int64
				goOn := make(chan struct{})
				c := g.courier(t, "* shared")
				c.Cloud = busyCloud{g.cloud, func() { calls.Add(1); <-goOn }}
				c.Concurrency = tt.asked
				done := make(chan Report)
				go func() {
					report, err := c.Run(t.Context())
					if err != nil {
						t.Error(err)
					}
					done <- report
				}()
				synctest.Wait()
				if got := calls.Load(); got != int64(tt.want) {
					t.Errorf("%d calls are under way", got)
				}
				close(goOn)
				if report := <-done; report.Count(Answered) != n || calls.Load() != 2*n {
					t.Errorf("after %d calls: %v", calls.Load(), report)
				}
			})
		})
	}
}

// TestNoCallOnceItIsOver: who waits for the Cloud when the run is stopped does not ask it any more.
func TestNoCallOnceItIsOver(t *testing.T) {
	t.Parallel()
	for _, kind := range []Kind{Registration, License} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				g := newGap(t)
				c := g.courier(t, "* shared")
				for number := range 3 {
					r, err := g.requester.Ask(kind, dataOf(number))
					must(t, err)
					must(t, c.Ledger.kept.Keep(r.Workspace().UniqueID, grantOf(number, firstLicense)))
				}
				ctx, cancel := context.WithCancelCause(t.Context())
				enough := errors.New("enough")
				calls := 0
				c.Concurrency = 1
				c.Cloud = busyCloud{g.cloud, func() {
					calls++
					synctest.Wait() // until the next one waits
					cancel(enough)
				}}
				report, err := c.Run(ctx)
				if !errors.Is(err, enough) || calls != 1 || report.Count(Answered) != 1 {
					t.Errorf("after %d calls: %v, %v", calls, report, err)
				}
				for _, item := range report.Items {
					if item.Outcome != Answered && !errors.Is(item.Err, cloud.ErrUnreachable) {
						t.Errorf("%v", item)
					}
				}
			})
		})
	}
}

// ownContext is a context that is not one of the standard library: who derives one from it has a goroutine that waits for both.
type ownContext struct {
	context.Context
	done chan struct{}
}

func (c ownContext) Done() <-chan struct{} { return c.done }

// TestRunLeavesNoGoroutine: the end of a bubble of synctest fails when one is left.
func TestRunLeavesNoGoroutine(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGap(t)
		ask(t, g, 1)
		if _, err := g.courier(t, "* shared").Run(ownContext{t.Context(), make(chan struct{})}); err != nil {
			t.Error(err)
		}
	})
}
