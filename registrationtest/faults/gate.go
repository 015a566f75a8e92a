package faults

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"time"

	"github.com/rcreg/registration/registrationtest/internal/lifetime"
)

// How long a server keeps clients waiting.
const (
	serverHangs = 5 * time.Minute  // a late reply, which then never comes
	slowness    = 10 * time.Second // a slow one
	dripPause   = 50 * time.Millisecond
	dripsAtAll  = 10 * time.Second // the pauses of a drip together, at most
)

// Gate stands in front of a fake server and makes its exchanges fail.
type Gate struct {
	Plan  *Plan
	Side  Side  // of the server
	Clock Clock // of the server: what waits, waits on it
	// Otherwise is the fault of an exchange that the plan has none for. May be nil.
	Otherwise func() (Fault, bool)
}

// Handler returns next behind the gate.
func (g Gate) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		step := stepOf(g.Side, r)
		fault := g.meet(step)
		if fault.Do != nil {
			fault.Do()
		}
		switch {
		case fault.Kind == None || fault.Kind == Restart:
			g.pass(w, r, step, next)
		case fault.Kind == Slow:
			g.slow(w, r, step, next)
		case fault.isLater():
			g.later(w, r, step, fault, next)
		case fault.CarriedOut():
			actual := carryOut(next, r)
			g.fail(w, r, step, fault, &actual)
		default:
			g.fail(w, r, step, fault, nil)
		}
	})
}

func (g Gate) meet(step Step) Fault {
	return g.Plan.meet(step, place{server: true, otherwise: g.Otherwise})
}

// pass lets the server answer. The method calls in a WebSocket are looked at one by one.
func (g Gate) pass(w http.ResponseWriter, r *http.Request, step Step, next http.Handler) {
	if step.Call == CallSocket {
		w = &hijackedWriter{ResponseWriter: w, watch: newTalk(step, g.meet)}
	}
	if !(Fault{Kind: Cached}).Fits(step) {
		next.ServeHTTP(w, r)
		return
	}
	actual := carryOut(next, r)
	g.Plan.remember(step, actual)
	actual.write(w)
}

// later answers, and then carries the request out, for as long as the server runs.
func (g Gate) later(w http.ResponseWriter, r *http.Request, step Step, fault Fault, next http.Handler) {
	body, _ := io.ReadAll(r.Body) // what has not come is not carried out
	ctx := lifetime.Of(r.Context())
	kept := r.Clone(ctx)
	kept.Body = io.NopCloser(bytes.NewReader(body))
	carry := func() {
		if g.Clock.Sleep(ctx, fault.Later) == nil {
			carryOut(next, kept)
		}
	}
	if fault.Kind == Timeout || fault.Kind == Hang {
		carry()
		g.fail(w, r, step, fault, nil)
		return
	}
	// The client has its answer, and does not wait for this connection.
	w.Header().Set("Connection", "close")
	fault.reply(step, r.URL.RawQuery, nil, g.Clock.Now()).write(w)
	_ = http.NewResponseController(w).Flush()
	carry()
}

// slow lets the server answer late. A server goes on when its caller has left: only its own end stops it.
func (g Gate) slow(w http.ResponseWriter, r *http.Request, step Step, next http.Handler) {
	r = r.WithContext(lifetime.Of(r.Context()))
	if g.Clock.Sleep(r.Context(), slowness) != nil { //nolint:contextcheck // it goes on when the caller has left, until the server ends
		hangUp(w)
	}
	g.pass(w, r, step, next)
}

// carryOut lets the server work and keeps its reply.
func carryOut(next http.Handler, r *http.Request) reply {
	recorder := httptest.NewRecorder()
	next.ServeHTTP(recorder, r)
	return reply{recorder.Code, recorder.Header(), recorder.Body.Bytes()}
}

// fail answers as the fault wants it. The real reply is nil when the request was not carried out.
func (g Gate) fail(w http.ResponseWriter, r *http.Request, step Step, fault Fault, actual *reply) {
	switch fault.Kind {
	case Reset:
		hangUp(w)
	case Hang:
		<-r.Context().Done()
		hangUp(w)
	case Timeout:
		_ = g.Clock.Sleep(r.Context(), serverHangs) // ends early when the client leaves or the server is closed
		hangUp(w)
	case Switching:
		switchProtocols(w, r)
	case Flood:
		flood(w, r)
	case Cached:
		g.Plan.cached(step).write(w)
	case Cut:
		actual.announce(w, len(actual.body)+1) // one byte at least is missing, also of an empty body
		_, _ = w.Write(actual.body[:len(actual.body)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	case Drip:
		actual.announce(w, len(actual.body))
		g.drip(w, r, actual.body)
	case Stall:
		actual.announce(w, len(actual.body)+1)
		g.drip(w, r, actual.body[:len(actual.body)/2])
		_ = g.Clock.Sleep(r.Context(), serverHangs)
		panic(http.ErrAbortHandler)
	default:
		fault.reply(step, r.URL.RawQuery, actual, g.Clock.Now()).write(w)
	}
}

// drip sends a body byte by byte.
func (g Gate) drip(w http.ResponseWriter, r *http.Request, body []byte) {
	pause := min(dripPause, dripsAtAll/time.Duration(len(body)+1))
	for i := range body {
		if g.Clock.Sleep(r.Context(), pause) != nil {
			panic(http.ErrAbortHandler)
		}
		_, _ = w.Write(body[i : i+1])
		_ = http.NewResponseController(w).Flush()
	}
}

// announce writes everything but the body, of which it tells the length.
func (a reply) announce(w http.ResponseWriter, length int) {
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Length", strconv.Itoa(length))
	w.WriteHeader(a.status)
}

func (a reply) write(w http.ResponseWriter) {
	a.announce(w, len(a.body))
	_, _ = w.Write(a.body) // a client that has left needs no answer
}

// hangUp resets the connection, so that the client learns of it at once, and ends the handler.
func hangUp(w http.ResponseWriter) {
	if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
		reset(conn)
	}
	panic(http.ErrAbortHandler)
}

// reset closes a connection without the goodbye of TCP.
func reset(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// A flood sends this many heads of this many bytes, unless the client leaves.
const (
	floodHeads = 10_000
	floodBytes = 4 << 10
)

// switchProtocols takes the connection away from HTTP, and then keeps silent until the client leaves or the server is closed.
func switchProtocols(w http.ResponseWriter, r *http.Request) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer conn.Close()
	defer context.AfterFunc(lifetime.Of(r.Context()), func() { _ = conn.Close() })()
	_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n")
	_, _ = io.Copy(io.Discard, conn) // ends when either side closes
}

// flood sends early hints until the client has enough.
func flood(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Link", "</"+strings.Repeat("a", floodBytes)+">")
	for range floodHeads {
		if r.Context().Err() != nil {
			break
		}
		w.WriteHeader(http.StatusEarlyHints)
	}
	hangUp(w)
}
