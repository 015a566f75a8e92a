// Package cloudmodule is what a Rocket.Chat server does about Rocket.Chat Cloud, release by release: its cloud methods
// and cloud.* endpoints, the calls that it makes to the Cloud, and what their answers do to its settings.
//
//	module, err := cloudmodule.New(cloudmodule.Config{Release: rel, Settings: store, Clock: clock.System()})
//	module.Register(srv)
//	module.StartUp(ctx, "") // or the REG_TOKEN of the environment
package cloudmodule

import (
	"context"
	"errors"
	"net/http"

	"github.com/rcreg/registration/internal/clock"
	"github.com/rcreg/registration/registrationtest/internal/release"
	"github.com/rcreg/registration/registrationtest/internal/server"
	"github.com/rcreg/registration/registrationtest/internal/settings"
)

// Registrar takes the calls that the module answers; *server.Server is one.
type Registrar interface {
	AddEndpoint(server.Endpoint)
	AddMethod(server.Method)
}

// Owner is the oldest user of the workspace, whose name and address the Cloud is told.
type Owner struct {
	Name string
	// Emails are the addresses of the user. Nil: the user has no such field; empty: an empty list, which the status of
	// the releases up to 4.8 does not survive.
	Emails []string
}

// Config is what a module needs.
type Config struct {
	Release  release.Release
	Settings *settings.Store
	Clock    clock.Clock
	// Transport carries the calls to the Cloud. Nil: http.DefaultTransport.
	Transport http.RoundTripper
	// VerifyLicense returns an error for a licence text that the server would refuse. Nil: every text but "" is good.
	VerifyLicense func(text string) error
	// Owner tells about the oldest user at the time of the call. Nil: nobody.
	Owner func() Owner
}

// Module is the Cloud side of one server. It is safe for concurrent use.
type Module struct {
	rel      release.Release
	settings *settings.Store
	clock    clock.Clock
	verify   func(text string) error
	owner    func() Owner
	http     *http.Client
}

// New returns a module. It fails when the settings or the clock are missing.
func New(config Config) (*Module, error) {
	if config.Settings == nil || config.Clock == nil {
		return nil, errors.New("cloudmodule: settings and a clock are needed")
	}
	m := &Module{
		rel:      config.Release,
		settings: config.Settings,
		clock:    config.Clock,
		verify:   config.VerifyLicense,
		owner:    config.Owner,
		http:     &http.Client{Transport: config.Transport},
	}
	if m.verify == nil {
		m.verify = func(text string) error {
			if text == "" {
				return errors.New("Invalid license")
			}
			return nil
		}
	}
	if m.owner == nil {
		m.owner = func() Owner { return Owner{} }
	}
	return m, nil
}

// Register adds the endpoints and methods of the release.
func (m *Module) Register(r Registrar) {}

// StartUp does what the server does about the Cloud when it starts; regToken is its environment's REG_TOKEN, or "".
func (m *Module) StartUp(ctx context.Context, regToken string) error { return nil }
