package command_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration/internal/command"
)

// pair makes a certificate that signs itself, and its key, both in PEM.
func pair(t *testing.T) (certificate, key string) {
	t.Helper()
	secret, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{"example.com"}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, secret.Public(), secret)
	if err != nil {
		t.Fatal(err)
	}
	hidden, err := x509.MarshalPKCS8PrivateKey(secret)
	if err != nil {
		t.Fatal(err)
	}
	return inPEM("CERTIFICATE", der), inPEM("PRIVATE KEY", hidden)
}

func inPEM(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

// tlsFiles reads a command line in a folder of files.
func tlsFiles(t *testing.T, folder string, env map[string]string, args ...string) (*command.TLSFiles, http.RoundTripper, error) {
	t.Helper()
	cmd, f := &cobra.Command{}, &command.TLSFiles{}
	f.Add(cmd.Flags())
	for i, arg := range args {
		args[i] = strings.ReplaceAll(arg, "DIR", folder)
	}
	if err := cmd.ParseFlags(args); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	over, err := f.RoundTripper(func(name string) string { return strings.ReplaceAll(env[name], "DIR", folder) })
	return f, over, err
}

func TestTLSFiles(t *testing.T) {
	t.Parallel()
	certificate, key := pair(t)
	_, otherKey := pair(t)
	folder := t.TempDir()
	write := func(name, text string, mode os.FileMode) {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), mode); err != nil {
			t.Fatal(err)
		}
	}
	write("cert.pem", certificate, 0o644)
	write("key.pem", key, 0o600)
	write("other.pem", otherKey, 0o600)
	write("both.pem", "Bag Attributes\n"+certificate+key, 0o600)
	write("both-open.pem", certificate+key, 0o644)
	write("open.pem", key, 0o644)
	write("empty.pem", "\n", 0o600)
	write("der.pem", "0\x82\x01", 0o600)
	write("broken.pem", inPEM("CERTIFICATE", []byte("no certificate")), 0o600)
	write("locked.pem", inPEM("ENCRYPTED PRIVATE KEY", []byte("?")), 0o600)
	write("old-locked.pem", "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n", 0o600)
	write("huge.pem", strings.Repeat("#", 5<<20), 0o600)
	for line, want := range map[string]string{
		"--ca-file=DIR/cert.pem": "",
		"--ca-file=DIR/cert.pem --client-cert=DIR/cert.pem --client-key=DIR/key.pem": "",
		"--client-cert=DIR/both.pem":                                 "",
		"--client-cert=DIR/both.pem --client-key=DIR/both.pem":       "",
		"--ca-file=DIR/empty.pem":                                    "it is empty",
		"--ca-file=DIR/der.pem":                                      "it is not PEM",
		"--ca-file=DIR/huge.pem":                                     "it cannot be read",
		"--ca-file=DIR":                                              "it cannot be read",
		"--ca-file=DIR/missing.pem":                                  "it cannot be read",
		"--ca-file=DIR/broken.pem":                                   "a certificate in it cannot be read",
		"--ca-file=DIR/both.pem":                                     `it holds a "PRIVATE KEY"`,
		"--client-cert=DIR/cert.pem":                                 "it holds no private key",
		"--client-cert=DIR/key.pem --client-key=DIR/key.pem":         "it holds no certificate",
		"--client-cert=DIR/cert.pem --client-key=DIR/cert.pem":       "it holds no private key",
		"--client-cert=DIR/cert.pem --client-key=DIR/other.pem":      "private key does not match public key",
		"--client-cert=DIR/cert.pem --client-key=DIR/open.pem":       "others than its owner can read it",
		"--client-cert=DIR/both-open.pem":                            "others than its owner can read it",
		"--client-cert=DIR/cert.pem --client-key=DIR/locked.pem":     "encrypted with a password",
		"--client-cert=DIR/cert.pem --client-key=DIR/old-locked.pem": "encrypted with a password",
		"--client-cert=DIR/broken.pem --client-key=DIR/key.pem":      "malformed",
		"--client-cert=DIR/missing.pem --client-key=DIR/key.pem":     "it cannot be read",
		"--client-cert=DIR/cert.pem --client-key=DIR":                "it cannot be read",
		"--client-key=DIR/key.pem":                                   "no certificate for the key",
	} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			_, over, err := tlsFiles(t, folder, nil, strings.Fields(line)...)
			wrong := (*command.UsageError)(nil)
			switch {
			case want == "" && (err != nil || over == nil):
				t.Errorf("refused: %v", err)
			case want != "" && (!errors.As(err, &wrong) || !strings.Contains(wrong.Problem, want) || wrong.Advice == ""):
				t.Errorf("got %v, want %q", err, want)
			}
		})
	}
	if _, over, err := tlsFiles(t, folder, nil); over != nil || err != nil {
		t.Errorf("nothing was named, and there is %v, %v", over, err)
	}
}

// A certificate of an authority of one's own, and a front that wants a client certificate, by the environment.
func TestTLSFilesAreUsed(t *testing.T) {
	t.Parallel()
	front := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.TLS.PeerCertificates[0].DNSNames[0]+" over "+r.Proto)
	}))
	front.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}}
	front.EnableHTTP2 = true
	front.StartTLS()
	t.Cleanup(front.Close)
	folder := t.TempDir()
	certificate, key := pair(t)
	for name, text := range map[string]string{"ca.pem": inPEM("CERTIFICATE", front.Certificate().Raw), "client.pem": certificate + key} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	f, over, err := tlsFiles(t, folder, map[string]string{"RCREG_CA_FILE": "DIR/ca.pem", "RCREG_CLIENT_CERT": "DIR/client.pem"})
	if err != nil {
		t.Fatal(err)
	}
	reply, err := over.RoundTrip(httptest.NewRequest(http.MethodGet, front.URL, http.NoBody))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reply.Body.Close() }()
	if said, err := io.ReadAll(reply.Body); string(said) != "example.com over HTTP/1.1" {
		t.Errorf("the front saw %q, %v", said, err)
	}
	if again, err := f.RoundTripper(nil); again != over || err != nil {
		t.Error("the second call has another transport")
	}
}
