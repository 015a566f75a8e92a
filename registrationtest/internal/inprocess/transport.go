// Package inprocess carries HTTP requests to handlers of the same process: no socket, no port, and no goroutine that waits for
// the network. In a testing/synctest bubble everything that waits on it is durably blocked.
//
//	transport := inprocess.New(func(u *url.URL) http.Handler { return handlers[u.Host] })
//	defer transport.Close()
//	client := &http.Client{Transport: transport}
//
// A handler runs in a goroutine of its own, since a server goes on with its work when a caller has left. The answer arrives as a
// whole, once the handler has returned. WebSockets work too.
package inprocess

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"sync"

	"github.com/rcreg/registration/registrationtest/internal/lifetime"
)

// caller is the address that handlers see requests come from: one for documentation, of RFC 5737.
const caller = "192.0.2.1:49152"

// Transport is a transport to handlers. It is safe for concurrent use.
type Transport struct {
	find func(*url.URL) http.Handler

	ctx    context.Context //nolint:containedctx // as that of a server: its requests end with it
	cancel context.CancelFunc

	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup
}

// New returns a transport that asks find for the handler of an address: nil where there is no server.
func New(find func(*url.URL) http.Handler) *Transport {
	ctx, cancel := context.WithCancel(context.Background())
	return &Transport{find: find, ctx: lifetime.With(ctx), cancel: cancel}
}

// RoundTrip makes one exchange. Its errors are those that net/http has for a host that is not there, a connection that was reset,
// and a context that is done.
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := context.Cause(r.Context()); err != nil {
		closeBody(r)
		return nil, err
	}
	handler := t.find(r.URL)
	if handler == nil || !t.enter() {
		closeBody(r)
		return nil, noSuchHost(r.URL.Hostname())
	}
	e := newExchange()
	go t.serve(handler, e, r)
	select {
	case <-e.done:
		return e.answer(r)
	case <-r.Context().Done():
		go e.abandon() // a socket that is opened meanwhile has no owner
		return nil, context.Cause(r.Context())
	}
}

// serve lets the handler answer.
func (t *Transport) serve(handler http.Handler, e *exchange, r *http.Request) {
	defer t.running.Done()
	ctx, cancel := context.WithCancel(t.ctx)
	defer cancel()
	defer context.AfterFunc(r.Context(), cancel)()
	defer closeBody(r)
	defer e.finish()
	handler.ServeHTTP(e, arrived(ctx, r)) //nolint:contextcheck // as a server has it: the caller may leave, and its values stay with it
}

// arrived is a request as a server gets it.
func arrived(ctx context.Context, r *http.Request) *http.Request {
	in := r.WithContext(ctx)
	in.Header = r.Header.Clone()
	if in.Header == nil {
		in.Header = http.Header{}
	}
	if in.Method == "" {
		in.Method = http.MethodGet
	}
	if in.Host == "" {
		in.Host = r.URL.Host
	}
	if in.Body == nil {
		in.Body = http.NoBody
	}
	in.Proto, in.ProtoMajor, in.ProtoMinor = "HTTP/1.1", 1, 1
	in.URL = &url.URL{Path: r.URL.Path, RawPath: r.URL.RawPath, RawQuery: r.URL.RawQuery}
	if in.URL.Path == "" {
		in.URL.Path = "/"
	}
	in.RequestURI = in.URL.RequestURI()
	in.RemoteAddr = caller
	return in
}

// Close ends the requests that are under way, and waits for their handlers. Later ones find no server. It may be called more than
// once.
func (t *Transport) Close() {
	t.mu.Lock()
	t.closed = true
	t.mu.Unlock()
	t.cancel()
	t.running.Wait()
}

// CloseIdleConnections does nothing: there are none.
func (t *Transport) CloseIdleConnections() {}

// enter counts a request, unless the transport is closed.
func (t *Transport) enter() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return false
	}
	t.running.Add(1)
	return true
}

func closeBody(r *http.Request) {
	if r.Body != nil {
		_ = r.Body.Close() // nothing is lost with what is not read
	}
}

func noSuchHost(host string) error {
	return &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}}
}
