package registrationtest

import "fmt"

// SimMember is a workspace of a simulated fleet.
type SimMember struct {
	Name    string `json:"name"`
	URL     string `json:"url"`
	Version string `json:"version"`
	SimUser        // the administrator
}

// SimFleetInfo is what a program needs to use the simulation of a fleet. The tokens work on this simulation alone.
type SimFleetInfo struct {
	CloudURL   string      `json:"cloud_url"`
	Versions   []string    `json:"versions"` // that the workspaces have in turn
	Workspaces []SimMember `json:"workspaces"`
	// RegistrationTokens are fresh, one for each workspace: each works once.
	RegistrationTokens []string `json:"registration_tokens"`
	// Faults and Seed are those of [SimInfo].
	Faults float64 `json:"faults"`
	Seed   uint64  `json:"seed"`
	// FleetDir is the folder that its files were written to.
	FleetDir string `json:"fleet,omitempty"`
}

// FleetInfo returns what a program needs to use the simulation of a fleet.
func (s *Sim) FleetInfo() SimFleetInfo {
	s.mu.Lock()
	defer s.mu.Unlock()
	info := SimFleetInfo{
		CloudURL:           s.cloud.URL(),
		RegistrationTokens: append([]string(nil), s.tokens...),
		Faults:             s.config.Faults,
		Seed:               s.config.Seed,
		FleetDir:           s.config.FleetDir,
	}
	for _, version := range s.fleet.versions {
		info.Versions = append(info.Versions, version.String())
	}
	for i := range s.fleet.Len() {
		info.Workspaces = append(info.Workspaces, SimMember{
			s.fleet.Name(i), s.fleet.URL(i), s.fleet.Version(i), SimUser(s.fleet.Admin(i)),
		})
	}
	return info
}

// chosen is the workspace of a name. Without a name it is the only one, or nil in a fleet.
func (s *Sim) chosen(name string) (*Workspace, error) {
	switch {
	case name == "":
		return s.workspace, nil
	case s.fleet == nil:
		return nil, fmt.Errorf("there is one workspace, which has no name: leave %q out", name)
	}
	i, known := s.fleet.Find(name)
	if !known {
		return nil, fmt.Errorf("the fleet has no workspace %q: they are %s to %s", name, nameOf(0), nameOf(s.fleet.Len()-1))
	}
	return s.fleet.Workspace(i), nil
}
