// Package licenses is what a fake server does about its licence: it applies what the Cloud or an administrator hands
// it, keeps it in memory, and shows it over licenses.*.
//
//	manager := licenses.New(licenses.Config{Release: rel, Settings: store, Clock: c, Verify: cloud.VerifyLicense})
//	manager.Register(srv)
package licenses

import (
	"strings"
	"sync"

	"github.com/rcreg/registration/internal/clock"
	"github.com/rcreg/registration/registrationtest/internal/release"
	"github.com/rcreg/registration/registrationtest/internal/settings"
)

// Config is what a manager needs. Release, Settings, Clock and Verify are required.
type Config struct {
	Release  release.Release
	Settings *settings.Store
	Clock    clock.Clock
	// Verify returns an error for a text that the vendor has not signed.
	Verify func(text string) error
	// ActiveUsers is how many people use the server.
	ActiveUsers int
}

// Manager holds the licence of one server. It is safe for concurrent use.
type Manager struct {
	Config

	mu      sync.Mutex
	current *license
}

// New returns a manager that follows the settings which hold a licence.
func New(config Config) *Manager {
	m := &Manager{Config: config}
	for _, id := range []string{"Cloud_Workspace_License", "Enterprise_License"} {
		m.apply(config.Settings.Get(id))
		config.Settings.Watch(id, m.apply)
	}
	return m
}

// apply takes a new licence. One that does not verify leaves the old one in its place, and so does none: a licence
// outlives the registration that it came with. By 8.6 one that was taken away is gone.
func (m *Manager) apply(value any) {
	text, _ := value.(string)
	text = strings.TrimSpace(text)
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case text == "" && m.current != nil && m.Release.Since("8.0"):
		m.current = nil
	case text != "" && m.Verify(text) == nil:
		m.current = parse(text)
	}
}

// active returns the licence in use, or nil, and what speaks against parts of it.
func (m *Manager) active() (*license, []reason) {
	m.mu.Lock()
	current := m.current
	m.mu.Unlock()
	if current == nil {
		return nil, nil
	}
	reasons := m.reasons(current)
	if !valid(reasons) {
		return nil, nil
	}
	return current, reasons
}

func (m *Manager) reasons(l *license) []reason {
	return l.reasons(m.Settings.String("Site_Url"), m.Clock.Now())
}

// Status is the setting Enterprise_License_Status, which the server updates a moment after a licence has come.
func (m *Manager) Status() any {
	if l, _ := m.active(); l != nil {
		return "Valid"
	}
	return m.Settings.Stored("Enterprise_License_Status")
}
