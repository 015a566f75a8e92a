package registrationtest

import (
	"fmt"
	"testing"

	"github.com/rcreg/registration/registrationtest/faults"
	"github.com/rcreg/registration/registrationtest/internal/rocketcloud"
)

// Cloud is a running fake Rocket.Chat Cloud. It is safe for concurrent use.
//
// It answers the calls that workspaces make to cloud.rocket.chat, billing.rocket.chat (under /billing) and
// releases.rocket.chat, all on one address. Registration tokens, credentials and device codes are random.
type Cloud struct {
	*httpServer
	cloud *rocketcloud.Cloud
}

// NewCloud starts a Cloud and closes it when the test ends. It reads [WithClock],
// [WithListenAddress] and [WithFaults].
func NewCloud(tb testing.TB, opts ...Option) *Cloud {
	tb.Helper()
	cloud, err := StartCloud(opts...)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(cloud.Close)
	return cloud
}

// StartCloud starts a Cloud, for programs that are no tests: the caller closes it. It fails when it cannot listen. It
// reads [WithClock], [WithListenAddress] and [WithFaults].
func StartCloud(opts ...Option) (*Cloud, error) {
	o := newOptions(opts)
	inner, err := rocketcloud.New(rocketcloud.Config{
		Clock: o.clock, Names: o.names, Faults: o.faults,
	})
	if err != nil {
		return nil, fmt.Errorf("start a fake Cloud: %w", err)
	}
	server, err := serve(o, inner)
	if err != nil {
		return nil, fmt.Errorf("start a fake Cloud: %w", err)
	}
	inner.SetBaseURL(server.server.URL)
	return &Cloud{httpServer: server, cloud: inner}, nil
}

// Close stops the Cloud; calls that hang are dropped. It may be called more than once.
func (c *Cloud) Close() { c.close() }

// URL is the Cloud's address, without a trailing slash.
func (c *Cloud) URL() string { return c.server.URL }

// History returns what the Cloud was asked, in the order of arrival.
func (c *Cloud) History() []Exchange { return c.history() }

// ClearHistory forgets what the Cloud was asked so far.
func (c *Cloud) ClearHistory() { c.clear() }

// Reset returns the Cloud to its first day: no tokens, device codes, workspaces, faults or history.
func (c *Cloud) Reset() {
	c.cloud.Reset()
	c.ClearFaults()
	c.clear()
}

// IssueToken returns a fresh registration token, as the Cloud console shows it. It works once.
func (c *Cloud) IssueToken() string { return c.cloud.IssueToken() }

// SpentTokens returns the registration tokens that were used, in that order.
func (c *Cloud) SpentTokens() []string { return c.cloud.SpentTokens() }

// SetFault makes calls to the Cloud fail. Of several for a call, the oldest that is not used up goes first.
func (c *Cloud) SetFault(f faults.Fault) {
	f.Side = faults.Cloud
	c.faults.Set(f)
}

// ClearFaults ends the faults that were set on the Cloud.
func (c *Cloud) ClearFaults() { c.faults.Drop(faults.Cloud) }

// Mode is the state of the Cloud as a whole.
type Mode string

// The states of the Cloud as a whole. A fault for a call goes first.
const (
	CloudUp       Mode = "up"
	CloudDown     Mode = "down"     // every connection is dropped
	CloudSlow     Mode = "slow"     // every answer takes 10 s on the Cloud's clock
	CloudNonsense Mode = "nonsense" // every answer is a web page
)

// SetMode makes the Cloud as a whole fail, or work again.
func (c *Cloud) SetMode(mode Mode) { c.cloud.SetMode(rocketcloud.Mode(mode)) }

// Mode returns the state of the Cloud as a whole.
func (c *Cloud) Mode() Mode { return Mode(c.cloud.Mode()) }
