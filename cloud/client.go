// Package cloud is the client of Rocket.Chat Cloud: registration tokens, registration by e-mail, access tokens, syncs, licenses, announcements, checkout
// and the list of supported versions. It knows no workspace. To speak to the Cloud for a workspace that cannot, give it what the workspace says of itself
// and hand the workspace the grant that comes back:
//
//	data, err := cloud.ParseRegistrationText(text) // of cloud:getWorkspaceRegisterData or GET cloud.workspaceRegisterData
//	client, err := cloud.New()
//	grant, err := client.ExchangeToken(ctx, token, data)
//	if err := grant.Check(); err == nil {
//		blob := grant.Blob() // for POST cloud.manualRegister
//	}
//
// Reads are repeated after connection errors, rate limits and internal errors of the Cloud. Writes are sent again only when they provably were not
// carried out, and end in [ErrOutcomeUnknown] when the outcome is unknown. All end with their context; one exchange without an answer ends after 30 seconds, after a
// minute where it writes. Credentials and access tokens go to one address alone: [WithURL]'s.
package cloud

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/rcreg/registration/internal/clock"
	"github.com/rcreg/registration/internal/httpclient"
)

// The addresses of Rocket.Chat Cloud, as workspaces have them by default.
const (
	DefaultURL         = "https://cloud.rocket.chat"    // the setting Cloud_Url
	DefaultBillingURL  = "https://billing.rocket.chat"  // the setting Cloud_Billing_Url
	DefaultReleasesURL = "https://releases.rocket.chat" // which versions are supported
)

// Clock tells the time and waits; tests replace it.
type Clock = clock.Clock

// Client asks Rocket.Chat Cloud. It is safe for concurrent use, starts no goroutine and prints without secrets. It remembers the access tokens that it
// was given, until shortly before they expire. Make one with [New]: an empty or nil one, like a nil context, is refused with [ErrInvalidArgument].
type Client struct {
	http     *httpclient.Client
	base     httpclient.Address
	billing  httpclient.Address
	releases httpclient.Address
	// plainHTTP is what WithPlainHTTP says: the address in a grant has to obey it too.
	plainHTTP bool
	tokens    *tokenCache
}

// Option changes how a [Client] works. Every option has a safe default.
type Option func(*settings)

type settings struct {
	config                  httpclient.Config
	base, billing, releases string
	plainHTTP               bool
}

// WithURL replaces [DefaultURL]. Credentials are sent to this address alone, whatever a grant says.
func WithURL(address string) Option {
	return func(s *settings) { s.base = address }
}

// WithBillingURL replaces [DefaultBillingURL], for [Client.Checkout].
func WithBillingURL(address string) Option {
	return func(s *settings) { s.billing = address }
}

// WithReleasesURL replaces [DefaultReleasesURL], for [Client.SupportedVersions].
func WithReleasesURL(address string) Option {
	return func(s *settings) { s.releases = address }
}

// WithRoundTripper replaces the transport, for a proxy, a custom CA or a client certificate. The default honours HTTPS_PROXY. It has to obey the context of a
// request, and closing a body has to end a read of it.
func WithRoundTripper(rt http.RoundTripper) Option {
	return func(s *settings) { s.config.RoundTripper = rt }
}

// WithLogger logs every exchange at debug level, without secrets.
func WithLogger(logger *slog.Logger) Option {
	return func(s *settings) { s.config.Logger = logger }
}

// WithClock replaces the machine's clock.
func WithClock(c Clock) Option {
	return func(s *settings) { s.config.Clock = c }
}

// WithUserAgent replaces the User-Agent header.
func WithUserAgent(text string) Option {
	return func(s *settings) { s.config.UserAgent = text }
}

// WithPlainHTTP allows addresses without TLS outside this machine.
func WithPlainHTTP() Option {
	return func(s *settings) { s.plainHTTP = true }
}

// New returns a client. It sends nothing. The error says which address cannot be used.
func New(options ...Option) (*Client, error) {
	s := settings{base: DefaultURL, billing: DefaultBillingURL, releases: DefaultReleasesURL}
	for _, option := range options {
		if option == nil {
			return nil, errors.New("an option is nil")
		}
		option(&s)
	}
	c := &Client{http: httpclient.New(s.config), plainHTTP: s.plainHTTP, tokens: newTokenCache()}
	for _, address := range []struct {
		of   string
		text string
		into *httpclient.Address
	}{
		{"the Cloud", s.base, &c.base},
		{"the billing", s.billing, &c.billing},
		{"the releases", s.releases, &c.releases},
	} {
		parsed, err := httpclient.ParseAddress(address.text, s.plainHTTP)
		if err != nil {
			return nil, fmt.Errorf("the address of %s: %w", address.of, err)
		}
		*address.into = parsed
	}
	return c, nil
}

// URL returns the address of the Cloud that the client asks.
func (c *Client) URL() string {
	if c == nil {
		return ""
	}
	return c.base.String()
}

// at is the address of a call; it does not matter of a client that is none.
func (c *Client) at(elements ...string) string {
	if c == nil {
		return ""
	}
	return c.base.URL(elements...)
}

// CloseIdleConnections drops the connections that wait for another call, unless [WithRoundTripper] brought the transport.
func (c *Client) CloseIdleConnections() {
	if c != nil && c.http != nil {
		c.http.CloseIdleConnections()
	}
}
