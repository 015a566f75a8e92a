package workspace_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/rcreg/registration/workspace"
)

// A certificate of the house's own authority. Package examples/proxy has a client certificate and a proxy as well.
func ExampleWithRoundTripper() {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { // stands in for https://chat.example.com
		w.Header().Set("Content-Type", "application/json")
		_, _ = fmt.Fprint(w, `{"version": "6.4", "success": true}`)
	}))
	defer server.Close()

	authorities := x509.NewCertPool() // better x509.SystemCertPool, and AppendCertsFromPEM
	authorities.AddCert(server.Certificate())
	over := http.DefaultTransport.(*http.Transport).Clone() // it honors HTTPS_PROXY
	over.TLSClientConfig = &tls.Config{RootCAs: authorities, MinVersion: tls.VersionTLS12}
	defer over.CloseIdleConnections()

	ws, err := workspace.New(server.URL, workspace.Token("id", "token"), workspace.WithRoundTripper(over))
	if err != nil {
		fmt.Println(err)
		return
	}
	version, err := ws.Version(context.Background())
	fmt.Println(version, err)
	// Output: 6.4.0 <nil>
}
