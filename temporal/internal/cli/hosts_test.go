package cli

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestHostsHaveSoManyPlaces(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHosts(2)
		began := time.Now()
		var group sync.WaitGroup
		for i := range 10 {
			group.Go(func() {
				address := "https://one.example.com/chat"
				if i >= 6 {
					address = "https://two.example.com:8443/"
				}
				leave, err := h.enter(t.Context(), address)
				if err != nil {
					t.Error(err)
					return
				}
				defer leave()
				<-time.After(time.Second)
			})
		}
		group.Wait()
		if took := time.Since(began); took != 3*time.Second { // six at one host by two, and four at the other one meanwhile
			t.Errorf("it took %s", took)
		}
		if len(h.places) != 0 {
			t.Errorf("%d hosts are remembered", len(h.places))
		}
	})
}

func TestHostsWaitNoLongerThanAsked(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := newHosts(1)
		leave, err := h.enter(t.Context(), "https://one.example.com")
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := h.enter(ctx, "https://one.example.com"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("it has a place, or %v", err)
		}
		leave()
		leave, err = h.enter(t.Context(), "://what is no address has places too")
		if err != nil {
			t.Fatal(err)
		}
		leave()
		if len(h.places) != 0 {
			t.Errorf("%d hosts are remembered", len(h.places))
		}
	})
}
