package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"

	"github.com/rcreg/registration/registrationtest"
)

// play registers a fake workspace behind a front of its own authority that wants a client certificate, and a proxy that leads to it.
func play(ctx context.Context, out io.Writer) error {
	fake, err := registrationtest.StartWorkspace("9.0.0") //nolint:contextcheck // it is closed, not cancelled
	if err != nil {
		return err
	}
	defer fake.Close()
	front := startFront(fake.URL())
	defer front.Close()
	through := httptest.NewServer(http.HandlerFunc(tunnel))
	defer through.Close()
	folder, err := os.MkdirTemp("", "proxy-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	authority, key, err := writePair(folder, front.TLS.Certificates[0])
	if err != nil {
		return err
	}
	proxy, err := url.Parse(through.URL)
	if err != nil {
		return err
	}
	env := map[string]string{
		"RCREG_WORKSPACE": front.URL, "RCREG_USER_ID": fake.Admin().UserID, "RCREG_AUTH_TOKEN": fake.Admin().AuthToken, "RCREG_REGISTRATION_TOKEN": fake.Cloud().IssueToken(),
		"RCREG_CA_FILE": authority, "RCREG_CLIENT_CERT": authority, "RCREG_CLIENT_KEY": key, // one certificate is all three here
	}
	return run(ctx, out, http.ProxyURL(proxy), func(name string) string { return env[name] })
}

// startFront serves a workspace over TLS, to those alone who show a client certificate.
func startFront(address string) *httptest.Server {
	front := httptest.NewUnstartedServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		if behind, err := url.Parse(address); err == nil {
			r.SetURL(behind)
		}
	}})
	front.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert, MinVersion: tls.VersionTLS12}
	front.StartTLS()
	return front
}

// tunnel is a proxy, as HTTPS_PROXY names one: it connects, and looks at nothing.
func tunnel(w http.ResponseWriter, r *http.Request) {
	behind, err := (&net.Dialer{}).DialContext(r.Context(), "tcp", r.Host)
	if err != nil {
		http.Error(w, "the proxy does not reach it", http.StatusBadGateway)
		return
	}
	w.WriteHeader(http.StatusOK)
	caller, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		_ = behind.Close()
		return
	}
	go func() { defer func() { _ = behind.Close() }(); _, _ = io.Copy(behind, caller) }()
	defer func() { _ = caller.Close() }()
	_, _ = io.Copy(caller, behind)
}

// writePair writes a certificate and its key as PEM files.
func writePair(folder string, pair tls.Certificate) (certificate, key string, err error) {
	certificate, key = filepath.Join(folder, "certificate.pem"), filepath.Join(folder, "key.pem")
	der, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		return "", "", err
	}
	if err := os.WriteFile(certificate, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: pair.Certificate[0]}), 0o600); err != nil {
		return "", "", err
	}
	return certificate, key, os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600)
}
