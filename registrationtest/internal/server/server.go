// Package server is the framework of a fake Rocket.Chat server: everything that its REST API, its method calls and its
// DDP WebSocket do alike for every endpoint and method, as the given release does it. It knows nothing of the Cloud.
//
//	srv := server.New(server.Config{Release: release.MustParse("6.5.0"), Clock: clock.System(), Accounts: server.NewAccounts(users)})
//	srv.AddMethod(server.Method{Name: "cloud:syncWorkspace", Run: run})
//	srv.AddEndpoint(server.Endpoint{Path: "cloud.syncWorkspace", Verb: "POST", Permission: "manage-cloud", Run: runREST})
//	http.ListenAndServe("127.0.0.1:3000", srv)
package server

import (
	"context"
	"net/http"
	"strings"
	"sync"

	"github.com/rcreg/registration/internal/clock"
	"github.com/rcreg/registration/registrationtest/internal/release"
)

// Config is what a server needs. Release and Clock are required.
type Config struct {
	Release release.Release
	Clock   clock.Clock
	// Accounts are the users and their tokens, which outlive a restart of the server. Nil: no user can log in.
	Accounts *Accounts
	// Path is the sub-path that the server is reached under, such as "/chat"; "" for none.
	Path string
}

// Server is one fake server, an http.Handler. It is safe for concurrent use.
type Server struct {
	release  release.Release
	clock    clock.Clock
	path     string
	accounts *Accounts
	limits   *limits

	// ctx lives as long as the server: its work goes on after a caller has left, as that of a real one does.
	ctx     context.Context //nolint:containedctx // the server's own life
	cancel  context.CancelFunc
	sockets sockets

	mu      sync.RWMutex
	routes  []*route
	methods map[string]Method
}

// New returns a server that knows its users, /api/v1/login and logout, method.call and the WebSocket.
func New(config Config) *Server {
	if config.Accounts == nil {
		config.Accounts = NewAccounts(nil)
	}
	ctx, cancel := context.WithCancel(context.Background())
	s := &Server{
		ctx:      ctx,
		cancel:   cancel,
		release:  config.Release,
		clock:    config.Clock,
		path:     strings.TrimSuffix(config.Path, "/"),
		accounts: config.Accounts,
		limits:   newLimits(config.Clock),
		methods:  map[string]Method{},
	}
	s.addSessionEndpoints()
	s.addMethodCalls()
	return s
}

// AddEndpoint adds a REST endpoint under /api/v1/.
func (s *Server) AddEndpoint(e Endpoint) {
	s.addRoute("/api/v1/"+e.Path, e.Verb, s.restHandler(e))
}

// AddAPIEndpoint adds an endpoint right under /api/, without the v1.
func (s *Server) AddAPIEndpoint(e Endpoint) {
	s.addRoute("/api/"+e.Path, e.Verb, s.restHandler(e))
}

// AddMethod adds a Meteor method.
func (s *Server) AddMethod(m Method) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.methods[m.Name] = m
}

func (s *Server) method(name string) (Method, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	m, ok := s.methods[name]
	return m, ok
}

// Close ends the work of the server and its WebSockets, and waits for those.
func (s *Server) Close() {
	s.sockets.shut()
	s.cancel()
	s.sockets.wait()
}

var _ http.Handler = (*Server)(nil)
