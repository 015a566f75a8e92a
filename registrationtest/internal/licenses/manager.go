// Package licenses is the licenses.* endpoints of a fake server: they take a license from an administrator, and show
// the one that is in force, whoever it came from.
//
//	manager := licenses.New(licenses.Config{Release: rel, Settings: store, Clock: c, Verify: verify, Current: current})
//	manager.Register(srv)
package licenses

import (
	"github.com/rcreg/registration/internal/clock"
	"github.com/rcreg/registration/registrationtest/internal/release"
	"github.com/rcreg/registration/registrationtest/internal/settings"
)

// Config is what a manager needs. All of it is required.
type Config struct {
	Release  release.Release
	Settings *settings.Store
	Clock    clock.Clock
	// Verify returns an error for a text that the vendor has not signed.
	Verify func(text string) error
	// Current returns the text of the license that is in force, or "".
	Current func() string
	// Apply puts a license in force.
	Apply func(text string) error
	// ActiveUsers is how many people use the server.
	ActiveUsers int
}

// Manager answers about the license of one server. It is safe for concurrent use.
type Manager struct {
	Config
}

// New returns a manager.
func New(config Config) *Manager { return &Manager{config} }

// active returns the license in force, or nil, and what speaks against parts of it.
func (m *Manager) active() (*License, []reason) {
	text := m.Current()
	if text == "" {
		return nil, nil
	}
	current := Parse(text)
	reasons := m.reasons(current)
	if !valid(reasons) {
		return nil, nil
	}
	return current, reasons
}

func (m *Manager) reasons(l *License) []reason {
	return l.reasons(m.Settings.String("Site_Url"), m.Clock.Now())
}

// Status is the setting Enterprise_License_Status, as far as the license in force tells.
func (m *Manager) Status() any {
	if l, _ := m.active(); l != nil {
		return "Valid"
	}
	return m.Settings.Stored("Enterprise_License_Status")
}
