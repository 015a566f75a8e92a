package registrationtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/workspace"
)

// TestTransport holds a transport to the contract of [registration.Transport], as testing/fstest.TestFS does for file systems: it registers fake workspaces over it
// while all is well, while replies are lost, calls are refused, the Cloud is down and the context ends, and compares what is said with what happened. create makes
// a new transport to the Cloud of a workspace; what it keeps, it keeps anew each time, and where it waits it does so on the clock.
func TestTransport(t *testing.T, create func(t *testing.T, ws *Workspace, clock *Clock) registration.Transport) {
	t.Helper()
	for _, version := range []string{"5.4.0", "8.9.0"} {
		at := func(t *testing.T) *transportTest {
			clock := NewClock(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
			ws := NewWorkspace(t, version, WithClock(clock))
			base := &http.Transport{}
			t.Cleanup(base.CloseIdleConnections)
			return &transportTest{Workspace: ws, clock: clock, transport: create(t, ws, clock), base: base}
		}
		t.Run(version+"/info", func(t *testing.T) { at(t).testInfo(t) })
		t.Run(version+"/register", func(t *testing.T) { at(t).testRegister(t) })
		t.Run(version+"/requests", func(t *testing.T) { at(t).testRequests(t) })
		t.Run(version+"/the Cloud is down", func(t *testing.T) {
			c := at(t)
			c.Cloud().SetMode(CloudDown)
			c.expect(t, c.register(t, c.Admin(), nil))
		})
		for n := 1; n <= lastDisturbed; n++ {
			call := fmt.Sprintf("%s/call %d", version, n)
			t.Run(call+"/its reply is lost", func(t *testing.T) { c := at(t); c.expect(t, c.register(t, c.Admin(), c.losing(n))) })
			t.Run(call+"/it is refused", func(t *testing.T) { at(t).testForbidden(t, n) })
			t.Run(call+"/the context ends", func(t *testing.T) { at(t).testContext(t, n) })
		}
	}
}

// lastDisturbed is the number of the last call to the workspace that is disturbed: registrations take fewer before they look at the status again.
const lastDisturbed = 6

// transportTest is one transport and its workspace.
type transportTest struct {
	*Workspace

	clock     *Clock
	transport registration.Transport
	base      *http.Transport
}

// ending is how a registration ended.
type ending struct {
	registration.Result

	err error
}

// request is one that the transport takes.
func (c *transportTest) request() registration.Request {
	switch info := c.transport.Info(); {
	case info.TakesToken:
		return registration.Request{Token: c.Cloud().IssueToken()}
	case info.TakesEmail:
		return registration.Request{Email: "ops@example.com"}
	}
	return registration.Request{}
}

// open makes a client whose calls to the workspace go over a round tripper; nil for the base one.
func (c *transportTest) open(t *testing.T, as Account, over http.RoundTripper) *registration.Client {
	t.Helper()
	if over == nil {
		over = c.base
	}
	ws, err := workspace.New(c.URL(), workspace.Token(as.UserID, as.AuthToken), workspace.WithClock(c.clock), workspace.WithRoundTripper(over))
	if err != nil {
		t.Fatal(err)
	}
	client, err := registration.New(t.Context(), ws, registration.WithTransport(c.transport))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func (c *transportTest) register(t *testing.T, as Account, over http.RoundTripper) ending {
	t.Helper()
	result, err := c.open(t, as, over).Register(t.Context(), c.request())
	return ending{result, err}
}

func (c *transportTest) testInfo(t *testing.T) {
	info := c.transport.Info()
	c.expect(t, c.register(t, c.Admin(), nil))
	if again := c.transport.Info(); info.Name == "" || again != info {
		t.Errorf("Info is %+v, and later %+v: it has a name, and never changes", info, again)
	}
}

// testRegister registers twice: the second time nothing is spent.
func (c *transportTest) testRegister(t *testing.T) {
	first := c.register(t, c.Admin(), nil)
	c.expect(t, first)
	if first.err != nil && !errors.Is(first.err, registration.ErrPending) {
		t.Fatalf("it does not register: %v", first.err)
	}
	spent := len(c.Cloud().SpentTokens())
	second := c.register(t, c.Admin(), nil)
	c.expect(t, second)
	if now := len(c.Cloud().SpentTokens()); first.err == nil && (now != spent || second.err != nil || second.Changed) {
		t.Errorf("registered again: %d tokens were spent, and then %d: %v", spent, now, second.err)
	}
}

// testRequests gives what the transport does not take: nothing is sent.
func (c *transportTest) testRequests(t *testing.T) {
	info := c.transport.Info()
	client := c.open(t, c.Admin(), nil)
	c.ClearHistory()
	c.Cloud().ClearHistory()
	for _, r := range []registration.Request{{Token: c.Cloud().IssueToken()}, {Email: "ops@example.com"}, {}} {
		if r.Token != "" && info.TakesToken || r.Email != "" && info.TakesEmail || r == (registration.Request{}) && !info.TakesToken && !info.TakesEmail {
			continue
		}
		_, err := client.Register(t.Context(), r)
		if !errors.Is(err, registration.ErrInvalidInput) || len(c.History())+len(c.Cloud().History()) != 0 {
			t.Errorf("%v: %d calls to the workspace, %d to the Cloud, and then %v", r, len(c.History()), len(c.Cloud().History()), err)
		}
	}
}

// testForbidden refuses the n-th call to the workspace before it runs. Where that comes before a token is used, the transport says so.
func (c *transportTest) testForbidden(t *testing.T, n int) {
	var calls atomic.Int64
	got := c.register(t, c.Admin(), roundTrip(func(r *http.Request) (*http.Response, error) {
		if int(calls.Add(1)) != n+1 { // the first one asks for the version
			return c.base.RoundTrip(r)
		}
		body := io.NopCloser(strings.NewReader(`{"success":false,"error":"User does not have the permissions required for this action [error-unauthorized]"}`))
		return &http.Response{StatusCode: http.StatusForbidden, Header: http.Header{"Content-Type": {"application/json"}}, Body: body, Request: r}, nil
	}))
	c.expect(t, got)
	var failed *registration.Error
	if c.transport.Info().TakesToken && errors.Is(got.err, registration.ErrForbidden) && errors.As(got.err, &failed) && !failed.Unspent && len(c.Cloud().SpentTokens()) == 0 {
		t.Errorf("no token was used, and the error does not say so: %v", got.err)
	}
}

// testContext ends the context while the n-th call to the workspace hangs.
func (c *transportTest) testContext(t *testing.T, n int) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var calls atomic.Int64
	client := c.open(t, c.Admin(), roundTrip(func(r *http.Request) (*http.Response, error) {
		if int(calls.Add(1)) != n+1 { // the first one asks for the version
			return c.base.RoundTrip(r)
		}
		cancel()
		<-r.Context().Done()
		return nil, r.Context().Err()
	}))
	done := make(chan ending, 1)
	go func() {
		result, err := client.Register(ctx, c.request())
		done <- ending{result, err}
	}()
	select {
	case got := <-done:
		c.expect(t, got)
	case <-time.After(time.Minute):
		t.Fatal("its context has ended, and it works on")
	}
}

// expect compares what is said with what happened.
func (c *transportTest) expect(t *testing.T, got ending) {
	t.Helper()
	spent := len(c.Cloud().SpentTokens())
	holds, _ := c.Setting("Cloud_Workspace_Id").(string)
	var failed *registration.Error
	var pending *registration.PendingError
	switch {
	case got.err == nil && (holds == "" || got.After.State != registration.Registered):
		t.Errorf("it says that the workspace is registered, which is not so: %+v", got.Result)
	case errors.As(got.err, &pending):
		c.expectTicket(t, pending.Ticket)
	case errors.As(got.err, &failed) && failed.Unspent && spent > 0:
		t.Errorf("a token was spent, and is said not to be: %v", got.err)
	case errors.Is(got.err, registration.ErrRejected) && holds != "":
		t.Errorf("the workspace is registered, and it says that it was refused: %v", got.err)
	case errors.Is(got.err, registration.ErrRejected) && errors.Is(got.err, workspace.ErrReplyLost):
		t.Errorf("a lost reply is called a refusal: %v", got.err)
	}
	if spent > 0 && got.err == nil && got.Unspent {
		t.Errorf("a token was spent, and the result says that it was not: %+v", got.Result)
	}
}

// expectTicket looks for a ticket that leads back to the transport, also after a restart.
func (c *transportTest) expectTicket(t *testing.T, ticket registration.Ticket) {
	t.Helper()
	text, err := json.Marshal(ticket)
	if err != nil {
		t.Fatal(err)
	}
	read, err := registration.ParseTicket(text)
	if err != nil || read.Transport != c.transport.Info().Name || read.Workspace != c.URL() || read.UniqueID != c.Setting("uniqueID") {
		t.Errorf("the ticket leads nowhere: %v, %v", read, err)
	}
	if _, ok := c.transport.(registration.Poller); !ok {
		t.Error("it gives a ticket, and cannot poll")
	}
}

// losing carries every call out, and loses the reply of the n-th one after the version.
func (c *transportTest) losing(n int) http.RoundTripper {
	var calls atomic.Int64
	return roundTrip(func(r *http.Request) (*http.Response, error) {
		resp, err := c.base.RoundTrip(r)
		if err != nil || int(calls.Add(1)) != n+1 {
			return resp, err
		}
		_ = resp.Body.Close()
		return nil, errors.New("the connection was reset")
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
