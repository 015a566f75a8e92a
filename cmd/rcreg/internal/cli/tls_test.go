package cli_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rcreg/registration/registrationtest"
)

// behindTLS moves the workspace behind a front with a certificate of its own authority that wants a client certificate, and returns a folder with ca.pem and
// client.pem.
func (b *bench) behindTLS() (folder string) {
	b.t.Helper()
	behind, err := url.Parse(b.fake.URL())
	if err != nil {
		b.t.Fatal(err)
	}
	front := httptest.NewUnstartedServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(behind) }})
	front.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert, MinVersion: tls.VersionTLS12}
	front.Config.ErrorLog = log.New(io.Discard, "", 0)
	front.StartTLS()
	b.t.Cleanup(front.Close)
	b.env["RCREG_WORKSPACE"] = front.URL
	own := front.TLS.Certificates[0]
	key, err := x509.MarshalPKCS8PrivateKey(own.PrivateKey)
	if err != nil {
		b.t.Fatal(err)
	}
	folder = b.t.TempDir()
	for name, blocks := range map[string][]*pem.Block{
		"ca.pem":     {{Type: "CERTIFICATE", Bytes: own.Certificate[0]}},
		"client.pem": {{Type: "CERTIFICATE", Bytes: own.Certificate[0]}, {Type: "PRIVATE KEY", Bytes: key}},
	} {
		var text bytes.Buffer
		for _, block := range blocks {
			text.Write(pem.EncodeToMemory(block))
		}
		if err := os.WriteFile(filepath.Join(folder, name), text.Bytes(), 0o600); err != nil {
			b.t.Fatal(err)
		}
	}
	return folder
}

// A workspace behind a front of the house is reached with what its advice names, one after the other.
func TestOwnAuthorityAndClientCertificate(t *testing.T) {
	t.Parallel()
	b := newBench(t, "9.0.0")
	folder := b.behindTLS()
	if got := b.run("status"); got.exit != 1 || !strings.Contains(got.stderr, "--ca-file") {
		t.Errorf("an unknown authority: exit %d, %s", got.exit, got.stderr)
	}
	authority := "--ca-file=" + filepath.Join(folder, "ca.pem")
	if got := b.run("status", authority); got.exit != 1 || !strings.Contains(got.stderr, "--client-cert") {
		t.Errorf("without a client certificate: exit %d, %s", got.exit, got.stderr)
	}
	b.env["RCREG_CLIENT_CERT"] = filepath.Join(folder, "client.pem")
	b.must(0, "status", authority)
	list := filepath.Join(folder, "fleet.yaml")
	text := strings.NewReplacer("https://chat.example.com", b.env["RCREG_WORKSPACE"], "user_id: id", "user_id: "+b.env["RCREG_USER_ID"]).Replace(listOfOne)
	for name, text := range map[string]string{"fleet.yaml": text, "token": b.env["RCREG_AUTH_TOKEN"]} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b.must(0, "fleet", "status", "--file", list, authority)
}

// Files that cannot be used are wrong usage for all who speak to a workspace or the Cloud.
func TestUnusableTLSFiles(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		"status", "register --email ops@example.com", "support", "doctor", "courier run --exchange EXCHANGE", "offline request --exchange EXCHANGE", "fleet status --file LIST",
	} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			b := emptyBench(t, registrationtest.NewClock(testStart))
			b.env["RCREG_WORKSPACE"], b.env["RCREG_USER_ID"], b.env["RCREG_AUTH_TOKEN"] = "https://chat.example.com", "id", "token"
			list := filepath.Join(t.TempDir(), "fleet.yaml")
			for name, text := range map[string]string{"fleet.yaml": listOfOne, "token": "token"} {
				if err := os.WriteFile(filepath.Join(filepath.Dir(list), name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			b.env["RCREG_CA_FILE"] = filepath.Dir(list)
			if got := b.line(strings.ReplaceAll(line, "LIST", list)); got.exit != 2 || !strings.Contains(got.stderr, "the file of RCREG_CA_FILE is refused") {
				t.Errorf("exit %d, %s%s", got.exit, got.stdout, got.stderr)
			}
		})
	}
}

const listOfOne = "workspaces:\n  - {name: one, url: https://chat.example.com, user_id: id, auth_token: {file: token}}\n"
