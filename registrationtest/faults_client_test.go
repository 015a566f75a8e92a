package registrationtest

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/workspace"

	"github.com/rcreg/registration/registrationtest/faults"
)

// spender spends a registration token over one of the clients of this module.
type spender struct {
	plan  *faults.Plan
	ws    *Workspace
	clock *Clock
	spend func(ctx context.Context) error
}

// newSpender starts fakes of a version. The faults are on the way, or in front of the servers.
func newSpender(t *testing.T, version string, onTheWay bool, connect func(t *testing.T, s *spender, c *Clock, transport http.RoundTripper) func(context.Context, string) error) *spender {
	t.Helper()
	clock := NewClock(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	plain := &http.Transport{DisableKeepAlives: true}
	s := &spender{plan: faults.NewPlan(clock), clock: clock}
	options, transport := []Option{WithClock(clock), WithFaults(s.plan)}, http.RoundTripper(plain)
	if onTheWay {
		options, transport = options[:1], s.plan.RoundTripper(plain)
	}
	s.ws = NewWorkspace(t, version, options...)
	spend := connect(t, s, clock, transport)
	token := s.ws.Cloud().IssueToken()
	s.spend = func(ctx context.Context) error { return spend(ctx, token) }
	return s
}

// throughWorkspace lets a workspace spend the token, as the endpoint or the method of its version does.
func throughWorkspace(t *testing.T, s *spender, c *Clock, transport http.RoundTripper) func(context.Context, string) error {
	t.Helper()
	admin := s.ws.Admin()
	client, err := workspace.New(s.ws.URL(), workspace.Token(admin.UserID, admin.AuthToken), workspace.WithClock(c), workspace.WithRoundTripper(transport))
	if err != nil {
		t.Fatal(err)
	}
	return func(ctx context.Context, token string) error {
		if s.ws.Version() == "3.0.0" {
			return client.CallMethod(ctx, "cloud:connectWorkspace", new(bool), token)
		}
		return client.Post(ctx, "cloud.connectWorkspace", map[string]string{"token": token}, nil)
	}
}

// throughCloud exchanges the token for a grant.
func throughCloud(t *testing.T, s *spender, c *Clock, transport http.RoundTripper) func(context.Context, string) error {
	t.Helper()
	client, err := cloud.New(cloud.WithURL(s.ws.Cloud().URL()), cloud.WithClock(c), cloud.WithRoundTripper(transport))
	if err != nil {
		t.Fatal(err)
	}
	data, err := cloud.ParseRegistrationData([]byte(`{"address":"http://chat.example.test","siteName":"Example","contactEmail":"a@example.test","uniqueId":"u","version":"8.7.0"}`))
	if err != nil {
		t.Fatal(err)
	}
	return func(ctx context.Context, token string) error {
		grant, err := client.ExchangeToken(ctx, token, data)
		if err != nil {
			return err
		}
		return grant.Check() // it is kept as it came, also when it is of no use
	}
}

// check spends the token while a fault hits the call, and compares what the client says with what the Cloud has seen.
func (s *spender) check(t *testing.T, call faults.Call, fault faults.Fault, inDoubt error) {
	t.Helper()
	fault.Call, fault.Nth, fault.Times = call, 1, 1
	s.plan.Clear()
	s.plan.Set(fault)
	err := s.spend(t.Context())
	fired, spent := s.plan.Fired(), len(s.ws.Cloud().SpentTokens())
	if len(fired) != 1 || fired[0].Call != call || fired[0].Fault != fault.Kind || fired[0].CarriedOut != fault.CarriedOut() || s.plan.Followed() != 0 {
		t.Fatalf("%s: fired %+v, %d redirects were followed", fault, fired, s.plan.Followed())
	}
	if fault.Kind == faults.TooManyBare && errors.Is(inDoubt, workspace.ErrReplyLost) { // Rocket.Chat does not write it, and who did may have passed the call on: it is not sent again
		if !errors.Is(err, workspace.ErrNotRocketChat) || spent != 0 {
			t.Errorf("%s: %v, %d tokens are spent", fault, err, spent)
		}
		return
	}
	switch fault.Kind {
	case faults.Refused, faults.TooMany, faults.TooManyBare, faults.Drip: // sent again, or harmless
		if err != nil || spent != 1 {
			t.Errorf("%s: %v, %d tokens are spent", fault, err, spent)
		}
		return
	case faults.NotProcessed:
		if (err == nil) != (spent == 1 && !fault.After) || spent > 1 {
			t.Errorf("%s: %v, %d tokens are spent", fault, err, spent)
		}
		return
	case faults.Certificate:
		if err == nil || errors.Is(err, inDoubt) || spent != 0 {
			t.Errorf("%s: %v, %d tokens are spent", fault, err, spent)
		}
		return
	}
	if fault.Later > 0 {
		s.clock.Advance(fault.Later)
		s.plan.Settle()
		spent = len(s.ws.Cloud().SpentTokens())
	}
	if err == nil || (spent == 1) != fault.CarriedOut() || spent > 1 {
		t.Errorf("%s: %v, %d tokens are spent", fault, err, spent)
	}
	if lost := fault.Kind == faults.Reset || fault.Kind == faults.Timeout || fault.Kind == faults.Cut || fault.Kind == faults.Stall; lost && !errors.Is(err, inDoubt) {
		t.Errorf("%s: the client is sure of %v", fault, err)
	}
}

// isOnTheWay reports whether a server cannot show a fault.
func isOnTheWay(kind faults.Kind) bool {
	return kind == faults.Refused || kind == faults.Certificate || kind == faults.NotProcessed
}

// eachPlace runs a test with the faults on the way, and with those that a server can show in front of it.
func eachPlace(t *testing.T, call faults.Call, run func(t *testing.T, onTheWay bool, fault faults.Fault)) {
	t.Helper()
	for _, fault := range faults.All() {
		if !fault.Fits(faults.Step{Call: call}) {
			continue
		}
		t.Run("on the way, "+fault.String(), func(t *testing.T) { t.Parallel(); run(t, true, fault) })
		if isOnTheWay(fault.Kind) || fault.Later > 0 { // what a server does later is tested at its gate
			continue
		}
		t.Run("at the server, "+fault.String(), func(t *testing.T) { t.Parallel(); run(t, false, fault) })
	}
}

func TestFaultsThroughTheWorkspaceClient(t *testing.T) {
	t.Parallel()
	const call = "cloud.connectWorkspace"
	eachPlace(t, call, func(t *testing.T, onTheWay bool, fault faults.Fault) {
		s := newSpender(t, "8.7.0", onTheWay, throughWorkspace)
		s.check(t, call, fault, workspace.ErrReplyLost)
	})
}

func TestFaultsThroughTheCloudClient(t *testing.T) {
	t.Parallel()
	eachPlace(t, faults.CallClients, func(t *testing.T, onTheWay bool, fault faults.Fault) {
		s := newSpender(t, "8.7.0", onTheWay, throughCloud)
		s.check(t, faults.CallClients, fault, cloud.ErrOutcomeUnknown)
	})
}

// In 3.0 methods go over a WebSocket alone, which has faults of its own between and in its frames.
func TestFaultsInAWebSocket(t *testing.T) {
	t.Parallel()
	const method = "cloud:connectWorkspace"
	for _, fault := range faults.All() {
		if !fault.Fits(faults.Step{Call: method, Frame: true}) {
			continue
		}
		for place, onTheWay := range map[string]bool{"on the way, ": true, "at the server, ": false} {
			if fault.Kind == faults.Timeout && !onTheWay {
				continue // the client would wait for real: the server merely keeps silent
			}
			t.Run(place+fault.String(), func(t *testing.T) {
				t.Parallel()
				s := newSpender(t, "3.0.0", onTheWay, throughWorkspace)
				s.check(t, method, fault, workspace.ErrReplyLost)
			})
		}
	}
}

func TestRestartBetweenTwoCalls(t *testing.T) {
	t.Parallel()
	s := newSpender(t, "8.6.0", true, throughWorkspace)
	var upgraded error
	s.plan.At(2, faults.Fault{Kind: faults.Restart, Do: func() { upgraded = s.ws.Upgrade("8.7.0") }})
	if err := s.spend(t.Context()); !errors.Is(err, workspace.ErrNoSuchCall) {
		t.Errorf("8.6 knows the endpoint: %v", err)
	}
	if err := s.spend(t.Context()); err != nil || upgraded != nil || len(s.ws.Cloud().SpentTokens()) != 1 {
		t.Errorf("8.7: %v, upgrade: %v", err, upgraded)
	}
}

// The exchanges of a program and those of the workspace behind it have one order, and one plan hits both.
func TestFaultsOnBothWays(t *testing.T) {
	t.Parallel()
	clock := NewClock(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	plan := faults.NewPlan(clock)
	s := &spender{plan: plan, ws: NewWorkspace(t, "8.7.0", WithClock(clock), WithCloudFaults(plan))}
	spend := throughWorkspace(t, s, clock, plan.RoundTripper(&http.Transport{DisableKeepAlives: true}))
	token := s.ws.Cloud().IssueToken()
	plan.At(2, faults.Fault{Kind: faults.Refused})
	if err := spend(t.Context(), token); err == nil || len(s.ws.Cloud().SpentTokens()) != 0 {
		t.Errorf("a Cloud that refuses connections: %v", err)
	}
	plan.Clear()
	plan.At(2, faults.Fault{Kind: faults.Redirect, After: true})
	if err := spend(t.Context(), token); err == nil || len(s.ws.Cloud().SpentTokens()) != 1 || plan.Followed() != 0 {
		t.Errorf("a reply that leads elsewhere: %v, %d followed", err, plan.Followed())
	}
	steps := plan.Steps()
	if steps[0].Call != "cloud.connectWorkspace" || steps[0].By != faults.AnySide || steps[1].Call != faults.CallClients || steps[1].By != faults.Workspace {
		t.Errorf("the exchanges are %+v", steps)
	}
}
