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
)

// Config is what a Cloud needs.
type Config struct {
	Clock clock.Clock
	// Names makes identifiers and secrets. Nil: random ones.
	Names Names
	// Signer signs licences and support lists. Nil: one of its own.
	Signer *Signer
	// Hanging is called when a call begins to hang for ever. May be nil.
	Hanging func()
}

// Cloud is the state and the HTTP handler of a fake Cloud. It is safe for concurrent use.
type Cloud struct {
	clock   clock.Clock
	names   Names
	hanging func()
	signer  *Signer
	mux     *http.ServeMux

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
	access     map[string]access
	faults     []Fault
	license    any // what workspaces are given instead of a licence of their own; unset when licenseSet is false
	licenseSet bool
	support    Support
	mode       Mode
}

// ErrNotFound is the error for a device code or a workspace that the Cloud does not know.
var ErrNotFound = errors.New("not known to the Cloud")

// New returns a Cloud. Its address has to be set with SetBaseURL before a workspace registers.
func New(config Config) (*Cloud, error) {
	c := &Cloud{clock: config.Clock, names: config.Names, hanging: config.Hanging, signer: config.Signer}
	if c.signer == nil {
		var err error
		if c.signer, err = NewSigner(); err != nil {
			return nil, err
		}
	}
	if c.names == nil {
		c.names = RandomNames
	}
	c.Reset()
	c.mux = c.routes()
	return c, nil
}

// Reset returns the Cloud to its first day: no tokens, codes, workspaces or faults.
func (c *Cloud) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.state = state{
		counts: map[Kind]int{},
		tokens: map[string]tokenState{},
		access: map[string]access{},
		mode:   Up,
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
func (c *Cloud) ServeHTTP(w http.ResponseWriter, r *http.Request) { c.mux.ServeHTTP(w, r) }

// routes are the calls that workspaces make, by the path that their servers use.
func (c *Cloud) routes() *http.ServeMux {
	mux := http.NewServeMux()
	handle := func(pattern string, call Call, handler http.HandlerFunc) {
		mux.Handle(pattern, c.faulty(call, handler))
	}
	handle("POST /api/oauth/clients", CallClients, c.createClient)
	handle("POST /api/oauth/token", CallToken, c.createAccessToken)
	handle("POST /api/oauth/revoke", CallRevoke, c.revokeAccessToken)
	handle("POST /api/v2/register/workspace", CallRegister, c.registerWorkspace)
	handle("POST /api/v2/register/workspace/intent", CallIntent, c.createIntent)
	handle("POST /api/v2/register/workspace/pre-intent", CallPreIntent, c.preIntent)
	handle("GET /api/v2/register/workspace/poll", CallPoll, c.poll)
	handle("POST /api/v2/workspaces/{id}/client", CallClient, c.syncClient)
	handle("POST /api/v2/workspaces/{id}/sync", CallSync, c.sync)
	handle("GET /api/v2/workspaces/{id}/license", CallLicense, c.licenseOf)
	handle("POST /api/v2/workspaces/{id}/client/downgrade", CallDowngrade, c.downgrade)
	handle("POST /api/v3/comms/workspace", CallComms, c.comms)
	handle("POST /billing/api/v2/checkout", CallCheckout, c.checkout)
	handle("GET /v2/server/supportedVersions", CallSupportedVersions, c.supportedVersions)
	handle("/", AnyCall, func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, http.StatusNotFound, "not_found")
	})
	return mux
}
