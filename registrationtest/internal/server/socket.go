package server

import (
	"context"
	"net/http"
	"sync"

	"github.com/coder/websocket"
)

// maxFrame is the longest frame that a WebSocket takes, in bytes.
const maxFrame = 8 << 20

// sockets counts the open WebSockets.
type sockets struct {
	mu     sync.Mutex
	closed bool
	open   sync.WaitGroup
}

// enter counts one more, unless the server is being closed.
func (s *sockets) enter() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.open.Add(1)
	return true
}

func (s *sockets) leave() { s.open.Done() }

// shut lets no more in.
func (s *sockets) shut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
}

func (s *sockets) wait() { s.open.Wait() }

// serveSocket speaks DDP over the WebSocket at /websocket.
func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Upgrade") == "" {
		http.Error(w, `Can "Upgrade" only to "WebSocket".`, http.StatusBadRequest)
		return
	}
	if !s.sockets.enter() {
		http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
		return
	}
	defer s.sockets.leave()
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{InsecureSkipVerify: true}) // any origin, as Meteor
	if err != nil {
		return // Accept has answered
	}
	defer conn.CloseNow() //nolint:errcheck // closed by the other side already, or the server is
	conn.SetReadLimit(maxFrame)
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	newDDPSession(s, conn, callerAddress(r)).run(ctx) //nolint:contextcheck // a hijacked request has no context to speak of
}
