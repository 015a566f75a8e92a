package registrationtest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"

	"github.com/rcreg/registration/registrationtest/faults"
)

// simTokens is how many registration tokens a simulation has ready.
const simTokens = 3

// SimConfig says what a simulation serves.
type SimConfig struct {
	Version     string // of the workspace, such as "5.4.0"; of a fleet see Versions
	Listen      string // of the workspace, such as "127.0.0.1:3000"; empty for a free port on loopback
	CloudListen string // of the Cloud and the control API, likewise
	// Count is how many workspaces there are: beyond 1 they are a [Fleet], under paths of one address.
	Count int
	// Versions are those of a fleet, in turn, in the place of Version. None: [MixedVersions].
	Versions []string
	// FleetDir is the folder that the files of a fleet are written to: fleet.yaml, secrets/NAME.token and tokens.txt, which
	// are what the package fleet reads. The folder is made if it is not there, and no file is replaced that no simulation wrote. "": none.
	FleetDir string
	// Faults is the probability, from 0 to 1, with which a call to the workspace or to the Cloud fails, as
	// [faults.Plan.Random] has it. Calls of the control API never do.
	Faults float64
	// Seed makes the faults repeatable. 0 means a random one, which [Sim.Info] tells.
	Seed uint64
	// Clock replaces the clock of the workspace and the Cloud; nil for that of the system. See [WithClock].
	Clock faults.Clock
}

// options are what the workspace and the Cloud have in common, and the address of one of them.
func (c SimConfig) options(address string) []Option {
	var list []Option
	if address != "" {
		list = append(list, WithListenAddress(address))
	}
	if c.Clock != nil {
		list = append(list, WithClock(c.Clock))
	}
	return list
}

// ErrProbability is the error for a probability that is none.
var ErrProbability = errors.New("a probability is a number from 0 to 1")

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
	// Faults is the probability with which a call fails, and Seed the seed that the faults are drawn with.
	Faults float64 `json:"faults"`
	Seed   uint64  `json:"seed"`
}

// Sim is a running fake workspace, or a fleet of them, with its fake Cloud, which also serves a control API under /_sim/ for
// programs in any language. It is safe for concurrent use.
type Sim struct {
	config    SimConfig
	cloud     *Cloud
	workspace *Workspace // nil for a fleet
	fleet     *Fleet     // nil for one workspace
	faults    *faults.Plan
	ready     chan struct{} // closed when the workspace runs

	mu     sync.Mutex
	tokens []string
}

// StartSim starts a simulation; the caller closes it. It fails with [ErrVersion], [ErrCount], [ErrProbability] and
// [ErrForeignList], when an address is taken, and when the files of a fleet cannot be written.
func StartSim(config SimConfig) (*Sim, error) {
	if err := config.check(); err != nil {
		return nil, fmt.Errorf("start a simulation: %w", err)
	}
	for config.Seed == 0 {
		config.Seed = uint64(rand.Uint32()) //nolint:gosec // not a secret, and short enough to be typed
	}
	s := &Sim{config: config, faults: faults.NewPlan(config.Clock), ready: make(chan struct{})}
	var err error
	control := func(o *options) { o.control = s.control() }
	if s.cloud, err = StartCloud(append(config.options(config.CloudListen), WithFaults(s.faults), control)...); err != nil {
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
func (c SimConfig) check() error {
	if !(c.Faults >= 0 && c.Faults <= 1) { // NaN is neither
		return ErrProbability
	}
	versions := c.Versions
	if c.Count <= 1 {
		versions = []string{c.Version}
	}
	for _, version := range versions {
		if _, err := parseVersion(version); err != nil {
			return err
		}
	}
	return nil
}

// startWorkspaces starts the workspace or the fleet.
func (s *Sim) startWorkspaces() (err error) {
	opts := append(s.config.options(s.config.Listen), WithFaults(s.faults), WithCloud(s.cloud))
	if s.config.Count > 1 {
		opts = append(opts, WithVersions(s.config.Versions...), func(o *options) { o.sharedHistory = true })
		s.fleet, err = StartFleet(s.config.Count, opts...)
		return err
	}
	s.workspace, err = StartWorkspace(s.config.Version, opts...)
	return err
}

// Close stops the workspaces and the Cloud. It may be called more than once.
func (s *Sim) Close() {
	s.cloud.Close() // first: a workspace may wait for it
	if s.fleet != nil {
		s.fleet.Close()
	}
	if s.workspace != nil {
		s.workspace.Close()
	}
}

// Workspace is the fake workspace, or nil when there is a fleet.
func (s *Sim) Workspace() *Workspace { return s.workspace }

// Fleet is the fleet, or nil when there is one workspace.
func (s *Sim) Fleet() *Fleet { return s.fleet }

// Faults are those of the workspace and the Cloud.
func (s *Sim) Faults() *faults.Plan { return s.faults }

// Cloud is the fake Cloud.
func (s *Sim) Cloud() *Cloud { return s.cloud }

// Reset returns the workspaces and the Cloud to their first day and issues fresh registration tokens. Faults that were set
// end, and those at random begin anew. Addresses and accounts stay. It fails when a workspace cannot be restarted, and when the
// files of a fleet cannot be written.
func (s *Sim) Reset() error {
	s.cloud.Reset()
	if err := s.resetWorkspaces(); err != nil {
		return err
	}
	s.faults.Clear()
	return s.issueTokens()
}

func (s *Sim) resetWorkspaces() error {
	if s.fleet != nil {
		return s.fleet.Reset()
	}
	return s.workspace.Reset()
}

// issueTokens replaces the registration tokens, also in the files of a fleet.
func (s *Sim) issueTokens() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens = nil
	for range max(simTokens, s.config.Count) {
		s.tokens = append(s.tokens, s.cloud.IssueToken())
	}
	if s.fleet == nil || s.config.FleetDir == "" {
		return nil
	}
	return writeFleet(s.config.FleetDir, s.fleet, s.tokens)
}

// Info returns what a program needs to use the simulation of one workspace.
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
		Faults:             s.config.Faults,
		Seed:               s.config.Seed,
	}
}
