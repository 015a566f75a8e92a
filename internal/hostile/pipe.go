package hostile

import (
	"context"
	"net"
	"net/http"
	"sync"
	"testing"
)

// Dialer opens connections to one server, whatever the address. They have no buffers: what the server could send, the client has read.
type Dialer func(ctx context.Context, network, address string) (net.Conn, error)

// NewDialer starts a server that ends with the test.
func NewDialer(tb testing.TB, handler http.Handler) Dialer {
	tb.Helper()
	l := &listener{connections: make(chan net.Conn), closed: make(chan struct{})}
	server := &http.Server{Handler: handler} //nolint:gosec // no stranger reaches it, so that it needs no time limits
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(l) // always http.ErrServerClosed
	}()
	tb.Cleanup(func() {
		_ = server.Close()
		<-done
	})
	return l.dial
}

// listener hands one end of each pipe to the server.
type listener struct {
	connections chan net.Conn
	closed      chan struct{}
	once        sync.Once
}

func (l *listener) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case l.connections <- theirs:
		return ours, nil
	case <-l.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// Accept waits for the next connection.
func (l *listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.connections:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close ends the listener.
func (l *listener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

// Addr is the address of nothing in particular.
func (l *listener) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "pipe"} }
