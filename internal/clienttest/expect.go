package clienttest

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/registrationtest"
)

// Expect checks how an operation ended. A kind of nil means success.
func Expect(t *testing.T, name string, result registration.Result, err, kind error, changed bool) {
	t.Helper()
	if kind == nil && err != nil || kind != nil && !errors.Is(err, kind) {
		t.Fatalf("%s: error %v, want %v; %+v", name, err, kind, result)
	}
	if result.Changed != changed {
		t.Errorf("%s: changed is %v, want %v", name, result.Changed, changed)
	}
	var typed *registration.Error
	if errors.As(err, &typed) && (typed.Advice() == "" || typed.Workspace == "" || typed.Version == "" || typed.Op == "") {
		t.Errorf("%s: the error leads nowhere: %#v", name, typed)
	}
}

// ExpectState reads the status.
func ExpectState(t *testing.T, client *registration.Client, want registration.State) {
	t.Helper()
	status, err := client.Status(t.Context())
	if err != nil || status.State != want {
		t.Fatalf("status %+v, %v; want %s", status, err, want)
	}
}

// PendingTicket starts a registration by e-mail.
func PendingTicket(t *testing.T, client *registration.Client) registration.Ticket {
	t.Helper()
	_, err := client.Register(t.Context(), registration.Request{Email: "ops@example.com"})
	var pending *registration.PendingError
	if !errors.As(err, &pending) {
		t.Fatalf("got %v, want a *PendingError", err)
	}
	return pending.Ticket
}

// RegisterForReal registers with the Cloud: a server that is asked for its version asks the Cloud, and forgets credentials that it refuses.
func RegisterForReal(t *testing.T, ws *registrationtest.Workspace, clock *registrationtest.Clock) {
	t.Helper()
	result, err := OpenWithToken(t, ws, clock).Register(t.Context(), registration.Request{Token: ws.Cloud().IssueToken()})
	Expect(t, "register", result, err, nil, true)
	clock.Advance(time.Minute)
}

// Claims asks the workspace itself, so that a test shows that the trap is there.
func Claims(t *testing.T, ask func() error, success bool) {
	t.Helper()
	if err := ask(); (err == nil) != success {
		t.Fatalf("the trap is gone: the workspace answered %v", err)
	}
}

// ExpectHandOverInFront checks the error of a hand-over that a proxy has answered: it says who did, and that what the Cloud gave is kept.
func ExpectHandOverInFront(t *testing.T, err error) {
	t.Helper()
	var failed *registration.Error
	if failure.KindOf(err).Name() != "not_rocket_chat" || !errors.As(err, &failed) || !strings.Contains(failed.Certain, "what the Cloud gave is kept") || errors.Is(err, registration.ErrRejected) {
		t.Errorf("got %s: %v", failure.KindOf(err).Name(), err)
	}
}
