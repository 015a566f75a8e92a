package registrationtest

import (
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/rcreg/registration/registrationtest/faults"
	"github.com/rcreg/registration/registrationtest/internal/lifetime"
)

// httpServer is one fake server's listener, with its history and its faults.
type httpServer struct {
	*recorder
	faults  *faults.Plan
	handler http.Handler     // with its history and its faults
	server  *httptest.Server // its URL alone when it does not listen
	cancel  context.CancelFunc
}

// serve starts a server. The context of its requests ends when the server is closed, so that no handler outlives it. One that
// shall not listen, since requests are handed to its handler, has an address all the same.
func serve(o options, handler http.Handler) (*httpServer, error) {
	s := &httpServer{recorder: &recorder{clock: o.clock}, faults: o.faults, cancel: func() {}, handler: handler}
	if !o.noHistory {
		s.handler = s.wrap(handler)
	}
	if o.known != "" {
		s.server = &httptest.Server{URL: o.known}
		return s, nil
	}
	if err := s.listen(o); err != nil {
		return nil, err
	}
	return s, nil
}

// listen takes requests from the network.
func (s *httpServer) listen(o options) error {
	ctx, cancel := context.WithCancel(context.Background())
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", o.address)
	if err != nil {
		cancel()
		return err
	}
	s.cancel = cancel
	ctx = lifetime.With(ctx)
	handler := s.handler
	if len(o.beside) > 0 {
		mux := http.NewServeMux()
		mux.Handle("/", handler)
		for pattern, beside := range o.beside {
			mux.Handle(pattern, beside)
		}
		handler = mux
	}
	s.server = &httptest.Server{Listener: listener, Config: &http.Server{
		Handler:           handler,
		BaseContext:       func(net.Listener) context.Context { return ctx },
		ErrorLog:          log.New(io.Discard, "", 0), // clients that leave are part of the play
		ReadHeaderTimeout: 10 * time.Second,
	}}
	s.server.Start()
	return nil
}

// close stops the server and waits for its handlers. It may be called more than once.
func (s *httpServer) close() {
	s.cancel()
	if s.server.Listener != nil {
		s.server.Close()
	}
}
