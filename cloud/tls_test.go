package cloud_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/rcreg/registration/cloud"
)

// TestRoundTripperBringsCAAndCertificate: a custom CA and a client certificate are the transport's, as is a proxy.
func TestRoundTripperBringsCAAndCertificate(t *testing.T) {
	t.Parallel()
	certificates := make(chan int, 1)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		certificates <- len(r.TLS.PeerCertificates)
		_, _ = w.Write([]byte(`{"id":"notice-1"}`))
	}))
	server.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert}
	server.StartTLS()
	t.Cleanup(server.Close)
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, Certificates: server.TLS.Certificates}}
	t.Cleanup(transport.CloseIdleConnections)
	client, err := cloud.New(cloud.WithURL(server.URL), cloud.WithRoundTripper(transport))
	if err != nil {
		t.Fatal(err)
	}
	if id, err := client.Register(t.Context(), data(t), false); err != nil || id != "notice-1" || <-certificates != 1 {
		t.Errorf("got %v, %v", id, err)
	}
}

func TestRoundTripperBringsAProxy(t *testing.T) {
	t.Parallel()
	asked := make(chan string, 1)
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.URL.String()
		_, _ = w.Write([]byte(`{"id":"notice-1"}`))
	}))
	t.Cleanup(proxy.Close)
	address, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{Proxy: http.ProxyURL(address)}
	t.Cleanup(transport.CloseIdleConnections)
	client, err := cloud.New(cloud.WithURL("http://cloud.example.com"), cloud.WithPlainHTTP(), cloud.WithRoundTripper(transport))
	if err != nil {
		t.Fatal(err)
	}
	if id, err := client.Register(t.Context(), data(t), false); err != nil || id != "notice-1" {
		t.Errorf("got %v, %v", id, err)
	}
	if got := <-asked; got != "http://cloud.example.com/api/v2/register/workspace?resend=false" {
		t.Errorf("the proxy was asked %s", got)
	}
}

func TestAnUnknownCAIsNoOutcome(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	client, err := cloud.New(cloud.WithURL(server.URL))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	_, err = client.ExchangeToken(t.Context(), "token", data(t))
	var verification *tls.CertificateVerificationError
	if !errors.Is(err, cloud.ErrUnreachable) || !errors.As(err, &verification) {
		t.Errorf("got %v", err)
	}
}
