// Package hostile holds servers that mean harm, for tests: a network in which every address but one is a trap, the places to which a server may try to
// lure a client, and replies without an end.
//
//	network := hostile.NewNetwork(t, "https://chat.example.com", handler)
//	client, err := workspace.New("https://chat.example.com", credentials, workspace.WithRoundTripper(network.RoundTripper()))
//	// … make calls …
//	if caught := network.Caught(); len(caught) > 0 {
//		t.Errorf("led away: %q", caught)
//	}
package hostile

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"sync"
	"testing"
)

// Network is a network with one honest address, the home. Whatever is sent to any other name, port or scheme arrives in a trap, which answers with
// success, so that only what it has seen tells.
type Network struct {
	transport *http.Transport

	mu     sync.Mutex
	caught []string
}

// NewNetwork starts the servers of a network, which end with the test. The home answers at the address alone, such as https://chat.example.com.
func NewNetwork(tb testing.TB, home string, handler http.Handler) *Network {
	tb.Helper()
	address, err := url.Parse(home)
	if err != nil {
		tb.Fatal(err)
	}
	n := &Network{}
	trap := http.HandlerFunc(n.trap)
	plain, secure := start(tb, trap, false), start(tb, trap, true)
	house := start(tb, handler, address.Scheme == "https")
	n.transport = &http.Transport{
		DialContext: func(ctx context.Context, network, target string) (net.Conn, error) {
			server := plain
			if address.Scheme == "http" && target == hostPort(address) {
				server = house
			}
			return new(net.Dialer).DialContext(ctx, network, server.Listener.Addr().String())
		},
		DialTLSContext: func(ctx context.Context, network, target string) (net.Conn, error) {
			server := secure
			if address.Scheme == "https" && target == hostPort(address) {
				server = house
			}
			dialer := &tls.Dialer{Config: trusting(server)}
			return dialer.DialContext(ctx, network, server.Listener.Addr().String())
		},
	}
	tb.Cleanup(n.transport.CloseIdleConnections)
	return n
}

func start(tb testing.TB, handler http.Handler, secure bool) *httptest.Server {
	tb.Helper()
	server := httptest.NewUnstartedServer(handler)
	if secure {
		server.StartTLS()
	} else {
		server.Start()
	}
	tb.Cleanup(server.Close)
	return server
}

// trusting takes the certificate of a server for any name: an attacker has got one for every host that he lures to.
func trusting(server *httptest.Server) *tls.Config {
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	return &tls.Config{RootCAs: roots, ServerName: "example.com", MinVersion: tls.VersionTLS12}
}

func hostPort(address *url.URL) string {
	if address.Port() != "" {
		return address.Host
	}
	return net.JoinHostPort(address.Hostname(), map[string]string{"https": "443", "http": "80"}[address.Scheme])
}

// RoundTripper sends into the network.
func (n *Network) RoundTripper() http.RoundTripper { return n.transport }

// Caught are the requests that arrived in the trap, each with its head and body as text.
func (n *Network) Caught() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.caught)
}

func (n *Network) trap(w http.ResponseWriter, r *http.Request) {
	seen, err := httputil.DumpRequest(r, true)
	if err != nil {
		seen = []byte(r.Method + " " + r.URL.String())
	}
	n.mu.Lock()
	n.caught = append(n.caught, string(seen))
	n.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write([]byte(`{"success":true,"version":"6.4.0"}`))
}
