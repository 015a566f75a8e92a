package cli_test

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"
)

const registerByRelay = "register --via relay --output json"

// newRelay is a workspace that only this machine can take to the Cloud, with a fresh token.
func newRelay(t *testing.T, version string) *site {
	t.Helper()
	s := newSite(t, version)
	s.env["RCREG_CLOUD_URL"] = s.fake.Cloud().URL()
	freshToken(s.bench)
	return s
}

// refusing puts a proxy in front of the workspace that does not pass on one endpoint, until it is told to stop.
func (s *site) refusing(endpoint string) (stop func()) {
	s.t.Helper()
	address := s.env["RCREG_WORKSPACE"]
	target, err := url.Parse(address)
	if err != nil {
		s.t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.Transport = &http.Transport{DisableKeepAlives: true}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, endpoint) {
			http.Error(w, "out of order", http.StatusBadGateway)
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	s.t.Cleanup(server.Close)
	s.env["RCREG_WORKSPACE"] = server.URL
	return func() { s.env["RCREG_WORKSPACE"] = address }
}

// kept reads all that the relay keeps.
func (s *site) kept() string {
	s.t.Helper()
	var all strings.Builder
	err := filepath.WalkDir(filepath.Join(s.system.StateDir, "relay"), func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		all.Write(text)
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return all.String()
}

func TestRelay(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"3.0.0", "5.4.0", "6.13.0", "9.0.0"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			s := newRelay(t, version)
			if got := s.expect(0, registerByRelay); got.After.State != "registered" || !got.Changed {
				t.Errorf("%+v", got)
			}
			if got := s.expect(0, registerByRelay); got.Changed {
				t.Errorf("again: %+v", got)
			}
			if kept := s.kept(); kept != "" {
				t.Errorf("kept: %d bytes", len(kept))
			}
			// Without the grant nothing fetches a license.
			if got := s.expect(4, "sync --via relay --output json"); version != "3.0.0" && !strings.Contains(got.Error.Advice, "--keep-grants") {
				t.Errorf("sync: %+v", got)
			}
		})
	}
}

// The transport may come from the environment; disconnecting and reconnecting act on the workspace, whatever the transport.
func TestRelayByTheEnvironment(t *testing.T) {
	t.Parallel()
	s := newRelay(t, "6.0.0")
	s.env["RCREG_VIA"] = "relay"
	s.must(0, "register", "--keep-grants")
	if got := s.expect(0, "sync --output json"); got.License == nil || got.License.After.State != "in-force" {
		t.Errorf("sync: %+v", got)
	}
	s.must(0, "disconnect")
	s.env["RCREG_VIA"] = "offline"
	if got := s.expect(0, "reconnect --output json"); got.After.State != "registered" {
		t.Errorf("reconnect: %+v", got)
	}
	s.env["RCREG_VIA"] = "carrier pigeon"
	s.must(2, "sync")
}

// A token works once. What the Cloud gave for it is kept, sealed if that was asked for, until the workspace is registered.
func TestRelayGoesOn(t *testing.T) {
	t.Parallel()
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	for name, sealed := range map[string]bool{"in clear": false, "sealed": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newRelay(t, "9.0.0")
			args := registerByRelay
			if sealed {
				args += " --seal-to " + identity.Recipient().String() + " --identity-file " + s.file(identity.String()+"\n")
			}
			stop := s.refusing("cloud.manualRegister")
			if got := s.expect(1, args); got.Error.Kind == "" {
				t.Errorf("%+v", got)
			}
			if kept := s.kept(); kept == "" || strings.Contains(kept, "BEGIN AGE") != sealed {
				t.Errorf("kept: %d bytes, sealed: %t", len(kept), !sealed)
			}
			stop()
			if sealed {
				other, err := age.GenerateX25519Identity()
				if err != nil {
					t.Fatal(err)
				}
				if got := s.expect(1, registerByRelay+" --identity-file "+s.file(other.String())); got.Error.Kind != "cannot_open" {
					t.Errorf("with another key: %+v", got)
				}
			}
			if got := s.expect(0, args); got.After.State != "registered" {
				t.Errorf("%+v", got)
			}
			if spent := s.fake.Cloud().SpentTokens(); len(spent) != 1 {
				t.Errorf("%d tokens are spent", len(spent))
			}
		})
	}
}

// A grant that was kept is of no use once the workspace was registered otherwise.
func TestRelayWithAnOldGrant(t *testing.T) {
	t.Parallel()
	s := newRelay(t, "6.13.0")
	s.must(0, "register", "--via", "relay", "--keep-grants")
	removed(s.bench)
	s.must(1, "sync")
	s.register()
	if got := s.expect(4, "sync --via relay --output json"); !strings.Contains(got.Error.Advice, "--keep-grants") {
		t.Errorf("%+v", got)
	}
}

// By e-mail through a relay: any version can, and going on takes the same transport.
func TestRelayByEmail(t *testing.T) {
	t.Parallel()
	s := newRelay(t, "4.3.0")
	const email = registerByRelay + " --email ops@example.com"
	if got := s.expect(3, email); got.Pending == nil || !strings.Contains(got.Error.Advice, "rcreg resume --via relay") {
		t.Errorf("%+v", got)
	}
	if got := s.expect(2, "resume --output json"); got.Error.Kind != "usage" || got.Error.Advice != "add --via relay" {
		t.Errorf("over another transport: %+v", got)
	}
	s.confirm()
	if got := s.expect(0, "resume --via relay --output json"); got.After.State != "registered" {
		t.Errorf("%+v", got)
	}
	if left := s.tickets(); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

func TestRelayFails(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		prepare func(*site)
		kind    string
	}{
		{"refused", func(s *site) { wrongRegistrationToken(s.bench) }, "rejected"},
		{"no Cloud", func(s *site) {
			s.env["RCREG_CLOUD_URL"] = "http://127.0.0.1:1" // the port of tcpmux; one that was just closed may be another test's by now
		}, "cloud_unreachable"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newRelay(t, "6.13.0")
			c.prepare(s)
			if got := s.expect(1, registerByRelay); got.Error.Kind != c.kind || got.Error.Advice == "" {
				t.Errorf("%+v", got)
			}
		})
	}
}
