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

// What a transport may be told, and what the workspace really did meanwhile, are set apart: a script or a mock answers, and the fake workspace is changed by hand.

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
	transport.MockSyncer.EXPECT().Sync(gomock.Any(), gomock.Any()).DoAndReturn(func(context.Context, *registration.Session) error { stop(); return errLost })
	result, err := openWithToken(t, ws, clock, registration.WithTransport(transport)).Sync(ctx)
	expect(t, "sync", result, err, registration.ErrOutcomeUnknown, false)
}

// TestSyncWaitsWhereARemovalMayHide, and nowhere else.
func TestSyncWaitsWhereARemovalMayHide(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]time.Duration{"5.4.0": 0, "6.5.0": 10 * time.Second} {
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

// mock is a transport that can sync, as the workspace's own connection can.
type mock struct {
	*MockTransport
	*MockSyncer
}

func newMock(t *testing.T) mock {
	controller := gomock.NewController(t)
	m := mock{NewMockTransport(controller), NewMockSyncer(controller)}
	m.MockTransport.EXPECT().Info().Return(mockInfo()).AnyTimes()
	return m
}

// mockInfo is of a transport that takes what every workspace's own connection does.
func mockInfo() registration.Info {
	return registration.Info{Name: "mock", TakesToken: true, TakesEmail: true}
}
