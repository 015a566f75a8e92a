package faults

import (
	"context"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// stillClock is a clock on which sleeping costs no time.
type stillClock struct {
	mu  sync.Mutex
	now time.Time
}

func newStillClock() *stillClock {
	return &stillClock{now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
}

func (c *stillClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *stillClock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	return context.Cause(ctx)
}

// actor is a server that counts what it carried out.
type actor struct{ acts atomic.Int64 }

const done = `{"success":true,"id":"w1"}`

func (a *actor) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	a.acts.Add(1)
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, done)
}

// outcome is what a client gets of one exchange.
type outcome struct {
	status int
	header http.Header
	body   string
	err    error
}

// ask sends a POST, which no transport repeats by itself.
func ask(t *testing.T, client *http.Client, address string) outcome {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(request)
	if err != nil {
		return outcome{err: err}
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return outcome{response.StatusCode, response.Header, string(body), err}
}

// expectation is what a fault looks like to a client of a workspace that asks for an act.
type expectation struct {
	fault  Fault
	status int
	body   string           // part of a reply; empty for one without a body
	fails  func(error) bool // nil when the reply comes whole
	onWay  bool             // a server cannot show it
}

func is(target error) func(error) bool { return func(err error) bool { return errors.Is(err, target) } }

// expectations are the kinds without a socket. A late reply is told apart by place, so it is not among them.
func expectations() []expectation {
	wrongHost := func(err error) bool { var host x509.HostnameError; return errors.As(err, &host) }
	return append(eitherWay(), []expectation{
		{fault: Fault{Kind: None}, status: 200, body: done},
		{fault: Fault{Kind: Restart}, status: 200, body: done},
		{fault: Fault{Kind: Slow}, status: 200, body: done},
		{fault: Fault{Kind: Drip}, status: 200, body: done},
		{fault: Fault{Kind: Refused}, fails: is(syscall.ECONNREFUSED), onWay: true},
		{fault: Fault{Kind: Certificate}, fails: wrongHost, onWay: true},
		{fault: Fault{Kind: Reset}, fails: is(syscall.ECONNRESET)},
		{fault: Fault{Kind: Reset, After: true}, fails: is(syscall.ECONNRESET)},
		{fault: Fault{Kind: Cut}, status: 200, body: done[:len(done)/2], fails: is(io.ErrUnexpectedEOF)},
		{fault: Fault{Kind: TooMany}, status: 429, body: "[error-too-many-requests]"},
		{fault: Fault{Kind: TooManyBare}, status: 429, body: "Too Many Requests"},
		{fault: Fault{Kind: Body, Body: "{}"}, status: 200, body: "{}"},
		{fault: Fault{Kind: Malformed}, status: 200, body: `{"success":true,`},
		{fault: Fault{Kind: Malformed, After: true}, status: 200, body: done[:len(done)/2]},
		{fault: Fault{Kind: WrongTypes}, status: 200, body: `"success":"yes"`},
		{fault: Fault{Kind: WrongTypes, After: true}, status: 200, body: `{"id":42,"success":"yes"}`},
	}...)
}

// eitherWay are the kinds that look alike whether the request was carried out or not, in both variants.
func eitherWay() []expectation {
	list := []expectation{
		{fault: Fault{Kind: BadRequest}, status: 400, body: `{"success":false,"error":"invalid_request"}`},
		{fault: Fault{Kind: Unauthorized}, status: 401, body: `{"success":false,`},
		{fault: Fault{Kind: ServerError}, status: 500, body: `{"success":false,`},
		{fault: Fault{Kind: ServerError, Body: "mine"}, status: 500, body: "mine"},
		{fault: Fault{Kind: HTML}, status: 500, body: "<h1>500 Internal Server Error</h1>"},
		{fault: Fault{Kind: BadGateway}, status: 502, body: "<h1>502 Bad Gateway</h1>"},
		{fault: Fault{Kind: Unavailable}, status: 503, body: "<h1>503 Service Unavailable</h1>"},
		{fault: Fault{Kind: Page}, status: 200, body: pageText},
		{fault: Fault{Kind: Empty}, status: 200},
		{fault: Fault{Kind: Null}, status: 200, body: "null"},
		{fault: Fault{Kind: Redirect}, status: 307},
		{fault: Fault{Kind: Page400}, status: 400, body: "<h1>400 Bad Request</h1>"},
		{fault: Fault{Kind: Page403}, status: 403, body: "<h1>403 Forbidden</h1>"},
		{fault: Fault{Kind: Page404}, status: 404, body: "<h1>404 Not Found</h1>"},
		{fault: Fault{Kind: Page408}, status: 408, body: "<h1>408 Request Timeout</h1>"},
		{fault: Fault{Kind: Page413}, status: 413, body: "<h1>413 Request Entity Too Large</h1>"},
		{fault: Fault{Kind: Page499}, status: 499, body: "<h1>499 </h1>"},
		{fault: Fault{Kind: GatewayTimeout}, status: 504, body: "<h1>504 Gateway Timeout</h1>"},
		{fault: Fault{Kind: Text403}, status: 403, body: "RBAC: access denied"},
		{fault: Fault{Kind: Empty403}, status: 403},
		{fault: Fault{Kind: Foreign403}, status: 403, body: `{"message":"Forbidden"}`},
		{fault: Fault{Kind: Foreign404}, status: 404, body: `"no Route matched`},
		{fault: Fault{Kind: Alike401}, status: 401, body: `{"status":"error",`},
		{fault: Fault{Kind: Alike403}, status: 403, body: `{"success":false,`},
		{fault: Fault{Kind: Object}, status: 200, body: "{}"},
		{fault: Fault{Kind: List}, status: 200, body: "[]"},
		{fault: Fault{Kind: Flood}, fails: func(err error) bool { return strings.Contains(err.Error(), "response headers exceeded") }},
	}
	for _, e := range list {
		e.fault.After = true
		list = append(list, e)
	}
	return list
}

// check compares what a client got with what it should, and what the server did with what the fault says.
func (e expectation) check(t *testing.T, got outcome, acts int64) {
	t.Helper()
	switch {
	case e.fails == nil && got.err != nil, e.fails != nil && (got.err == nil || !e.fails(got.err)):
		t.Errorf("the error is %v", got.err)
	case got.status != e.status || !strings.Contains(got.body, e.body) || e.body == "" && got.body != "":
		t.Errorf("got %d %q, want %d %q", got.status, got.body, e.status, e.body)
	}
	if want := e.fault.CarriedOut(); (acts == 1) != want || acts > 1 {
		t.Errorf("it was carried out %d times, and the fault says %v", acts, want)
	}
	if e.status == 307 && got.header.Get("Location") != "https://"+elsewhere+"/api/v1/cloud.syncWorkspace?a=b" {
		t.Errorf("it points at %s", got.header.Get("Location"))
	}
	if reset := got.header.Get("X-RateLimit-Reset"); (reset != "") != (e.fault.Kind == TooMany) {
		t.Errorf("the limit ends at %q", reset)
	}
}

// keepRedirects is how a client looks at a redirect without following it.
func keepRedirects(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
