package offline_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/offline"
)

// TestWaitForARequestHasNoEnd of its own: the answer may come after weeks.
func TestWaitForARequestHasNoEnd(t *testing.T) {
	t.Parallel()
	g := newGapped(t, "6.13.0")
	client := g.run(t)
	ticket := g.ask(t, client)
	if !ticket.Expires.IsZero() || ticket.Created.IsZero() {
		t.Fatalf("the ticket is %#v", ticket)
	}
	g.clock.Advance(90 * 24 * time.Hour)
	result, err := client.Resume(t.Context(), ticket)
	clienttest.Expect(t, "resume after weeks", result, err, registration.ErrPending, false)
	g.courier(t)
	result, err = client.Wait(t.Context(), ticket)
	clienttest.Expect(t, "wait", result, err, nil, true)
}

// pollWatch sees each look for an answer, once it is over.
type pollWatch struct {
	registration.Transport
	sees func()
}

func (w pollWatch) Poll(ctx context.Context, d *registration.Session, t registration.Ticket) error {
	defer w.sees()
	return w.Transport.(registration.Poller).Poll(ctx, d, t)
}

// TestWaitForARequestEndsWithItsContext, and tells what the last look met.
func TestWaitForARequestEndsWithItsContext(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		meets func(t *testing.T, g gapped, ticket registration.Ticket)
		last  error // nil: nothing but that there is no answer yet
	}{
		"no answer":      {func(*testing.T, gapped, registration.Ticket) {}, nil},
		"half an answer": {func(t *testing.T, g gapped, k registration.Ticket) { t.Helper(); g.save(t, k, ".json", "{") }, offline.ErrTruncated},
		"no stick":       {func(t *testing.T, g gapped, _ registration.Ticket) { t.Helper(); g.pullOut(t) }, offline.ErrFolderMissing},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGapped(t, "8.9.0")
			ctx, cancel := context.WithCancelCause(t.Context())
			stopped := errors.New("the operator went home")
			looks := 0
			client := clienttest.OpenWithToken(t, g.Workspace, g.clock, registration.WithTransport(pollWatch{g.transport(t), func() {
				if looks++; looks == 3 {
					cancel(stopped)
				}
			}}))
			ticket := g.ask(t, g.run(t))
			tc.meets(t, g, ticket)
			began := g.clock.Now()
			result, err := client.Wait(ctx, ticket)
			clienttest.Expect(t, "wait", result, err, registration.ErrPending, false)
			if !errors.Is(err, stopped) || tc.last != nil && !errors.Is(err, tc.last) {
				t.Errorf("got %v, want %v", err, tc.last)
			}
			if !strings.Contains(err.Error(), "resume with the same ticket") || strings.Contains(err.Error(), "before 0001") {
				t.Errorf("the advice is wrong: %v", err)
			}
			if waited := g.clock.Now().Sub(began); waited != 10*time.Second {
				t.Errorf("waited %s for three looks", waited)
			}
		})
	}
}

// TestWaitGivesUpOnAnAnswerThatStaysCutOff once nobody can be copying it any more.
func TestWaitGivesUpOnAnAnswerThatStaysCutOff(t *testing.T) {
	t.Parallel()
	g := newGapped(t, "6.13.0")
	client := g.run(t)
	ticket := g.ask(t, client)
	g.save(t, ticket, ".txt", g.code(t, ticket)[:50])
	began := g.clock.Now()
	result, err := client.Wait(t.Context(), ticket)
	clienttest.Expect(t, "wait", result, err, registration.ErrInvalidGrant, false)
	if waited := g.clock.Now().Sub(began); waited != time.Minute {
		t.Errorf("it waited %s for a copy to end, want a minute", waited)
	}
}
