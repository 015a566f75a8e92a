package registration_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"go.uber.org/mock/gomock"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/workspace"
)

// What a transport may be told, and what the workspace really did meanwhile, are set apart here: a mock answers, and the fake workspace is changed by hand.

var (
	errLost    = fmt.Errorf("connection reset: %w", workspace.ErrReplyLost)
	errRefused = fmt.Errorf("the workspace answered false: %w", workspace.ErrRefused)
	errNotSent = fmt.Errorf("connection refused: %w", workspace.ErrNotSent)
)

// registers writes the credentials of a registration into a workspace, as the Cloud's grant would.
func registers(ws *registrationtest.Workspace) {
	ws.Set("Register_Server", true)
	ws.Set("Cloud_Workspace_Id", "ws-1")
	ws.Set("Cloud_Workspace_Client_Id", "client-1")
	ws.Set("Cloud_Workspace_Client_Secret", "secret-1")
}

func forgets(ws *registrationtest.Workspace) {
	ws.Set("Cloud_Workspace_Id", "")
	ws.Set("Cloud_Workspace_Client_Id", "")
	ws.Set("Cloud_Workspace_Client_Secret", "")
}

func nothing(*registrationtest.Workspace) {}

func disconnects(ws *registrationtest.Workspace) { ws.Set("Register_Server", false) }

func connects(ws *registrationtest.Workspace) { ws.Set("Register_Server", true) }

// registerForReal registers with the Cloud: a server that is asked for its version asks the Cloud, and forgets credentials that it refuses.
func registerForReal(t *testing.T, ws *registrationtest.Workspace, clock *registrationtest.Clock) {
	t.Helper()
	result, err := openWithToken(t, ws, clock).Register(t.Context(), registration.Request{Token: ws.Cloud().IssueToken()})
	expect(t, "register", result, err, nil, true)
	clock.Advance(time.Minute)
}

type act = func(*registrationtest.Workspace)

func TestTheStatusDecides(t *testing.T) {
	t.Parallel()
	const patient, quick = 2 * time.Second, 20 * time.Millisecond
	cases := []struct {
		name, version string
		lag           time.Duration // of the settings cache
		does          act
		answers       error
		run           string
		kind          error // nil: success
		changed       bool
	}{
		{"success", "6.5.0", quick, registers, nil, "register", nil, true},
		{"success that shows late", "6.5.0", patient, registers, nil, "register", nil, true},
		{"success that is none", "6.5.0", quick, nothing, nil, "register", registration.ErrRejected, false},
		{"lost reply, done", "6.5.0", quick, registers, errLost, "register", nil, true},
		{"lost reply, done, shows late", "6.5.0", patient, registers, errLost, "register", nil, true},
		{"lost reply, not done", "6.5.0", quick, nothing, errLost, "register", workspace.ErrReplyLost, false},
		{"refused, yet done", "6.5.0", quick, registers, errRefused, "register", nil, true},
		{"refused", "6.5.0", quick, nothing, errRefused, "register", registration.ErrRejected, false},
		{"not sent", "6.5.0", quick, nothing, errNotSent, "register", workspace.ErrNotSent, false},

		{"success", "6.5.0", quick, nothing, nil, "sync", nil, false},
		{"A2 success in the moment of the removal", "6.5.0", quick, forgets, nil, "sync", registration.ErrRemovedFromCloud, true},
		{"A2 failure in the moment of the removal", "6.5.0", quick, forgets, errRefused, "sync", registration.ErrRemovedFromCloud, true},
		{"lost reply", "6.5.0", quick, nothing, errLost, "sync", registration.ErrOutcomeUnknown, false},
		{"lost reply, removed", "6.5.0", quick, forgets, errLost, "sync", registration.ErrRemovedFromCloud, true},
		{"not sent", "6.5.0", quick, nothing, errNotSent, "sync", workspace.ErrNotSent, false},
		{"refused", "6.5.0", quick, nothing, errRefused, "sync", registration.ErrSyncFailed, false},
		{"disconnected meanwhile", "5.4.0", quick, disconnects, errRefused, "sync", registration.ErrNotRegistered, true},

		{"success", "5.4.0", quick, disconnects, nil, "disconnect", nil, true},
		{"success that shows late", "5.4.0", patient, disconnects, nil, "disconnect", nil, true},
		{"A6 success that is none", "5.4.0", quick, nothing, nil, "disconnect", errAny, false},
		{"lost reply, done", "5.4.0", quick, disconnects, errLost, "disconnect", nil, true},
		{"lost reply, not done", "5.4.0", quick, nothing, errLost, "disconnect", workspace.ErrReplyLost, false},
		{"removed meanwhile", "5.4.0", quick, forgets, nil, "disconnect", nil, true},
		{"not sent", "5.4.0", quick, nothing, errNotSent, "disconnect", workspace.ErrNotSent, false},
	}
	for _, tc := range cases {
		t.Run(tc.run+"/"+tc.name, func(t *testing.T) {
			t.Parallel()
			ws, clock := start(t, tc.version, registrationtest.WithSettingsLag(tc.lag))
			if tc.run != "register" {
				registerForReal(t, ws, clock)
			}
			transport := newMock(t)
			transport.MockTransport.EXPECT().Name().Return("mock").AnyTimes()
			does := func() error { tc.does(ws); return tc.answers }
			client := openWithToken(t, ws, clock, registration.WithTransport(transport))
			var result registration.Result
			var err error
			switch tc.run {
			case "register":
				transport.MockTransport.EXPECT().Register(gomock.Any(), client.Dialect(), gomock.Any()).
					DoAndReturn(func(context.Context, *registration.Dialect, registration.Request) error { return does() })
				result, err = client.Register(t.Context(), registration.Request{Token: "some-token"})
			case "sync":
				transport.MockSyncer.EXPECT().Sync(gomock.Any(), client.Dialect()).DoAndReturn(func(context.Context, *registration.Dialect) error { return does() }).
					Times(asked(tc.answers))
				result, err = client.Sync(t.Context())
			case "disconnect":
				transport.MockDisconnector.EXPECT().Disconnect(gomock.Any(), client.Dialect()).
					DoAndReturn(func(context.Context, *registration.Dialect) error { return does() })
				result, err = client.Disconnect(t.Context())
			}
			expectEnd(t, result, err, tc.kind, tc.changed)
		})
	}
}

// expectEnd is expect for kinds that may be errAny.
func expectEnd(t *testing.T, result registration.Result, err, kind error, changed bool) {
	t.Helper()
	if errors.Is(kind, errAny) && err != nil {
		kind = err
	}
	expect(t, result.Operation, result, err, kind, changed)
}

// TestNothingIsAskedForAgainOnceStopped: the mock takes one sync.
func TestNothingIsAskedForAgainOnceStopped(t *testing.T) {
	t.Parallel()
	ws, clock := start(t, "6.5.0")
	registerForReal(t, ws, clock)
	transport := newMock(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	transport.MockSyncer.EXPECT().Sync(gomock.Any(), gomock.Any()).DoAndReturn(func(context.Context, *registration.Dialect) error { stop(); return errLost })
	result, err := openWithToken(t, ws, clock, registration.WithTransport(transport)).Sync(ctx)
	expect(t, "sync", result, err, registration.ErrOutcomeUnknown, false)
}

// TestSyncWaitsWhereARemovalMayHide, and nowhere else.
func TestSyncWaitsWhereARemovalMayHide(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]time.Duration{"5.4.0": 0, "6.5.0": 250 * time.Millisecond} {
		ws, clock := start(t, version)
		registerForReal(t, ws, clock)
		client := openWithToken(t, ws, clock)
		began := clock.Now()
		result, err := client.Sync(t.Context())
		expect(t, version, result, err, nil, false)
		if waited := clock.Now().Sub(began); waited != want {
			t.Errorf("%s: it waited %s, want %s", version, waited, want)
		}
	}
}

// errAny stands for an error of no kind of its own.
var errAny = errors.New("any error")

// asked is how often a sync is asked for that always answers so: once more when the reply is lost.
func asked(answer error) int {
	if errors.Is(answer, workspace.ErrReplyLost) {
		return 2
	}
	return 1
}

// mock is a transport that can sync and disconnect, as the workspace's own connection can.
type mock struct {
	*MockTransport
	*MockSyncer
	*MockDisconnector
}

func newMock(t *testing.T) mock {
	controller := gomock.NewController(t)
	return mock{NewMockTransport(controller), NewMockSyncer(controller), NewMockDisconnector(controller)}
}

// TestReconnectIsProved runs the reconnections that need two acts.
func TestReconnectIsProved(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name    string
		does    act
		answers error
		proves  act
		proof   error // what the sync answers; errAny: none is asked for
		kind    error
		changed bool
	}{
		{"success", connects, nil, nothing, nil, nil, true},
		{"lost reply, done", connects, errLost, nothing, nil, nil, true},
		{"lost reply, not done", nothing, errLost, nothing, errAny, workspace.ErrReplyLost, false},
		{"refused, yet done", connects, errRefused, nothing, nil, nil, true},
		{"not sent", nothing, errNotSent, nothing, errAny, workspace.ErrNotSent, false},
		{"A7 success that is none", nothing, nil, nothing, nil, errAny, false},
		{"the proof fails", connects, nil, nothing, errRefused, registration.ErrSyncFailed, true},
		{"the proof finds the removal", connects, nil, forgets, errRefused, registration.ErrRemovedFromCloud, true},
		{"the proof is not sent", connects, nil, nothing, errNotSent, registration.ErrSyncFailed, true},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			ws, clock := start(t, "6.0.0", registrationtest.WithSettingsLag(settingsLag))
			registerForReal(t, ws, clock)
			disconnects(ws)
			clock.Advance(time.Minute)
			transport := newMock(t)
			client := openWithToken(t, ws, clock, registration.WithTransport(transport))
			transport.MockDisconnector.EXPECT().Reconnect(gomock.Any(), client.Dialect()).
				DoAndReturn(func(context.Context, *registration.Dialect) error { tc.does(ws); return tc.answers })
			if !errors.Is(tc.proof, errAny) {
				transport.MockSyncer.EXPECT().Sync(gomock.Any(), client.Dialect()).
					DoAndReturn(func(context.Context, *registration.Dialect) error { tc.proves(ws); return tc.proof }).Times(asked(tc.proof))
			}
			result, err := client.Reconnect(t.Context())
			expectEnd(t, result, err, tc.kind, tc.changed)
		})
	}
}
