package registration_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/mock/gomock"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/internal/secret"
	"github.com/rcreg/registration/registrationtest"
)

// keeper is a transport that keeps something, as a relay and a gap do.
type keeper struct {
	*MockTransport
	*MockLicenseFetcher
	*MockFinisher
}

func newKeeper(t *testing.T) keeper {
	controller := gomock.NewController(t)
	k := keeper{NewMockTransport(controller), NewMockLicenseFetcher(controller), NewMockFinisher(controller)}
	k.MockTransport.EXPECT().Info().Return(mockInfo()).AnyTimes()
	return k
}

// registering answers a registration, after something was done to the workspace.
func (k keeper) registering(does func() error) {
	k.MockTransport.EXPECT().Register(gomock.Any(), gomock.Any(), gomock.Any()).
		DoAndReturn(func(context.Context, *registration.Session, registration.Request) error { return does() })
}

func register(t *testing.T, c *registration.Client) (registration.Result, error) {
	t.Helper()
	return c.Register(t.Context(), registration.Request{Token: "some-token"})
}

func syncs(t *testing.T, c *registration.Client) (registration.Result, error) {
	t.Helper()
	return c.Sync(t.Context())
}

// TestFinish: a transport lets go of what it keeps once the workspace is seen registered, and no sooner.
func TestFinish(t *testing.T) {
	t.Parallel()
	errDisk := errors.New("no space is left")
	answers := func(does act, err error) func(*registrationtest.Workspace, keeper) {
		return func(ws *registrationtest.Workspace, k keeper) { k.registering(func() error { does(ws); return err }) }
	}
	fetches := func(text func(*registrationtest.Workspace) string, err error) func(*registrationtest.Workspace, keeper) {
		return func(ws *registrationtest.Workspace, k keeper) {
			clienttest.Registers(ws)
			k.MockLicenseFetcher.EXPECT().FetchLicense(gomock.Any(), gomock.Any(), registration.Ticket{}).Return(secret.New(text(ws)), err)
		}
	}
	for name, tc := range map[string]struct {
		before   func(*registrationtest.Workspace, keeper)
		run      func(*testing.T, *registration.Client) (registration.Result, error)
		kind     error
		finishes bool
	}{
		"registered":         {answers(clienttest.Registers, nil), register, nil, true},
		"refused, yet done":  {answers(clienttest.Registers, errRefused), register, nil, true},
		"lost, yet done":     {answers(clienttest.Registers, errLost), register, nil, true},
		"registered already": {func(ws *registrationtest.Workspace, _ keeper) { clienttest.Registers(ws) }, register, nil, true},
		"disconnected": {func(ws *registrationtest.Workspace, _ keeper) { clienttest.Registers(ws); clienttest.Disconnects(ws) }, register,
			registration.ErrAlreadyRegistered, false},
		"success that is none": {answers(nothing, nil), register, registration.ErrRejected, false},
		"refused":              {answers(nothing, errRefused), register, registration.ErrRejected, false},
		"not sent":             {answers(nothing, errNotSent), register, errNotSent, false},
		"pending":              {answers(nothing, &registration.PendingError{}), register, registration.ErrPending, false},
		"license applied":      {fetches(func(ws *registrationtest.Workspace) string { return license(t, ws) }, nil), syncs, nil, true},
		"license refused":      {fetches(func(*registrationtest.Workspace) string { return "gibberish" }, nil), syncs, registration.ErrLicenseRefused, false},
		"license not there":    {fetches(func(*registrationtest.Workspace) string { return "" }, errNotSent), syncs, errNotSent, false},
	} {
		for _, finish := range []error{nil, errDisk} {
			t.Run(fmt.Sprintf("%s/%v", name, finish), func(t *testing.T) {
				t.Parallel()
				ws, clock := clienttest.Start(t, "5.4.0")
				k := newKeeper(t)
				client := clienttest.OpenWithToken(t, ws, clock, registration.WithTransport(k))
				tc.before(ws, k)
				var finished []registration.Result
				k.MockFinisher.EXPECT().Finish(gomock.Any(), client.Session(), gomock.Any()).
					DoAndReturn(func(_ context.Context, _ *registration.Session, r registration.Result) error {
						finished = append(finished, r)
						return finish
					}).AnyTimes()
				result, err := tc.run(t, client)
				clienttest.Expect(t, name, result, err, tc.kind, result.Changed)
				if (len(finished) == 1) != tc.finishes || len(finished) > 1 {
					t.Fatalf("finished %d times", len(finished))
				}
				if !tc.finishes {
					return
				}
				if got := finished[0]; got.After.State != registration.Registered || got.After.UniqueID == "" || (got.License != nil) != (result.License != nil) {
					t.Errorf("finished with %+v", got)
				}
				noted := slices.ContainsFunc(result.Notes, func(note string) bool { return strings.Contains(note, errDisk.Error()) })
				if noted != (finish != nil) {
					t.Errorf("the notes are %q", result.Notes)
				}
			})
		}
	}
}

// TestErrorsOfATransport: what it fails with before it asked the workspace to change anything is completed, and nothing is looked at any more.
func TestErrorsOfATransport(t *testing.T) {
	t.Parallel()
	cause := errors.New("the folder is full")
	for name, tc := range map[string]struct {
		err    error
		kind   error
		advice string
		looks  int // at the status
	}{
		"kind and advice":  {&registration.Error{Kind: registration.ErrInvalidGrant, Err: cause, Remedies: inWords("empty it")}, registration.ErrInvalidGrant, "empty it", 1},
		"advice":           {&registration.Error{Err: cause, Remedies: inWords("empty it")}, cause, "empty it", 1},
		"neither":          {&registration.Error{Err: cause}, cause, "read the server's log", 1},
		"a known kind":     {&registration.Error{Kind: registration.ErrForbidden}, registration.ErrForbidden, "administrator", 1},
		"one that is done": {&registration.Error{Op: "act", Kind: registration.ErrInvalidGrant, Err: cause}, registration.ErrRejected, "", 6},
		"a wrapped one":    {fmt.Errorf("wrapped: %w", &registration.Error{Err: cause}), registration.ErrRejected, "", 6},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ws, clock := clienttest.Start(t, "6.5.0")
			k := newKeeper(t)
			client := clienttest.OpenWithToken(t, ws, clock, registration.WithTransport(k))
			k.registering(func() error { return tc.err })
			ws.ClearHistory()
			result, err := register(t, client)
			clienttest.Expect(t, name, result, err, tc.kind, false)
			var typed *registration.Error
			if !errors.As(err, &typed) || typed.Op != "register" || typed.Workspace != ws.URL() || typed.Version != "6.5.0" || !strings.Contains(typed.Advice(), tc.advice) {
				t.Errorf("the error is %#v", typed)
			}
			if n := len(ws.History()); n != tc.looks {
				t.Errorf("%d requests, want %d", n, tc.looks)
			}
		})
	}
}

// TestRequestsThatATransportDoesNotTake are refused before anything is sent, and before the transport is asked.
func TestRequestsThatATransportDoesNotTake(t *testing.T) {
	t.Parallel()
	const token, email, either, neither = "a token", "an e-mail address", "either", "nothing"
	takes := map[string]registration.Info{
		token: {Name: "mock", TakesToken: true}, email: {Name: "mock", TakesEmail: true},
		either: {Name: "mock", TakesToken: true, TakesEmail: true}, neither: {Name: "mock"},
	}
	for name, request := range map[string]struct {
		registration.Request
		taken []string
	}{
		"a token":   {registration.Request{Token: "some-token"}, []string{token, either}},
		"an e-mail": {registration.Request{Email: "ops@example.com"}, []string{email, either}},
		"a resend":  {registration.Request{Email: "ops@example.com", Resend: true}, []string{email, either}},
		"nothing":   {registration.Request{}, []string{neither}},
		"no resend": {registration.Request{Resend: true}, nil},
		"two words": {registration.Request{Token: "two words"}, nil},
		"both":      {registration.Request{Token: "some-token", Email: "ops@example.com"}, nil},
	} {
		for taker, info := range takes {
			t.Run(name+" over a transport that takes "+taker, func(t *testing.T) {
				t.Parallel()
				ws, clock := clienttest.Start(t, "6.5.0")
				transport := NewMockTransport(gomock.NewController(t))
				transport.EXPECT().Info().Return(info).AnyTimes()
				client := clienttest.OpenWithToken(t, ws, clock, registration.WithTransport(transport))
				kind := registration.ErrInvalidInput
				if slices.Contains(request.taken, taker) {
					kind = registration.ErrPending
					transport.EXPECT().Register(gomock.Any(), client.Session(), request.Request).Return(&registration.PendingError{})
				}
				ws.ClearHistory()
				result, err := client.Register(t.Context(), request.Request)
				clienttest.Expect(t, name, result, err, kind, false)
				var failed *registration.Error
				if n := len(ws.History()); errors.As(err, &failed) && (n != 0 || !failed.Unspent) {
					t.Errorf("%d requests were sent, unspent is %t", n, failed.Unspent)
				}
			})
		}
	}
}

// TestSyncThatATransportCannotDo: neither a Syncer nor a LicenseFetcher.
func TestSyncThatATransportCannotDo(t *testing.T) {
	t.Parallel()
	transport := NewMockTransport(gomock.NewController(t))
	transport.EXPECT().Info().Return(mockInfo()).AnyTimes()
	ws, clock := clienttest.Start(t, "6.5.0")
	client := clienttest.OpenWithToken(t, ws, clock, registration.WithTransport(transport))
	clienttest.RegisterForReal(t, ws, clock)
	ws.ClearHistory()
	result, err := client.Sync(t.Context())
	clienttest.Expect(t, "sync", result, err, registration.ErrUnsupported, false)
	if n := len(ws.History()); n != 1 {
		t.Errorf("%d requests, and not the status alone", n)
	}
	result, err = client.Register(t.Context(), registration.Request{})
	clienttest.Expect(t, "register without anything", result, err, registration.ErrInvalidInput, false)
}

// TestLicenseThatSomebodyHasToBring: the ticket leads back to the transport that wrote it.
func TestLicenseThatSomebodyHasToBring(t *testing.T) {
	t.Parallel()
	ws, clock := clienttest.Start(t, "8.9.0")
	clienttest.RegisterForReal(t, ws, clock)
	k := newKeeper(t)
	client := clienttest.OpenWithToken(t, ws, clock, registration.WithTransport(k))
	written := registration.Ticket{TicketFormat: 1, Transport: "mock", Operation: "sync", Request: "r1", Created: testStart}
	k.MockLicenseFetcher.EXPECT().FetchLicense(gomock.Any(), client.Session(), registration.Ticket{}).
		Return(cloud.Secret{}, &registration.PendingError{Ticket: written})
	result, err := client.Sync(t.Context())
	clienttest.Expect(t, "sync", result, err, registration.ErrPending, false)
	var pending *registration.PendingError
	if !errors.As(err, &pending) || pending.Ticket.UniqueID != ws.Setting("uniqueID") {
		t.Fatalf("the ticket is %+v", pending)
	}
	first := k.MockLicenseFetcher.EXPECT().FetchLicense(gomock.Any(), client.Session(), pending.Ticket).
		Return(cloud.Secret{}, &registration.PendingError{Ticket: pending.Ticket})
	k.MockLicenseFetcher.EXPECT().FetchLicense(gomock.Any(), client.Session(), pending.Ticket).Return(secret.New(license(t, ws)), nil).After(first)
	k.MockFinisher.EXPECT().Finish(gomock.Any(), client.Session(), gomock.Any()).Return(nil)
	began := clock.Now()
	result, err = client.Wait(t.Context(), pending.Ticket)
	clienttest.Expect(t, "wait", result, err, nil, false)
	if result.License == nil || result.License.After.State != registration.LicenseInForce || clock.Now().Sub(began) < time.Second {
		t.Errorf("after %s: %+v", clock.Now().Sub(began), result.License)
	}
}

func TestNote(t *testing.T) {
	t.Parallel()
	registration.Note(t.Context(), "nobody %s", "listens")
	ws, clock := clienttest.Start(t, "6.5.0")
	k := newKeeper(t)
	client := clienttest.OpenWithToken(t, ws, clock, registration.WithTransport(k))
	k.MockTransport.EXPECT().Register(gomock.Any(), gomock.Any(), gomock.Any()).
		DoAndReturn(func(ctx context.Context, _ *registration.Session, _ registration.Request) error {
			registration.Note(ctx, "%d of %d", 1, 2)
			registration.Note(ctx, "two")
			return &registration.Error{Err: errAny}
		})
	result, err := register(t, client)
	clienttest.Expect(t, "register", result, err, errAny, false)
	if !slices.Equal(result.Notes, []string{"1 of 2", "two"}) {
		t.Errorf("the notes are %q", result.Notes)
	}
}
