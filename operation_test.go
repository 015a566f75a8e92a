package registration_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"go.uber.org/mock/gomock"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/workspace"
)

// What a transport may be told, and what the workspace really did meanwhile, are set apart: a script or a mock answers, and the fake workspace is changed by hand.

var (
	errLost    = fmt.Errorf("connection reset: %w", workspace.ErrReplyLost)
	errRefused = fmt.Errorf("the workspace answered false: %w", workspace.ErrRefused)
	errNotSent = fmt.Errorf("connection refused: %w", workspace.ErrNotSent)
)

func nothing(*registrationtest.Workspace) {}

func connects(ws *registrationtest.Workspace) { ws.Set("Register_Server", true) }

type act = func(*registrationtest.Workspace)

// expectEnd is expect for kinds that may be errAny.
func expectEnd(t *testing.T, result registration.Result, err, kind error, changed bool) {
	t.Helper()
	if errors.Is(kind, errAny) && err != nil {
		kind = err
	}
	clienttest.Expect(t, result.Operation, result, err, kind, changed)
}

// TestNothingIsAskedForAgainOnceStopped: the mock takes one sync.
func TestNothingIsAskedForAgainOnceStopped(t *testing.T) {
	t.Parallel()
	ws, clock := clienttest.Start(t, "6.5.0")
	clienttest.RegisterForReal(t, ws, clock)
	transport := newMock(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	transport.MockSyncer.EXPECT().Sync(gomock.Any(), gomock.Any()).DoAndReturn(func(context.Context, *registration.Session) error { stop(); return errLost })
	result, err := clienttest.OpenWithToken(t, ws, clock, registration.WithTransport(transport)).Sync(ctx)
	clienttest.Expect(t, "sync", result, err, registration.ErrOutcomeUnknown, false)
}

// TestSyncWaitsWhereARemovalMayHide, and nowhere else.
func TestSyncWaitsWhereARemovalMayHide(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]time.Duration{"5.4.0": 0, "6.5.0": 10 * time.Second} {
		ws, clock := clienttest.Start(t, version)
		clienttest.RegisterForReal(t, ws, clock)
		client := clienttest.OpenWithToken(t, ws, clock)
		began := clock.Now()
		result, err := client.Sync(t.Context())
		clienttest.Expect(t, version, result, err, nil, false)
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
