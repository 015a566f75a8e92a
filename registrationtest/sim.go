package registrationtest

import (
	"fmt"
	"sync"
)

// simTokens is how many registration tokens a simulation has ready.
const simTokens = 3

// SimConfig says what a simulation serves.
type SimConfig struct {
	Version     string // of the workspace, such as "5.4.0"
	Listen      string // of the workspace, such as "127.0.0.1:3000"; empty for a free port on loopback
	CloudListen string // of the Cloud and the control API, likewise
}

// SimUser is an account of a simulated workspace.
type SimUser struct {
	UserID    string `json:"user_id"`
	AuthToken string `json:"auth_token"`
	// Username and Password are for a login; the password is also the second factor that settings ask for from 3.18.
	Username string `json:"username"`
	Password string `json:"password"`
}

// SimInfo is what a program needs to use a simulation. The tokens work on this simulation alone.
type SimInfo struct {
	WorkspaceURL string `json:"workspace_url"`
	CloudURL     string `json:"cloud_url"`
	Version      string `json:"version"`
	SimUser             // the administrator
	// Ordinary is a user without permissions.
	Ordinary SimUser `json:"ordinary_user"`
	// RegistrationTokens are fresh: each works once.
	RegistrationTokens []string `json:"registration_tokens"`
}

// Sim is a running fake workspace with its fake Cloud, which also serves a control API under /_sim/ for programs in any
// language. It is safe for concurrent use.
type Sim struct {
	config    SimConfig
	cloud     *Cloud
	workspace *Workspace
	ready     chan struct{} // closed when the workspace runs

	mu     sync.Mutex
	tokens []string
}

// StartSim starts a simulation; the caller closes it. It fails for a version that is none, and when an address is taken.
func StartSim(config SimConfig) (*Sim, error) {
	s := &Sim{config: config, ready: make(chan struct{})}
	var err error
	control := func(o *options) { o.control = s.control() }
	if s.cloud, err = StartCloud(append(listenOn(config.CloudListen), control)...); err != nil {
		return nil, err
	}
	s.workspace, err = StartWorkspace(config.Version, append(listenOn(config.Listen), WithCloud(s.cloud))...)
	if err != nil {
		s.cloud.Close()
		return nil, fmt.Errorf("start a simulation: %w", err)
	}
	s.issueTokens()
	close(s.ready)
	return s, nil
}

func listenOn(address string) []Option {
	if address == "" {
		return nil
	}
	return []Option{WithListenAddress(address)}
}

// Close stops the workspace and the Cloud. It may be called more than once.
func (s *Sim) Close() {
	s.cloud.Close() // first: the workspace may wait for it
	s.workspace.Close()
}

// Workspace is the fake workspace.
func (s *Sim) Workspace() *Workspace { return s.workspace }

// Cloud is the fake Cloud.
func (s *Sim) Cloud() *Cloud { return s.cloud }

// Reset returns the workspace and the Cloud to their first day and issues fresh registration tokens. Addresses and
// accounts stay. It fails when the workspace cannot be restarted.
func (s *Sim) Reset() error {
	s.cloud.Reset()
	if err := s.workspace.Reset(); err != nil {
		return err
	}
	s.issueTokens()
	return nil
}

func (s *Sim) issueTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens = nil
	for range simTokens {
		s.tokens = append(s.tokens, s.cloud.IssueToken())
	}
}

// Info returns what a program needs to use the simulation.
func (s *Sim) Info() SimInfo {
	s.mu.Lock()
	defer s.mu.Unlock()
	admin, user := s.workspace.Admin(), s.workspace.User()
	return SimInfo{
		WorkspaceURL:       s.workspace.URL(),
		CloudURL:           s.cloud.URL(),
		Version:            s.workspace.Version(),
		SimUser:            SimUser(admin),
		Ordinary:           SimUser(user),
		RegistrationTokens: append([]string(nil), s.tokens...),
	}
}
