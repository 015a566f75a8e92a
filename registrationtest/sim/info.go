package sim

import (
	"fmt"

	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/internal/release"
)

// User is an account of a simulated workspace.
type User struct {
	UserID    string `json:"user_id"`
	AuthToken string `json:"auth_token"`
	// Username and Password are for a login; the password is also the second factor that settings ask for from 3.18.
	Username string `json:"username"`
	Password string `json:"password"`
}

// Info is what a program needs to use a simulation. The tokens work on this simulation alone.
type Info struct {
	WorkspaceURL string `json:"workspace_url"`
	CloudURL     string `json:"cloud_url"`
	Version      string `json:"version"`
	User                // the administrator
	// Ordinary is a user without permissions.
	Ordinary User `json:"ordinary_user"`
	// RegistrationTokens are fresh: each works once.
	RegistrationTokens []string `json:"registration_tokens"`
	// Faults is the probability with which a call fails, and Seed the seed that the faults are drawn with.
	Faults float64 `json:"faults"`
	Seed   uint64  `json:"seed"`
}

// Member is a workspace of a simulated fleet.
type Member struct {
	Name    string `json:"name"`
	URL     string `json:"url"`
	Version string `json:"version"`
	User           // the administrator
}

// FleetInfo is what a program needs to use the simulation of a fleet. The tokens work on this simulation alone.
type FleetInfo struct {
	CloudURL   string   `json:"cloud_url"`
	Versions   []string `json:"versions"` // that the workspaces have in turn
	Workspaces []Member `json:"workspaces"`
	// RegistrationTokens are fresh, one for each workspace: each works once.
	RegistrationTokens []string `json:"registration_tokens"`
	// Faults and Seed are those of [Info].
	Faults float64 `json:"faults"`
	Seed   uint64  `json:"seed"`
	// FleetDir is the folder that its files were written to.
	FleetDir string `json:"fleet,omitempty"`
}

// Info returns what a program needs to use the simulation of one workspace.
func (s *Server) Info() Info {
	s.mu.Lock()
	defer s.mu.Unlock()
	admin, user := s.workspace.Admin(), s.workspace.User()
	return Info{
		WorkspaceURL:       s.workspace.URL(),
		CloudURL:           s.cloud.URL(),
		Version:            s.workspace.Version(),
		User:               User(admin),
		Ordinary:           User(user),
		RegistrationTokens: append([]string(nil), s.tokens...),
		Faults:             s.config.Faults,
		Seed:               s.config.Seed,
	}
}

// FleetInfo returns what a program needs to use the simulation of a fleet.
func (s *Server) FleetInfo() FleetInfo {
	s.mu.Lock()
	defer s.mu.Unlock()
	info := FleetInfo{
		CloudURL:           s.cloud.URL(),
		RegistrationTokens: append([]string(nil), s.tokens...),
		Faults:             s.config.Faults,
		Seed:               s.config.Seed,
		FleetDir:           s.config.FleetDir,
	}
	for _, version := range s.config.versions() {
		info.Versions = append(info.Versions, release.MustParse(version).String()) // the fleet has read it before
	}
	for i := range s.fleet.Len() {
		info.Workspaces = append(info.Workspaces, Member{
			s.fleet.Name(i), s.fleet.URL(i), s.fleet.Version(i), User(s.fleet.Admin(i)),
		})
	}
	return info
}

// chosen is the workspace of a name. Without a name it is the only one, or nil in a fleet.
func (s *Server) chosen(name string) (*registrationtest.Workspace, error) {
	switch {
	case name == "":
		return s.workspace, nil
	case s.fleet == nil:
		return nil, fmt.Errorf("there is one workspace, which has no name: leave %q out", name)
	}
	i, known := s.fleet.Find(name)
	if !known {
		return nil, fmt.Errorf("the fleet has no workspace %q: they are %s to %s", name, s.fleet.Name(0), s.fleet.Name(s.fleet.Len()-1))
	}
	return s.fleet.Workspace(i), nil
}
