package reliability_test

import (
	"context"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
)

// wire is a transport that counts its open connections.
type wire struct {
	transport *http.Transport
	open      atomic.Int64
}

func newWire() *wire {
	w := &wire{}
	dialer := &net.Dialer{}
	w.transport = &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dialer.DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		w.open.Add(1)
		return &counted{Conn: conn, closed: sync.OnceFunc(func() { w.open.Add(-1) })}, nil
	}}
	return w
}

// left is how many connections are open.
func (w *wire) left() int64 { return w.open.Load() }

type counted struct {
	net.Conn
	closed func()
}

func (c *counted) Close() error {
	c.closed()
	return c.Conn.Close()
}
