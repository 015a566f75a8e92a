// Command proxy registers a workspace that stands behind a proxy, with a certificate of the house's own authority, and a front that wants a client certificate.
//
//	go run ./examples/proxy
//
// As it is, it registers a fake workspace in this process, behind such a front and such a proxy. To register a real one, set RCREG_WORKSPACE, RCREG_USER_ID, RCREG_AUTH_TOKEN and
// RCREG_REGISTRATION_TOKEN; and as far as they are needed RCREG_CA_FILE, RCREG_CLIENT_CERT, RCREG_CLIENT_KEY and HTTPS_PROXY.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/workspace"
)

func main() {
	if err := playOrRun(context.Background(), os.Stdout, os.Getenv); err != nil {
		log.Fatal(err)
	}
}

func playOrRun(ctx context.Context, out io.Writer, getenv func(string) string) error {
	if getenv("RCREG_WORKSPACE") == "" {
		return play(ctx, out)
	}
	return run(ctx, out, http.ProxyFromEnvironment, getenv)
}

// run registers a workspace over a transport of its own.
func run(ctx context.Context, out io.Writer, proxy func(*http.Request) (*url.URL, error), getenv func(string) string) error {
	over, err := transport(proxy, getenv("RCREG_CA_FILE"), getenv("RCREG_CLIENT_CERT"), getenv("RCREG_CLIENT_KEY"))
	if err != nil {
		return err
	}
	defer over.CloseIdleConnections()
	ws, err := workspace.New(getenv("RCREG_WORKSPACE"), workspace.Token(getenv("RCREG_USER_ID"), getenv("RCREG_AUTH_TOKEN")), workspace.WithRoundTripper(over))
	if err != nil {
		return err
	}
	defer func() { _ = ws.Close(ctx) }()                  // ends a login, which a token does not need
	asked, err := cloud.New(cloud.WithRoundTripper(over)) // whom a relay, and Client.Support, ask: the same proxy leads there
	if err != nil {
		return err
	}
	client, err := registration.New(ctx, ws, registration.WithCloud(asked))
	if err != nil {
		return err
	}
	result, err := client.Register(ctx, registration.Request{Token: getenv("RCREG_REGISTRATION_TOKEN")})
	if err != nil {
		return err // it says what went wrong, and what to do next
	}
	_, err = fmt.Fprintf(out, "was %s, is %s\n", result.Before.State, result.After.State)
	return err
}

// transport goes through a proxy, trusts the authorities of a file beside those of the machine, and shows a client certificate. Files that are not named are left out.
func transport(proxy func(*http.Request) (*url.URL, error), authorities, certificate, key string) (*http.Transport, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if authorities != "" {
		text, err := os.ReadFile(authorities) //nolint:gosec // the user names the file
		if err != nil {
			return nil, err
		}
		if config.RootCAs, err = x509.SystemCertPool(); err != nil {
			return nil, err
		}
		if !config.RootCAs.AppendCertsFromPEM(text) {
			return nil, errors.New(authorities + " holds no certificate")
		}
	}
	if certificate != "" {
		pair, err := tls.LoadX509KeyPair(certificate, key)
		if err != nil {
			return nil, err
		}
		config.Certificates = []tls.Certificate{pair}
	}
	// Nothing here needs HTTP/2, over which a server may have a call sent again that must be sent once.
	protocols := &http.Protocols{}
	protocols.SetHTTP1(true)
	return &http.Transport{Proxy: proxy, TLSClientConfig: config, Protocols: protocols}, nil
}
