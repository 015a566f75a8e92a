package registrationtest

import (
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/rcreg/registration/registrationtest/internal/fault"
)

// httpServer is one fake server's listener, with its history and its faults.
type httpServer struct {
	*recorder
	faults *fault.Plan
	server *httptest.Server
	cancel context.CancelFunc
}

// serve starts a server. The context of its requests ends when the server is closed, so that no handler outlives it.
func serve(o options, handler http.Handler) (*httpServer, error) {
	ctx, cancel := context.WithCancel(context.Background())
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", o.address)
	if err != nil {
		cancel()
		return nil, err
	}
	s := &httpServer{recorder: &recorder{clock: o.clock}, faults: o.faults, cancel: cancel}
	handler = s.wrap(handler)
	if o.control != nil {
		mux := http.NewServeMux()
		mux.Handle("/", handler)
		mux.Handle("/_sim/", o.control)
		handler = mux
	}
	s.server = &httptest.Server{Listener: listener, Config: &http.Server{
		Handler:           handler,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ErrorLog:          log.New(io.Discard, "", 0), // clients that leave are part of the play
		ReadHeaderTimeout: 10 * time.Second,
	}}
	s.server.Start()
	return s, nil
}

// close stops the server and waits for its handlers. It may be called more than once.
func (s *httpServer) close() {
	s.cancel()
	s.server.Close()
}
