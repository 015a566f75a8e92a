// Package rocketcloud is a fake Rocket.Chat Cloud: the HTTP interface that workspaces use, and the state behind it.
// What it answers follows what the workspaces' code expects, since the real Cloud is closed.
//
//	cloud, err := rocketcloud.New(rocketcloud.Config{Clock: clock.System()})
//	server := httptest.NewServer(cloud)
//	cloud.SetBaseURL(server.URL)
//	token := cloud.IssueToken()
package rocketcloud

import (
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/rcreg/registration/internal/clock"
	"github.com/rcreg/registration/registrationtest/faults"
)

// Config is what a Cloud needs.
type Config struct {
	Clock clock.Clock
	// Names makes identifiers and secrets. Nil: random ones.
	Names Names
	// Faults make calls fail. Nil: none but those of the mode.
	Faults *faults.Plan
}

// Cloud is the state and the HTTP handler of a fake Cloud. It is safe for concurrent use.
type Cloud struct {
	clock  clock.Clock
	names  Names
	signer *signer
	calls  http.Handler

	mu      sync.Mutex
	baseURL string
	state
}

// state is what Reset throws away.
type state struct {
	counts     map[Kind]int
	tokens     map[string]tokenState
	anyToken   func(string) bool // accepts further tokens; may be nil
	devices    []*Device
	workspaces []*Registration
	clients    map[string]*Registration // the same by their client ids
	access     map[string]access
	license    any // what workspaces are given instead of a license of their own; unset when licenseSet is false
	licenseSet bool
	support    Support
	mode       Mode
}

// ErrNotFound is the error for a device code or a workspace that the Cloud does not know.
var ErrNotFound = errors.New("not known to the Cloud")

// New returns a Cloud. Its address has to be set with SetBaseURL before a workspace registers.
func New(config Config) (*Cloud, error) {
	signer, err := theSigner()
	if err != nil {
		return nil, err
	}
	c := &Cloud{clock: config.Clock, names: config.Names, signer: signer}
	if c.names == nil {
		c.names = RandomNames
	}
	c.Reset()
	gate := faults.Gate{
		Plan: config.Faults, Side: faults.Cloud, Clock: config.Clock, Otherwise: c.modeFault,
	}
	if gate.Plan == nil {
		gate.Plan = faults.NewPlan(config.Clock)
	}
	c.calls = gate.Handler(c.routes())
	return c, nil
}

// Reset returns the Cloud to its first day: no tokens, codes or workspaces. Its faults are the caller's.
func (c *Cloud) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.state = state{
		counts:  map[Kind]int{},
		tokens:  map[string]tokenState{},
		clients: map[string]*Registration{},
		access:  map[string]access{},
		mode:    Up,
	}
	c.support = c.defaultSupport()
}

// SetBaseURL tells the Cloud its own address, which it hands out to workspaces.
func (c *Cloud) SetBaseURL(address string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.baseURL = strings.TrimSuffix(address, "/")
}

// Now returns the time by the Cloud's clock.
func (c *Cloud) Now() time.Time { return c.clock.Now() }

// ServeHTTP answers a workspace's call.
func (c *Cloud) ServeHTTP(w http.ResponseWriter, r *http.Request) { c.calls.ServeHTTP(w, r) }

// routes are the calls that workspaces make, by the path that their servers use.
func (c *Cloud) routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/oauth/clients", c.createClient)
	mux.HandleFunc("POST /api/oauth/token", c.createAccessToken)
	mux.HandleFunc("POST /api/oauth/revoke", c.revokeAccessToken)
	mux.HandleFunc("POST /api/v2/register/workspace", c.registerWorkspace)
	mux.HandleFunc("POST /api/v2/register/workspace/intent", c.createIntent)
	mux.HandleFunc("POST /api/v2/register/workspace/pre-intent", c.preIntent)
	mux.HandleFunc("GET /api/v2/register/workspace/poll", c.poll)
	mux.HandleFunc("POST /api/v2/workspaces/{id}/client", c.syncClient)
	mux.HandleFunc("POST /api/v2/workspaces/{id}/sync", c.sync)
	mux.HandleFunc("GET /api/v2/workspaces/{id}/license", c.licenseOf)
	mux.HandleFunc("POST /api/v2/workspaces/{id}/client/downgrade", c.downgrade)
	mux.HandleFunc("POST /api/v3/comms/workspace", c.comms)
	mux.HandleFunc("POST /billing/api/v2/checkout", c.checkout)
	mux.HandleFunc("GET /v2/server/supportedVersions", c.supportedVersions)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, http.StatusNotFound, "not_found")
	})
	return mux
}
