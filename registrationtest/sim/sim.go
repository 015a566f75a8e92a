// Package sim serves fake workspaces and their fake Cloud to programs in any language, with a control API under /_sim/ on the
// Cloud's address: confirm a device code, remove a workspace, make calls fail. docs/sim.md describes it, and "rcreg sim" is its
// command.
//
//	server, err := sim.Start(sim.Config{Version: "8.7.0"})
//	// …
//	defer server.Close()
//	info := server.Info() // the addresses, an account and registration tokens
//
// Tests in Go need it only to test such programs: they start the fakes themselves, with package registrationtest.
package sim

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"

	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/faults"
	"github.com/rcreg/registration/registrationtest/internal/release"
)

// freshTokens is how many registration tokens a simulation has ready.
const freshTokens = 3

// Config says what a simulation serves.
type Config struct {
	Version     string // of the workspace, such as "5.4.0"; of a fleet see Versions
	Listen      string // of the workspace, such as "127.0.0.1:3000"; empty for a free port on loopback
	CloudListen string // of the Cloud and the control API, likewise
	// Count is how many workspaces there are: beyond 1 they are a [registrationtest.Fleet], under paths of one address.
	Count int
	// Versions are those of a fleet, in turn, in the place of Version. None: [registrationtest.MixedVersions].
	Versions []string
	// FleetDir is the folder that the files of a fleet are written to: fleet.yaml, secrets/NAME.token and tokens.txt, which
	// are what the package fleet reads. The folder is made if it is not there, and no file is replaced that no simulation wrote. "": none.
	FleetDir string
	// License is the license that the workspaces have at first: "valid", "offline" (from 8.7 it forbids them to ask the Cloud), "expired" or "elsewhere", which is for another
	// address. "": none.
	License string
	// ReadOnlyIn is in how many days the workspaces of 7.0 and later show that they become read-only for want of a license, 0 to 10; nil: as fresh ones.
	ReadOnlyIn *int
	// Faults is the probability, from 0 to 1, with which a call to the workspace or to the Cloud fails, as
	// [faults.Plan.Random] has it. Calls of the control API never do.
	Faults float64
	// Seed makes the faults repeatable. 0 means a random one, which [Server.Info] tells.
	Seed uint64
	// Clock replaces the clock of the workspace and the Cloud; nil for that of the system. See [registrationtest.WithClock].
	Clock faults.Clock
}

// options are what the workspace and the Cloud have in common, and the address of one of them.
func (c Config) options(address string) []registrationtest.Option {
	var list []registrationtest.Option
	if address != "" {
		list = append(list, registrationtest.WithListenAddress(address))
	}
	if c.Clock != nil {
		list = append(list, registrationtest.WithClock(c.Clock))
	}
	return list
}

// ErrProbability is the error for a probability that is none.
var ErrProbability = errors.New("a probability is a number from 0 to 1")

// Server is a running fake workspace, or a fleet of them, with its fake Cloud, which also serves a control API under /_sim/ for
// programs in any language. It is safe for concurrent use.
type Server struct {
	config    Config
	cloud     *registrationtest.Cloud
	workspace *registrationtest.Workspace // nil for a fleet
	fleet     *registrationtest.Fleet     // nil for one workspace
	faults    *faults.Plan
	ready     chan struct{} // closed when the workspace runs

	mu     sync.Mutex
	tokens []string
}

// Start starts a simulation; the caller closes it. It fails with [registrationtest.ErrVersion], [registrationtest.ErrCount], [ErrProbability], [ErrLicense]
// and [ErrForeignList], when an address is taken, and when the files of a fleet cannot be written.
func Start(config Config) (*Server, error) {
	if err := config.check(); err != nil {
		return nil, fmt.Errorf("start a simulation: %w", err)
	}
	for config.Seed == 0 {
		config.Seed = uint64(rand.Uint32()) //nolint:gosec // not a secret, and short enough to be typed
	}
	s := &Server{config: config, faults: faults.NewPlan(config.Clock), ready: make(chan struct{})}
	var err error
	control := registrationtest.WithHandler("/_sim/", s.control())
	if s.cloud, err = registrationtest.StartCloud(append(config.options(config.CloudListen), registrationtest.WithFaults(s.faults), control)...); err != nil {
		return nil, err
	}
	if err = s.startWorkspaces(); err == nil {
		err = s.issueTokens()
	}
	if err != nil {
		s.Close()
		return nil, fmt.Errorf("start a simulation: %w", err)
	}
	s.faults.Random(config.Faults, config.Seed)
	close(s.ready)
	return s, nil
}

// check refuses what cannot be meant, before any address is taken.
func (c Config) check() error {
	if !(c.Faults >= 0 && c.Faults <= 1) { // NaN is neither
		return ErrProbability
	}
	if _, err := licenseOf(c.License); c.License != "" && err != nil {
		return err
	}
	if days := c.ReadOnlyIn; days != nil && (*days < 0 || *days > 10) {
		return fmt.Errorf("a workspace is read-only in 0 to 10 days, not %d", *days)
	}
	for _, version := range c.versions() {
		if _, err := release.Parse(version); err != nil {
			return err
		}
	}
	return nil
}

// versions are those that the workspaces have in turn.
func (c Config) versions() []string {
	switch {
	case c.Count <= 1:
		return []string{c.Version}
	case len(c.Versions) == 0:
		return registrationtest.MixedVersions()
	}
	return c.Versions
}

// startWorkspaces starts the workspace or the fleet.
func (s *Server) startWorkspaces() (err error) {
	opts := append(s.config.options(s.config.Listen), registrationtest.WithFaults(s.faults), registrationtest.WithCloud(s.cloud))
	if s.config.License != "" {
		license, _ := licenseOf(s.config.License) // it was checked before
		opts = append(opts, registrationtest.WithLicense(license))
	}
	if s.config.ReadOnlyIn != nil {
		opts = append(opts, registrationtest.WithReadOnlyIn(*s.config.ReadOnlyIn))
	}
	if s.config.Count > 1 {
		opts = append(opts, registrationtest.WithVersions(s.config.Versions...))
		s.fleet, err = registrationtest.StartFleet(s.config.Count, opts...)
		return err
	}
	s.workspace, err = registrationtest.StartWorkspace(s.config.Version, opts...)
	return err
}

// Close stops the workspaces and the Cloud. It may be called more than once.
func (s *Server) Close() {
	s.cloud.Close() // first: a workspace may wait for it
	if s.fleet != nil {
		s.fleet.Close()
	}
	if s.workspace != nil {
		s.workspace.Close()
	}
}

// Workspace is the fake workspace, or nil when there is a fleet.
func (s *Server) Workspace() *registrationtest.Workspace { return s.workspace }

// Fleet is the fleet, or nil when there is one workspace.
func (s *Server) Fleet() *registrationtest.Fleet { return s.fleet }

// Faults are those of the workspace and the Cloud.
func (s *Server) Faults() *faults.Plan { return s.faults }

// Cloud is the fake Cloud.
func (s *Server) Cloud() *registrationtest.Cloud { return s.cloud }

// Reset returns the workspaces and the Cloud to their first day and issues fresh registration tokens. Faults that were set
// end, and those at random begin anew. Addresses and accounts stay. It fails when a workspace cannot be restarted, and when the
// files of a fleet cannot be written.
func (s *Server) Reset() error {
	s.cloud.Reset()
	if err := s.resetWorkspaces(); err != nil {
		return err
	}
	s.faults.Clear()
	return s.issueTokens()
}

func (s *Server) resetWorkspaces() error {
	if s.fleet != nil {
		return s.fleet.Reset()
	}
	return s.workspace.Reset()
}

// issueTokens replaces the registration tokens, also in the files of a fleet.
func (s *Server) issueTokens() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens = nil
	for range max(freshTokens, s.config.Count) {
		s.tokens = append(s.tokens, s.cloud.IssueToken())
	}
	if s.fleet == nil || s.config.FleetDir == "" {
		return nil
	}
	return writeFleet(s.config.FleetDir, s.fleet, s.tokens)
}
