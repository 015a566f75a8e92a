package httpclient_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/rcreg/registration/internal/httpclient"
)

// throughProxy makes a client whose requests all go to a proxy first.
func throughProxy(t *testing.T, proxy http.HandlerFunc) *httpclient.Client {
	t.Helper()
	server := httptest.NewServer(proxy)
	t.Cleanup(server.Close)
	address, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	transport := ownTransport(t)
	transport.Proxy = http.ProxyURL(address)
	return httpclient.New(httpclient.Config{RoundTripper: transport})
}

func TestOnceProvesThatARefusingProxyPassedNothingOn(t *testing.T) {
	t.Parallel()
	client := throughProxy(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusProxyAuthRequired) })
	_, err := client.Do(t.Context(), write())
	var (
		notSent *httpclient.NotSentError
		refused *httpclient.ProxyError
	)
	if !errors.As(err, &notSent) || !errors.As(err, &refused) || refused.Status != http.StatusProxyAuthRequired {
		t.Errorf("got %v", err)
	}
}

func TestOnceGoesThroughAProxyThatOpensTheTunnel(t *testing.T) {
	t.Parallel()
	tunnels := 0
	client := throughProxy(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodConnect {
			tunnels++
		}
		w.WriteHeader(http.StatusOK) // and then the tunnel ends
	})
	_, err := client.Once(t.Context(), write())
	var refused *httpclient.ProxyError
	if err == nil || errors.As(err, &refused) || tunnels != 1 {
		t.Errorf("got %v after %d tunnels", err, tunnels)
	}
}
