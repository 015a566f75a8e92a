// Package cloudmodule is what a Rocket.Chat server does about Rocket.Chat Cloud, release by release: its cloud methods
// and cloud.* endpoints, the calls that it makes to the Cloud, and what their answers do to its settings.
//
//	module, err := cloudmodule.New(cloudmodule.Config{Release: rel, Settings: store, Clock: clock.System()})
//	module.Register(srv)
//	module.StartUp(ctx, "") // or the REG_TOKEN of the environment
//	defer module.Close()
//
// Where the code asks for a release, the release is the first one that is known to differ: releases between two that
// were recorded behave like the older one, unless the contract names the release.
package cloudmodule

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

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

// LicenseFacts is what matters here about a license that verifies.
type LicenseFacts struct {
	Void    bool // it does not count on this server: out of its time, or for another address
	Offline bool // it forbids the server to talk to the Cloud, from 8.7
}

// Config is what a module needs. Release, Settings and Clock are required.
type Config struct {
	Release  release.Release
	Settings *settings.Store
	Clock    clock.Clock
	// Transport carries the calls to the Cloud. Nil: http.DefaultTransport.
	Transport http.RoundTripper
	// VerifyLicense returns an error for a license text that the server would refuse. Nil: every text is good.
	VerifyLicense func(text string) error
	// ReadLicense tells about a license that verifies. Nil: it counts, and does not forbid the Cloud.
	ReadLicense func(text string) LicenseFacts
	// Owner tells about the oldest user at the time of the call. Nil: no user.
	Owner func() Owner
	// Seats is the number of active users.
	Seats int
	// ReleasesURL is the address of the service that has the list of supported versions. "": the setting Cloud_Url.
	ReleasesURL string
	// DeploymentID is DEPLOYMENT_ID in the environment of the server: the unique id that it always has. "": a random one.
	DeploymentID string
	// BuildSupport is the list of supported versions that the server was built with.
	BuildSupport Support
}

// Module is the Cloud side of one server. It is safe for concurrent use.
type Module struct {
	rel          release.Release
	settings     *settings.Store
	clock        clock.Clock
	verify       func(text string) error
	readLicense  func(text string) LicenseFacts
	owner        func() Owner
	seats        int
	releases     string
	deploymentID string
	buildSupport Support
	http         *http.Client
	end          context.CancelFunc // of everything that is under way
	atEnd        func(f func()) (stop func() bool)

	mu          sync.Mutex
	license     string                 // in force
	credentials map[string]accessGrant // by scope, from 7.0
	logins      map[string]cloudLogin  // by user id
}

// New returns a module. It fails when the settings or the clock are missing.
func New(config Config) (*Module, error) {
	if config.Settings == nil || config.Clock == nil {
		return nil, errors.New("cloudmodule: settings and a clock are needed")
	}
	m := &Module{
		rel:          config.Release,
		settings:     config.Settings,
		clock:        config.Clock,
		verify:       config.VerifyLicense,
		readLicense:  config.ReadLicense,
		owner:        config.Owner,
		seats:        config.Seats,
		releases:     config.ReleasesURL,
		deploymentID: config.DeploymentID,
		buildSupport: config.BuildSupport,
		http:         &http.Client{Transport: config.Transport},
		credentials:  map[string]accessGrant{},
		logins:       map[string]cloudLogin{},
	}
	life, end := context.WithCancel(context.Background())
	m.end = end
	m.atEnd = func(f func()) func() bool { return context.AfterFunc(life, f) }
	if m.verify == nil {
		m.verify = func(string) error { return nil }
	}
	if m.readLicense == nil {
		m.readLicense = func(string) LicenseFacts { return LicenseFacts{} }
	}
	if m.owner == nil {
		m.owner = func() Owner { return Owner{} }
	}
	return m, nil
}

// Register adds the endpoints and methods of the release.
func (m *Module) Register(r Registrar) {
	m.addEndpoints(r)
	for _, c := range m.methods() {
		if m.has(c) {
			r.AddMethod(m.guarded(c))
		}
	}
}

// Close ends the calls to the Cloud that are under way, so that the handlers which make them return. A server goes on
// with its work when a caller has left, so this must come before its listener is closed.
func (m *Module) Close() { m.end() }

// now is the time as the server keeps it: in whole milliseconds.
func (m *Module) now() time.Time { return m.clock.Now().UTC().Truncate(time.Millisecond) }

// cloudURL is an address of the Cloud.
func (m *Module) cloudURL(path string) string { return text(m.settings.Get("Cloud_Url")) + path }

// clientURI is an address under the one that the Cloud gave this workspace.
func (m *Module) clientURI(path string) string {
	return text(m.settings.Get("Cloud_Workspace_Registration_Client_Uri")) + path
}

// siteURL is an address of the workspace itself.
func (m *Module) siteURL(path string) string {
	return strings.TrimSuffix(m.settings.String("Site_Url"), "/") + path
}

func (m *Module) redirectURI() string { return m.siteURL("/admin/cloud/oauth-callback") }
