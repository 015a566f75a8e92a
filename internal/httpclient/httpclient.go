// Package httpclient is the one way over HTTP, for the clients of a workspace and of Rocket.Chat Cloud: it reads addresses,
// builds and sends requests, limits what it reads, guards redirects and repeats what may be repeated.
//
//	address, err := httpclient.ParseAddress("https://example.com/chat", false)
//	client := httpclient.New(httpclient.Config{Clock: clock.System()})
//	reply, err := client.Do(ctx, &httpclient.Request{
//		Operation: "GET api/info", Verb: http.MethodGet, URL: address.URL("api", "info"), Effect: httpclient.Read,
//	})
package httpclient

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net/http"
	"net/url"

	"github.com/rcreg/registration/internal/clock"
)

// DefaultMaxReply is how many bytes of a reply are read unless Config says otherwise: 4 MiB.
const DefaultMaxReply int64 = 4 << 20

// maxHead is how many bytes the head of a reply may have. The 10 MiB of net/http are more than any server needs.
const maxHead = 1 << 20

// Config is what a Client is made of. The zero value of every field is a safe default.
type Config struct {
	// RoundTripper sends the requests. Nil means a copy of http.DefaultTransport, which honours HTTP_PROXY and HTTPS_PROXY. One of another kind has to obey the
	// context of a request, and to end a read of a body when that is closed.
	RoundTripper http.RoundTripper
	// Logger gets one debug record for each attempt, without tokens, bodies and queries. Nil means silence.
	Logger *slog.Logger
	// Clock tells the time and waits between attempts. Nil means the clock of the machine.
	Clock clock.Clock
	// MaxReply is how many bytes of a reply are read. Zero means DefaultMaxReply.
	MaxReply int64
	// UserAgent is sent with every request. Empty means the one of net/http.
	UserAgent string
}

// Client sends requests. It is safe for concurrent use and starts no goroutine of its own.
type Client struct {
	http      *http.Client
	upgrading *http.Client
	logger    *slog.Logger
	clock     clock.Clock
	maxReply  int64
	userAgent string
	noCache   []string // the header of every request that wants no reply of a cache
	// ownsTransport is false for a transport that others use too: its idle connections are theirs.
	ownsTransport bool
}

// New makes a Client.
func New(config Config) *Client {
	c := &Client{logger: config.Logger, clock: config.Clock, maxReply: config.MaxReply, userAgent: config.UserAgent, noCache: []string{"no-cache"}}
	if c.clock == nil {
		c.clock = clock.System()
	}
	if c.maxReply <= 0 {
		c.maxReply = DefaultMaxReply
	}
	transport := config.RoundTripper
	if transport == nil {
		transport = DefaultTransport()
		c.ownsTransport = transport != http.DefaultTransport
	}
	c.upgrading = &http.Client{Transport: bound{transport}, CheckRedirect: guardRedirect}
	c.http = c.upgrading
	if _, ok := transport.(*http.Transport); ok {
		// Its replies end with their context, unless they are upgrades.
		c.http = &http.Client{Transport: transport, CheckRedirect: guardRedirect}
	}
	return c
}

// DefaultTransport copies http.DefaultTransport, so that closing its idle connections touches no other client, and keeps to HTTP/1.1. A program may
// have replaced the default by some other type: that one is used as it is.
func DefaultTransport() http.RoundTripper {
	shared, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultTransport
	}
	transport := shared.Clone()
	onlyHTTP1(transport)
	if transport.MaxResponseHeaderBytes == 0 {
		transport.MaxResponseHeaderBytes = maxHead
	}
	if transport.OnProxyConnectResponse == nil {
		transport.OnProxyConnectResponse = refusedTunnel
	}
	return transport
}

// TransportOver is what DefaultTransport is, with its own idea of TLS, and room for the connections of a whole fleet.
func TransportOver(config *tls.Config) *http.Transport {
	transport, ok := DefaultTransport().(*http.Transport)
	if !ok || transport == http.DefaultTransport {
		transport = &http.Transport{Proxy: http.ProxyFromEnvironment, MaxResponseHeaderBytes: maxHead, OnProxyConnectResponse: refusedTunnel}
	}
	transport.TLSClientConfig = config
	onlyHTTP1(transport)
	transport.MaxIdleConns, transport.MaxIdleConnsPerHost = 0, 64
	return transport
}

// onlyHTTP1 keeps a transport from HTTP/2, which nothing here needs: a server that says there that it has not processed a request has it sent again by net/http.
func onlyHTTP1(transport *http.Transport) {
	transport.Protocols = new(http.Protocols)
	transport.Protocols.SetHTTP1(true)
	transport.ForceAttemptHTTP2 = false
	transport.TLSNextProto = map[string]func(string, *tls.Conn) http.RoundTripper{}
	if transport.TLSClientConfig != nil {
		// A transport that has been used offers h2 to servers, and so does its clone.
		transport.TLSClientConfig.NextProtos = []string{"http/1.1"}
	}
}

// refusedTunnel makes the refusal of a proxy an error that IsNotSent knows: that of net/http is a mere text.
func refusedTunnel(_ context.Context, _ *url.URL, _ *http.Request, reply *http.Response) error {
	if reply.StatusCode == http.StatusOK {
		return nil
	}
	return &ProxyError{Status: reply.StatusCode}
}

// Clock returns the clock that the client waits on.
func (c *Client) Clock() clock.Clock { return c.clock }

// MaxReply returns how many bytes of a reply are read.
func (c *Client) MaxReply() int64 { return c.maxReply }

// UserAgent returns what is sent as User-Agent, or empty for the default.
func (c *Client) UserAgent() string { return c.userAgent }

// Upgrading returns the http.Client with the guard of redirects, for a library that dials by itself (WebSocket). What it returns, a raw connection included,
// ends with the context of its request.
func (c *Client) Upgrading() *http.Client { return c.upgrading }

// CloseIdleConnections drops the connections that wait for another request, unless the caller brought the transport.
func (c *Client) CloseIdleConnections() {
	if c.ownsTransport {
		c.http.CloseIdleConnections()
	}
}
