package reliability_test

import (
	"bytes"
	"context"
	"io"
	"maps"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
)

// wire is a transport that counts its open connections, and notes the secrets that travel over it.
type wire struct {
	transport *http.Transport
	open      atomic.Int64

	mu     sync.Mutex
	travel secrets
}

// RoundTrip sends a request.
func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	var asked []byte
	if r.GetBody != nil {
		body, err := r.GetBody()
		if err != nil {
			return nil, err
		}
		if asked, err = io.ReadAll(body); err != nil {
			return nil, err
		}
	}
	response, err := w.transport.RoundTrip(r)
	var answered []byte
	if err == nil && response.StatusCode != http.StatusSwitchingProtocols {
		answered, err = io.ReadAll(response.Body)
		_ = response.Body.Close()
		response.Body = io.NopCloser(bytes.NewReader(answered))
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.travel.harvest(r, asked)
	w.travel.harvestJSON(answered)
	return response, err
}

// CloseIdleConnections drops the connections that wait for another request.
func (w *wire) CloseIdleConnections() { w.transport.CloseIdleConnections() }

// seen are the secrets that have travelled so far.
func (w *wire) seen() secrets {
	w.mu.Lock()
	defer w.mu.Unlock()
	return maps.Clone(w.travel)
}

func newWire() *wire {
	w := &wire{travel: secrets{}}
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
