package faults

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rcreg/registration/internal/clock"
)

// inProcess lets a handler answer without a network.
type inProcess struct {
	http.Handler
	closed bool
}

func (p *inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	recorder := httptest.NewRecorder()
	p.ServeHTTP(recorder, r)
	closeBody(r)
	return recorder.Result(), nil
}

func (p *inProcess) CloseIdleConnections() { p.closed = true }

func TestTransport(t *testing.T) {
	t.Parallel()
	list := append(expectations(),
		expectation{fault: Fault{Kind: Timeout}, fails: is(context.DeadlineExceeded)},
		expectation{fault: Fault{Kind: Timeout, After: true}, fails: is(context.DeadlineExceeded)},
		expectation{fault: Fault{Kind: Hang}, fails: is(context.DeadlineExceeded)},
		expectation{fault: Fault{Kind: Stall}, status: 200, body: done[:len(done)/2], fails: is(context.DeadlineExceeded)},
	)
	for _, e := range list {
		t.Run(e.fault.String(), func(t *testing.T) {
			t.Parallel()
			var behind actor
			plan := NewPlan(newStillClock())
			client := &http.Client{Transport: newTransport(plan, &inProcess{Handler: &behind}, AnySide), CheckRedirect: keepRedirects}
			restarted := 0
			fault := e.fault
			fault.Do = func() { restarted++ }
			plan.At(2, fault)
			const address = "https://chat.example.test/api/v1/cloud.syncWorkspace?a=b"
			if got := ask(t, client, address); got.err != nil || got.body != done || behind.acts.Swap(0) != 1 {
				t.Fatalf("before the fault: %+v", got)
			}
			e.check(t, ask(t, client, address), behind.acts.Load())
			fired := plan.Fired()
			if e.fault.Kind == None && len(fired) == 0 && restarted == 1 {
				return
			}
			if len(fired) != 1 || fired[0].N != 2 || fired[0].Fault != e.fault.Kind || fired[0].CarriedOut != e.fault.CarriedOut() || restarted != 1 {
				t.Errorf("fired: %+v; something was done %d times", fired, restarted)
			}
		})
	}
}

func TestTransportRefusesAsADialDoes(t *testing.T) {
	t.Parallel()
	plan := newPlan()
	plan.Set(Fault{Kind: Refused})
	got := ask(t, &http.Client{Transport: newTransport(plan, nil, AnySide)}, "https://chat.example.test")
	var op *net.OpError
	if !errors.As(got.err, &op) || op.Op != "dial" {
		t.Errorf("got %v", got.err)
	}
}

func TestTransportWaitsElsewhere(t *testing.T) {
	t.Parallel()
	var behind actor
	next := &inProcess{Handler: &behind}
	plan := newPlan()
	plan.At(1, Fault{Kind: Redirect})
	client := &http.Client{Transport: newTransport(plan, next, AnySide)} // one that follows redirects
	if got := ask(t, client, "https://chat.example.test/api/info"); got.status != 200 || got.body != pageText || behind.acts.Load() != 0 {
		t.Errorf("got %+v", got)
	}
	if plan.Followed() != 1 || plan.Count() != 1 {
		t.Errorf("%d requests followed, %d were counted", plan.Followed(), plan.Count())
	}
	if client.CloseIdleConnections(); !next.closed {
		t.Error("idle connections stay")
	}
	if plan.Clear(); plan.Followed() != 0 {
		t.Error("it does not forget")
	}
}

func TestTransportHandsOnFailuresOfItsOwn(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	next := roundTripper(func(*http.Request) (*http.Response, error) { return nil, broken })
	for _, kind := range []Kind{None, Cut, Slow} {
		plan := NewPlan(newStillClock())
		plan.Set(Fault{Kind: kind})
		if got := ask(t, &http.Client{Transport: newTransport(plan, next, AnySide)}, "https://chat.example.test"); !errors.Is(got.err, broken) {
			t.Errorf("%s: %v", kind, got.err)
		}
	}
}

// Who leaves a slow server has had the request carried out.
func TestTransportIsSlowAfterTheAct(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		acts := 0
		next := roundTripper(func(r *http.Request) (*http.Response, error) {
			acts++
			return newReply(http.StatusOK, htmlType, done).response(r), nil
		})
		plan := NewPlan(clock.System())
		plan.Set(Fault{Kind: Slow})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		request := httptest.NewRequestWithContext(ctx, http.MethodPost, "https://chat.example.test", http.NoBody)
		response, err := newTransport(plan, next, AnySide).RoundTrip(request)
		if response != nil {
			_ = response.Body.Close()
		}
		if !errors.Is(err, context.DeadlineExceeded) || acts != 1 || !plan.Steps()[0].CarriedOut {
			t.Errorf("%v, carried out %d times, which the plan says is %v", err, acts, plan.Steps()[0].CarriedOut)
		}
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
