package faults

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rcreg/registration/registrationtest/internal/lifetime"
)

// newGate starts a workspace behind a gate, and returns its address, its plan and a client.
func newGate(t *testing.T, behind http.Handler, change func(*Gate)) (*httptest.Server, *Plan, *http.Client) {
	t.Helper()
	c := newStillClock()
	gate := Gate{Plan: NewPlan(c), Side: Workspace, Clock: c}
	if change != nil {
		change(&gate)
	}
	server := httptest.NewServer(gate.Handler(behind))
	t.Cleanup(server.Close)
	transport := &http.Transport{DisableKeepAlives: true}
	return server, gate.Plan, &http.Client{Transport: transport, CheckRedirect: keepRedirects}
}

func TestGate(t *testing.T) {
	t.Parallel()
	for _, e := range expectations() {
		if e.onWay {
			continue
		}
		t.Run(e.fault.String(), func(t *testing.T) {
			t.Parallel()
			var behind actor
			server, plan, client := newGate(t, &behind, nil)
			var restarted atomic.Int64
			fault := e.fault
			fault.Do = func() { restarted.Add(1) }
			plan.At(1, fault)
			e.check(t, ask(t, client, server.URL+"/api/v1/cloud.syncWorkspace?a=b"), behind.acts.Load())
			if step := plan.Steps()[0]; step.CarriedOut != e.fault.CarriedOut() || step.Side != Workspace || restarted.Load() != 1 {
				t.Errorf("the plan says %+v, and something was done %d times", step, restarted.Load())
			}
			if got := ask(t, client, server.URL); got.err != nil || got.body != done {
				t.Errorf("and then %+v", got)
			}
		})
	}
}

// gone reports whether a handler ended without an answer, and how long that took on the clock.
func gone(ctx context.Context, gate Gate, behind http.Handler) (gone bool, took time.Duration) {
	began := gate.Clock.Now()
	defer func() {
		err, _ := recover().(error)
		gone, took = errors.Is(err, http.ErrAbortHandler), gate.Clock.Now().Sub(began)
	}()
	gate.Handler(behind).ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "POST", "/api/v1/x", http.NoBody))
	return false, 0
}

func TestGateKeepsWaiting(t *testing.T) {
	t.Parallel()
	left, leave := context.WithCancel(t.Context())
	leave()
	tests := map[string]struct {
		ctx   context.Context
		fault Fault
		takes time.Duration
		acts  int64
	}{
		"late":                      {t.Context(), Fault{Kind: Timeout}, serverHangs, 0},
		"late after the act":        {t.Context(), Fault{Kind: Timeout, After: true}, serverHangs, 1},
		"hang, and the client left": {left, Fault{Kind: Hang}, 0, 0},
		"drip, and the client left": {left, Fault{Kind: Drip}, dripPause, 1},
		"stall":                     {t.Context(), Fault{Kind: Stall}, serverHangs + time.Duration(len(done)/2)*dripPause, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var behind actor
			gate := Gate{Plan: newPlan(), Side: Workspace, Clock: newStillClock()}
			gate.Plan.Set(test.fault)
			dropped, took := gone(test.ctx, gate, &behind)
			if !dropped || took != test.takes || behind.acts.Load() != test.acts {
				t.Errorf("dropped %v after %s, carried out %d times", dropped, took, behind.acts.Load())
			}
		})
	}
}

// A server that is slow goes on when the caller has left, and stops with its own end.
func TestASlowServerGoesOn(t *testing.T) {
	t.Parallel()
	left, leave := context.WithCancel(lifetime.With(t.Context()))
	leave()
	ended, stop := context.WithCancel(t.Context())
	stop()
	for name, test := range map[string]struct {
		ctx  context.Context
		gone bool
		acts int64
	}{
		"the caller left":                {left, false, 1},
		"the caller left, of no server":  {ended, false, 1},
		"the server ended, with callers": {lifetime.With(ended), true, 0},
	} {
		var behind actor
		gate := Gate{Plan: newPlan(), Side: Workspace, Clock: newStillClock()}
		gate.Plan.Set(Fault{Kind: Slow})
		if dropped, _ := gone(test.ctx, gate, &behind); dropped != test.gone || behind.acts.Load() != test.acts {
			t.Errorf("%s: dropped %v, carried out %d times", name, dropped, behind.acts.Load())
		}
	}
}

func TestGateEndsABodyThatIsNotThere(t *testing.T) {
	t.Parallel()
	for _, kind := range []Kind{Cut, Stall} {
		server, plan, client := newGate(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), nil)
		plan.At(1, Fault{Kind: kind})
		if got := ask(t, client, server.URL); got.err == nil {
			t.Errorf("%s of an empty body: %+v", kind, got)
		}
	}
}

func TestTheCloudFailsInItsOwnWay(t *testing.T) {
	t.Parallel()
	var behind actor
	server, plan, client := newGate(t, &behind, func(g *Gate) { g.Side = Cloud })
	for _, e := range []expectation{
		{fault: Fault{Kind: BadRequest}, status: 400, body: `{"error":"invalid_request"}`},
		{fault: Fault{Kind: InvalidClient}, status: 400, body: `{"error":"oauth_invalid_client_credentials"}`},
		{fault: Fault{Kind: TooMany}, status: 429, body: `{"error":"too_many_requests"}`},
		{fault: Fault{Kind: Malformed}, status: 200, body: `{"workspaceId":`},
		{fault: Fault{Kind: WrongTypes}, status: 201, body: `"client_id":42`},
		{fault: Fault{Kind: Body, Body: "{}"}, status: 201, body: "{}"},
	} {
		plan.At(1, e.fault)
		got := ask(t, client, server.URL+"/api/oauth/clients")
		if again := got.header.Get("Retry-After"); (again == "2") != (e.status == 429) {
			t.Errorf("%s: Retry-After is %q", e.fault, again)
		}
		if got.status != e.status || got.err != nil || len(got.body) == 0 || behind.acts.Load() != 0 {
			t.Errorf("%s: %+v, carried out %d times", e.fault, got, behind.acts.Load())
		}
	}
}

func TestAPlaceHasAFaultOfItsOwn(t *testing.T) {
	t.Parallel()
	var behind actor
	server, plan, client := newGate(t, &behind, func(g *Gate) {
		g.Otherwise = func() (Fault, bool) { return Fault{Kind: Page}, true }
	})
	plan.At(1, Fault{Kind: ServerError})
	for _, want := range []int{500, 200} {
		if got := ask(t, client, server.URL); got.status != want || behind.acts.Load() != 0 {
			t.Errorf("got %+v", got)
		}
	}
}
