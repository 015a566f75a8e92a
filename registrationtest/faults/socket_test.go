package faults

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
)

// methods is a server that answers every method call in a WebSocket with true.
type methods struct{ acts atomic.Int64 }

func (m *methods) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer conn.CloseNow()
	for {
		var call message
		if wsjson.Read(context.WithoutCancel(r.Context()), conn, &call) != nil {
			return
		}
		if call.Msg == "method" {
			m.acts.Add(1)
		}
		if wsjson.Write(r.Context(), conn, map[string]any{"msg": "result", "id": call.ID, "result": true}) != nil {
			return
		}
	}
}

// talkTo opens a WebSocket, calls the method login and then the method act. It returns the text and the error that the
// latter ends with. A reply that does not come within the timeout is given up.
func talkTo(t *testing.T, address string, client *http.Client, timeout time.Duration) (string, error) {
	t.Helper()
	conn, _, err := websocket.Dial(t.Context(), address, &websocket.DialOptions{HTTPClient: client})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	ctx, cancel := context.WithTimeout(t.Context(), timeout)
	defer cancel()
	var text []byte
	for i, name := range []Call{"login", "act"} {
		if err := wsjson.Write(ctx, conn, message{"method", string(rune('1' + i)), name}); err != nil {
			t.Fatal(err)
		}
		if _, text, err = conn.Read(ctx); err != nil && name == "login" {
			t.Fatal(err)
		}
	}
	return string(text), err
}

const resultTrue = `{"id":"2","msg":"result","result":true}` + "\n"

func TestSocketFaults(t *testing.T) {
	t.Parallel()
	goingAway := func(err error) bool { return websocket.CloseStatus(err) == websocket.StatusGoingAway }
	cutOff := func(err error) bool { return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, io.ErrUnexpectedEOF) }
	for _, e := range []expectation{
		{fault: Fault{Kind: None}, body: resultTrue},
		{fault: Fault{Kind: Reset}, fails: is(syscall.ECONNRESET)},
		{fault: Fault{Kind: Reset, After: true}, fails: is(syscall.ECONNRESET)},
		{fault: Fault{Kind: Timeout}, fails: is(context.DeadlineExceeded)},
		{fault: Fault{Kind: Timeout, After: true}, fails: is(context.DeadlineExceeded)},
		{fault: Fault{Kind: SocketClosed}, fails: goingAway},
		{fault: Fault{Kind: SocketClosed, After: true}, fails: goingAway},
		{fault: Fault{Kind: Cut}, fails: cutOff},
		{fault: Fault{Kind: Malformed, After: true}, body: resultTrue[:len(resultTrue)/2]},
		{fault: Fault{Kind: WrongTypes, After: true}, body: `{"id":"2","msg":"result","result":"yes"}`},
	} {
		t.Run("on the way, "+e.fault.String(), func(t *testing.T) {
			t.Parallel()
			var behind methods
			server := httptest.NewServer(&behind)
			defer server.Close()
			plan := newPlan()
			transport := newTransport(plan, &http.Transport{}, AnySide)
			e.checkSocket(t, plan, &behind, server.URL, &http.Client{Transport: transport}, time.Minute)
		})
		t.Run("at the server, "+e.fault.String(), func(t *testing.T) {
			t.Parallel()
			var behind methods
			server, plan, client := newGate(t, &behind, nil)
			timeout := time.Minute
			if e.fault.Kind == Timeout {
				timeout = 50 * time.Millisecond
			}
			e.checkSocket(t, plan, &behind, server.URL, client, timeout)
		})
	}
}

func (e expectation) checkSocket(t *testing.T, plan *Plan, behind *methods, address string, client *http.Client, timeout time.Duration) {
	t.Helper()
	plan.Set(Fault{Call: "act", Kind: e.fault.Kind, After: e.fault.After})
	text, err := talkTo(t, address+"/websocket", client, timeout)
	switch {
	case e.fails == nil && err != nil, e.fails != nil && (err == nil || !e.fails(err)):
		t.Errorf("the error is %v", err)
	case err == nil && text != e.body:
		t.Errorf("got %q", text)
	}
	acts := int64(1)
	if e.fault.CarriedOut() {
		acts++
	}
	if behind.acts.Load() != acts {
		t.Errorf("%d methods were carried out, want %d", behind.acts.Load(), acts)
	}
	steps := plan.Steps()
	if len(steps) != 3 || steps[0].Call != CallSocket || steps[1].Call != "login" || steps[2].Call != "act" || !steps[2].Frame ||
		steps[2].Path != "/websocket" || steps[2].Side != Workspace || steps[2].CarriedOut != e.fault.CarriedOut() {
		t.Errorf("the exchanges are %+v", steps)
	}
}

func TestSocketIsNotOpened(t *testing.T) {
	t.Parallel()
	for _, fault := range []Fault{{Kind: BadGateway}, {Kind: Page}, {Kind: Reset}, {Kind: Timeout}} {
		var behind methods
		server, plan, client := newGate(t, &behind, nil)
		plan.At(1, fault)
		conn, _, err := websocket.Dial(t.Context(), server.URL+"/websocket", &websocket.DialOptions{HTTPClient: client})
		if err == nil {
			_ = conn.CloseNow()
			t.Errorf("%s: it was opened", fault)
		}
	}
}

// What is no method call is none of the exchanges, however long it is.
func TestSocketPassesOnEverything(t *testing.T) {
	t.Parallel()
	var behind methods
	server, plan, client := newGate(t, &behind, nil)
	plan.Set(Fault{Kind: Reset, Call: "made-up"})
	conn, _, err := websocket.Dial(t.Context(), server.URL+"/websocket", &websocket.DialOptions{HTTPClient: client})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	long := message{Msg: "ping", ID: strings.Repeat("x", 30_000)}
	if err := wsjson.Write(t.Context(), conn, long); err != nil {
		t.Fatal(err)
	}
	var back message
	if err := wsjson.Read(t.Context(), conn, &back); err != nil || back.ID != long.ID || plan.Count() != 1 {
		t.Errorf("%d bytes came back, %v", len(back.ID), err)
	}
}
