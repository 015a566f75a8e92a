package cloud

import (
	"fmt"
	"log/slog"
	"net/http"

	"github.com/rcreg/registration/internal/clock"
	"github.com/rcreg/registration/internal/httpclient"
)

// DefaultReleasesURL is where Rocket.Chat publishes which versions are supported.
const DefaultReleasesURL = "https://releases.rocket.chat"

// Clock tells the time and waits; tests replace it.
type Clock = clock.Clock

// Client asks Rocket.Chat Cloud. It is immutable and safe for concurrent use.
type Client struct {
	http     *httpclient.Client
	releases httpclient.Address
}

// Option changes how a [Client] works. Every option has a safe default.
type Option func(*settings)

type settings struct {
	config    httpclient.Config
	releases  string
	plainHTTP bool
}

// WithRoundTripper replaces the transport, for a proxy, a custom CA or a client certificate. The default honours HTTPS_PROXY.
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

// WithReleasesURL replaces [DefaultReleasesURL].
func WithReleasesURL(address string) Option {
	return func(s *settings) { s.releases = address }
}

// WithPlainHTTP allows addresses without TLS outside this machine.
func WithPlainHTTP() Option {
	return func(s *settings) { s.plainHTTP = true }
}

// New returns a client. It sends nothing. The error says which address cannot be used.
func New(options ...Option) (*Client, error) {
	s := settings{releases: DefaultReleasesURL}
	for _, option := range options {
		option(&s)
	}
	releases, err := httpclient.ParseAddress(s.releases, s.plainHTTP)
	if err != nil {
		return nil, fmt.Errorf("the address of the releases: %w", err)
	}
	return &Client{http: httpclient.New(s.config), releases: releases}, nil
}
