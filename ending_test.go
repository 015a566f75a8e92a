package registration_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/workspace"
)

// ending is an operation over a transport that follows a script: what its acts do to the workspace, and what they are told, which need not be the same.
type ending struct {
	name, version string
	found         registration.State
	lag           time.Duration // of the settings cache
	run           operation
	transport     func(*script) registration.Transport
	act           told
	syncs         []told
	kind          error  // nil: success
	looks         int    // at the status
	says          string // in the error, or in a note
}

// told is what an act does, and what the transport answers.
type told struct {
	does    act
	answers error
}

type operation = func(context.Context, *registration.Client, registration.Ticket) (registration.Result, error)

func registering(ctx context.Context, c *registration.Client, _ registration.Ticket) (registration.Result, error) {
	return c.Register(ctx, registration.Request{Token: "some-token"})
}

func resuming(ctx context.Context, c *registration.Client, ticket registration.Ticket) (registration.Result, error) {
	return c.Resume(ctx, ticket)
}

func syncing(ctx context.Context, c *registration.Client, _ registration.Ticket) (registration.Result, error) {
	return c.Sync(ctx)
}

func disconnecting(ctx context.Context, c *registration.Client, _ registration.Ticket) (registration.Result, error) {
	return c.Disconnect(ctx)
}

func reconnecting(ctx context.Context, c *registration.Client, _ registration.Ticket) (registration.Result, error) {
	return c.Reconnect(ctx)
}

// script is a transport on which the workspace cannot sync. It is an error of the test when more is asked of it than it holds, or once the operation was stopped.
type script struct {
	t           *testing.T
	workspace   *registrationtest.Workspace
	acts, syncs []told
}

func (s *script) next(ctx context.Context, lines *[]told) error {
	if ctx.Err() != nil || len(*lines) == 0 {
		s.t.Errorf("something is asked for that nobody expects, with %d lines to go: %v", len(*lines), ctx.Err())
		return errNotSent
	}
	line := (*lines)[0]
	*lines = (*lines)[1:]
	line.does(s.workspace)
	return line.answers
}

func (*script) Info() registration.Info {
	return registration.Info{Name: "script", TakesToken: true, TakesEmail: true}
}

func (s *script) Register(ctx context.Context, _ *registration.Session, _ registration.Request) error {
	return s.next(ctx, &s.acts)
}

func (s *script) Poll(ctx context.Context, _ *registration.Session, _ registration.Ticket) error {
	return s.next(ctx, &s.acts)
}

// isSwitch reports whether a call disconnects or reconnects.
func isSwitch(call string) bool {
	return strings.HasSuffix(call, "disconnectWorkspace") || strings.HasSuffix(call, "reconnectWorkspace") || strings.HasSuffix(call, "settings/Register_Server")
}

// reply answers a disconnect or a reconnect, which the workspace is asked whatever the transport is.
func (s *script) reply(r *http.Request) (*http.Response, error) {
	switch err := s.next(r.Context(), &s.acts); {
	case errors.Is(err, workspace.ErrReplyLost):
		return nil, errors.New("the connection was reset")
	case errors.Is(err, workspace.ErrForbidden):
		return answers(http.StatusForbidden, "application/json", `{"success":false,"error":"unauthorized"}`)(r)
	default:
		return methodReply(fmt.Sprintf(`{"msg":"result","id":"1","result":%t}`, err == nil))(r)
	}
}

type syncingScript struct{ *script }

func (s syncingScript) Sync(ctx context.Context, _ *registration.Session) error {
	return s.next(ctx, &s.syncs)
}

type keepingScript struct{ *script }

func (keepingScript) Finish(context.Context, *registration.Session, registration.Result) error {
	return nil
}

func (s keepingScript) Info() registration.Info {
	info := s.script.Info()
	info.KeepsGrants = true
	return info
}

func bare(s *script) registration.Transport     { return s }
func syncsToo(s *script) registration.Transport { return syncingScript{s} }
func keeps(s *script) registration.Transport    { return keepingScript{s} }

// cut is where an ending is disturbed: from a look at the status on it cannot be read, or it is stopped at a wait. Both count from 1.
type cut struct{ look, wait int }

// cutClock counts the waits, and stops the operation at one.
type cutClock struct {
	*registrationtest.Clock
	waits *int
	at    int
	stop  context.CancelFunc
}

func (c cutClock) Sleep(ctx context.Context, d time.Duration) error {
	if *c.waits++; *c.waits == c.at {
		c.stop()
	}
	return errors.Join(c.Clock.Sleep(ctx, d), context.Cause(ctx))
}

// played is how an ending went.
type played struct {
	end          registration.Result
	err          error
	looks, waits int
	truth        registration.State // a minute later; empty where it was cut
}

func (s ending) play(t *testing.T, at cut) (p played) {
	t.Helper()
	ws, clock := clienttest.Start(t, s.version, registrationtest.WithSettingsLag(s.lag))
	if s.found != registration.Unregistered {
		clienttest.RegisterForReal(t, ws, clock)
	}
	if s.found == registration.Disconnected {
		clienttest.Disconnects(ws)
		clock.Advance(time.Minute)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	lines := &script{t, ws, []told{s.act}, s.syncs}
	via := clienttest.RoundTrip(func(r *http.Request) (*http.Response, error) {
		if r.Method == http.MethodPost && isSwitch(r.URL.Path) {
			return lines.reply(r)
		}
		if strings.HasSuffix(r.URL.Path, "registrationStatus") {
			if p.looks++; at.look > 0 && p.looks >= at.look {
				return nil, errors.New("the connection was reset")
			}
		}
		return http.DefaultTransport.RoundTrip(r)
	})
	t.Cleanup(http.DefaultTransport.(*http.Transport).CloseIdleConnections)
	w, err := workspace.New(ws.URL(), workspace.Token(ws.Admin().UserID, ws.Admin().AuthToken), workspace.WithRoundTripper(via),
		workspace.WithClock(cutClock{clock, &p.waits, at.wait, stop}))
	if err != nil {
		t.Fatal(err)
	}
	client := clienttest.ClientOf(t, w, registration.WithTransport(s.transport(lines)))
	ticket := registration.Ticket{TicketFormat: 1, Transport: "script", UniqueID: ws.Setting("uniqueID").(string), DeviceCode: "d", Expires: clock.Now().Add(time.Hour)}
	p.end, p.err = s.run(ctx, client, ticket)
	if at != (cut{}) {
		return p
	}
	if len(lines.syncs) != 0 {
		t.Errorf("%d syncs were not asked for", len(lines.syncs))
	}
	looks := p.looks
	clock.Advance(time.Minute)
	status, err := client.Status(ctx)
	if err != nil {
		t.Fatal(err)
	}
	p.looks, p.truth = looks, status.State
	return p
}

// TestTheStatusDecides, whatever a transport was told; and where the status cannot be read, or the operation is stopped before it was, nobody knows.
func TestTheStatusDecides(t *testing.T) {
	t.Parallel()
	for _, s := range append(endingsOfRegistering(), endingsOfTheRest()...) {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			whole := s.play(t, cut{})
			expectEnd(t, whole.end, whole.err, s.kind, whole.truth != s.found)
			if whole.end.After.State != whole.truth {
				t.Errorf("it says %s, and is %s", whole.end.After.State, whole.truth)
			}
			if text := fmt.Sprint(whole.end.Notes, whole.err); !strings.Contains(text, s.says) {
				t.Errorf("%q is not said: %s", s.says, text)
			}
			if whole.looks != s.looks {
				t.Errorf("the status was looked at %d times, want %d", whole.looks, s.looks)
			}
			for look := 2; look <= whole.looks; look++ {
				if p := s.play(t, cut{look: look}); !errors.Is(p.err, registration.ErrOutcomeUnknown) {
					t.Errorf("unreadable from look %d on: %v", look, p.err)
				}
			}
			for wait := 1; wait <= whole.waits; wait++ {
				p := s.play(t, cut{wait: wait})
				// What was seen until then has to do: a success that shows, and else nobody knows.
				said := s.act.answers
				if n := len(s.syncs); said == nil && n > 0 {
					said = s.syncs[n-1].answers
				}
				noted := p.err == nil && said == nil && strings.Contains(fmt.Sprint(p.end.Notes), "read the status once more")
				if !noted && (!errors.Is(p.err, registration.ErrOutcomeUnknown) || !errors.Is(p.err, context.Canceled)) {
					t.Errorf("stopped at wait %d: %v %q", wait, p.err, p.end.Notes)
				}
				for _, call := range p.end.Calls {
					if call.Status == 0 && !isSwitch(call.Name) { // whose reply may be lost
						t.Errorf("stopped at wait %d it asked %s", wait, call.Name)
					}
				}
			}
		})
	}
}
