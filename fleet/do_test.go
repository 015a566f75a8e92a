package fleet_test

import (
	"context"
	"errors"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/faults"
)

// TestDo works on workspaces that are in no list of the fleet, and meets no limit of theirs: what was learned of them is kept between two calls.
func TestDo(t *testing.T) {
	t.Parallel()
	clock := registrationtest.NewClock(someTime())
	fake := registrationtest.NewFleet(t, 1, registrationtest.InProcess(), registrationtest.WithClock(clock), registrationtest.WithRateLimits(), registrationtest.WithVersions("5.4.0"))
	pool, _ := poolOf(t, fake.Cloud(), 1)
	w := listOf(t, fake).Workspaces[0]
	f := open(t, fleet.List{}, fleet.WithClock(clock), fleet.WithRoundTripper(fake.RoundTripper()), fleet.WithTokens(pool))
	if o := f.Do(t.Context(), w, fleet.Register()); o.Class != fleet.Done || o.Attempts != 1 || o.Workspace != w.Name || o.MayPass() || pool.Left() != 0 {
		t.Errorf("%+v", o)
	}
	began := clock.Now()
	for range 6 {
		if o := f.Do(t.Context(), w, fleet.Sync()); o.Class != fleet.Unchanged {
			t.Errorf("%+v", o)
		}
	}
	if fake.TooMany() != 0 || clock.Now().Sub(began) == 0 {
		t.Errorf("%d calls were refused; it took %s", fake.TooMany(), clock.Now().Sub(began))
	}
}

func TestDoIsRefused(t *testing.T) {
	t.Parallel()
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	direct := fleet.Workspace{Name: "alpha", URL: "https://alpha.example.com", UserID: "rcreg", AuthToken: fleet.Reference{Env: "NOT_SET"}}
	relayed := direct
	relayed.Via = fleet.ViaRelay
	for name, test := range map[string]struct {
		ctx       context.Context
		workspace fleet.Workspace
		op        fleet.Operation
		class     fleet.Class
		is        error
	}{
		"no operation":  {t.Context(), direct, fleet.Operation{}, fleet.Failed, registration.ErrInvalidInput},
		"no relay":      {t.Context(), relayed, fleet.Status(), fleet.Failed, registration.ErrInvalidInput},
		"no credential": {t.Context(), direct, fleet.Status(), fleet.Failed, registration.ErrInvalidInput},
		"ended before":  {cancelled, direct, fleet.Status(), fleet.Cancelled, context.Canceled},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := open(t, fleet.List{}).Do(test.ctx, test.workspace, test.op)
			if o.Class != test.class || !errors.Is(o.Err, test.is) || o.MayPass() || o.Message == "" || test.class == fleet.Failed && o.Advice == "" {
				t.Errorf("%+v", o)
			}
		})
	}
}

// TestMayPass tells what makes sense to be tried again, and when.
func TestMayPass(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault   faults.Fault
		passes  bool
		noEarly bool
	}{
		"went well":    {},
		"a rate limit": {faults.Fault{Kind: faults.TooMany, Side: faults.Workspace}, true, true},
		"is away":      {faults.Fault{Kind: faults.Unavailable, Side: faults.Workspace}, true, false},
		"unauthorized": {faults.Fault{Kind: faults.Unauthorized, Side: faults.Workspace}, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := registrationtest.NewClock(someTime())
			fake := registrationtest.NewFleet(t, 1, registrationtest.InProcess(), registrationtest.WithClock(clock))
			if name != "went well" {
				test.fault.Times = 100
				fake.Workspace(0).SetFault(test.fault)
			}
			o := open(t, fleet.List{}, fleet.WithClock(clock), fleet.WithRoundTripper(fake.RoundTripper())).Do(t.Context(), listOf(t, fake).Workspaces[0], fleet.Status())
			if o.MayPass() != test.passes || o.NotBefore().After(clock.Now()) != test.noEarly || (o.Err == nil) != (o.Class == fleet.Unchanged) {
				t.Errorf("%+v: may pass %v, not before %s", o, o.MayPass(), o.NotBefore())
			}
		})
	}
}
