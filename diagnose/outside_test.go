package diagnose_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/diagnose"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/workspace"
)

// behind are the checks that nothing can be seen of when the address, or what answers there, is wrong.
func behind(found severities) severities {
	for _, id := range []diagnose.Check{
		diagnose.CheckVersion, diagnose.CheckCredentials, diagnose.CheckPermissions, diagnose.CheckSupport, diagnose.CheckStatus,
		diagnose.CheckWorkspaceCloud, diagnose.CheckSync, diagnose.CheckTransport,
	} {
		if _, listed := found[id]; !listed {
			found[id] = skipped
		}
	}
	return found
}

func TestStrangeAnswers(t *testing.T) {
	t.Parallel()
	noAddress := severities{diagnose.CheckAddress: problem, diagnose.CheckTLS: skipped, diagnose.CheckRocketChat: skipped}
	stranger := severities{diagnose.CheckAddress: ok, diagnose.CheckTLS: ok, diagnose.CheckRocketChat: problem}
	tooOld := severities{diagnose.CheckAddress: ok, diagnose.CheckTLS: ok, diagnose.CheckRocketChat: ok, diagnose.CheckVersion: problem}
	badTLS := severities{diagnose.CheckAddress: ok, diagnose.CheckTLS: problem, diagnose.CheckRocketChat: skipped}
	certificate := func(why x509.InvalidReason) httpmock.Responder {
		return httpmock.NewErrorResponder(&tls.CertificateVerificationError{Err: x509.CertificateInvalidError{Reason: why}})
	}
	redirect := answers(302, "text/html", "").HeaderSet(http.Header{"Location": {"https://login.example.test/"}})
	cases := map[string]struct {
		info httpmock.Responder
		want severities
		next string
	}{
		"web page":             {answers(200, "text/html", "<html>"), stranger, "login page"},
		"another program":      {jsonReply(`{"hello":"world"}`), stranger, "another program"},
		"cut off":              {jsonReply(`{"version":`), stranger, "proxy"},
		"not JSON":             {answers(200, "text/plain", "hi"), stranger, "proxy"},
		"401":                  {answers(401, "text/html", "<html>"), stranger, "let GET /api/* pass"},
		"403":                  {answers(403, "text/html", "<html>"), stranger, "let GET /api/* pass"},
		"404":                  {answers(404, "text/plain", "404 Not Found"), stranger, "sub-path"},
		"429":                  {answers(429, "text/html", "<html>"), stranger, "allow more of them"},
		"500":                  {answers(500, "text/html", "<html>"), stranger, "server runs"},
		"502":                  {answers(502, "text/html", "<html>"), stranger, "server runs"},
		"no version":           {jsonReply(`{"version":"latest","success":true}`), stranger, "another program"},
		"0.74":                 {jsonReply(`{"version":"0.74.3","success":true}`), tooOld, "upgrade"},
		"redirect":             {redirect, noAddress, "leads to"},
		"unknown host":         {httpmock.NewErrorResponder(&net.DNSError{Err: "no such host", Name: "chat.example.com", IsNotFound: true}), noAddress, "spelling"},
		"refused":              {httpmock.NewErrorResponder(&net.OpError{Op: "dial", Err: errors.New("connection refused")}), noAddress, "port"},
		"certificate required": {httpmock.NewErrorResponder(&net.OpError{Op: "remote error", Err: errors.New("tls: certificate required")}), badTLS, "client certificate"},
		"certificate expired":  {certificate(x509.Expired), badTLS, "renew"},
		"certificate misused":  {certificate(x509.IncompatibleUsage), badTLS, "check certificate"},
		"not TLS at all":       {httpmock.NewErrorResponder(tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}), badTLS, "plain HTTP"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := severities{}
			for id, severity := range tc.want {
				want[id] = severity
			}
			ws, mock := mocked(t, "https://chat.example.com", map[string]httpmock.Responder{"GET /api/info": tc.info})
			d := diagnose.Run(t.Context(), ws, diagnose.TrySync())
			checkFindings(t, d, behind(want))
			for _, f := range d.Findings {
				if f.ID == diagnose.CheckMachineCloud && f.Evidence != "not asked without consent" {
					t.Errorf("got %+v", f)
				}
				if f.Severity == problem && !strings.Contains(f.Advice(), tc.next) {
					t.Errorf("the next step does not speak of %q: %+v", tc.next, f)
				}
			}
			for call, n := range mock.GetCallCountInfo() {
				if n > 0 && call != "GET https://chat.example.com/api/info" {
					t.Errorf("%s was asked", call)
				}
			}
		})
	}
}

// TestTimeout: a workspace that never answers holds a look for its time, and not longer.
func TestTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hang := func(r *http.Request) (*http.Response, error) { <-r.Context().Done(); return nil, r.Context().Err() }
		ws, _ := mocked(t, "https://chat.example.com", map[string]httpmock.Responder{"GET /api/info": hang})
		began := time.Now()
		d := diagnose.Run(t.Context(), ws)
		checkFindings(t, d, behind(severities{diagnose.CheckAddress: problem, diagnose.CheckTLS: skipped}))
		if f, _ := d.Finding(diagnose.CheckAddress); !strings.Contains(f.Advice(), "in time") || time.Since(began) != 20*time.Second {
			t.Errorf("after %s: %+v", time.Since(began), f)
		}
	})
}

func TestThatIsOver(t *testing.T) {
	t.Parallel()
	ws, _ := mocked(t, "https://chat.example.com", nil)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	d := diagnose.Run(ended, ws, diagnose.TrySync(), diagnose.AskCloud(nil))
	checkFindings(t, d, behind(severities{diagnose.CheckAddress: unseen, diagnose.CheckMachineCloud: unseen, diagnose.CheckVersionList: unseen}))
	for _, id := range []diagnose.Check{diagnose.CheckAddress, diagnose.CheckMachineCloud} {
		if f, _ := d.Finding(id); !strings.HasPrefix(f.Evidence, "the diagnosis was interrupted before this was seen") || strings.Contains(f.Advice(), "time") {
			t.Errorf("got %+v", f)
		}
	}
	if d.Worst() != unseen {
		t.Errorf("a diagnosis that was ended blames the workspace, or calls it well: %+v", d.Findings)
	}
}

func TestTLS(t *testing.T) {
	t.Parallel()
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"version":"2.0.0","success":true}`))
	})
	secure, plain := httptest.NewUnstartedServer(handler), httptest.NewServer(handler)
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	t.Cleanup(func() { secure.Close(); plain.Close() })
	ends := secure.Certificate().NotAfter
	trusting := secure.Client().Transport
	for name, tc := range map[string]struct {
		address   string
		transport http.RoundTripper
		now       time.Time
		want      diagnose.Severity
		next      string
	}{
		"trusted":       {secure.URL, trusting, clienttest.Began(), ok, ""},
		"ends soon":     {secure.URL, trusting, ends.AddDate(0, 0, -7), warning, "renew the certificate"},
		"not trusted":   {secure.URL, &http.Transport{DisableKeepAlives: true}, clienttest.Began(), problem, "authority"},
		"another name":  {strings.Replace(secure.URL, "127.0.0.1", "localhost", 1), trusting, clienttest.Began(), problem, "certificate is for"},
		"speaks no TLS": {strings.Replace(plain.URL, "http:", "https:", 1), &http.Transport{DisableKeepAlives: true}, clienttest.Began(), problem, "plain HTTP"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ws, err := workspace.New(tc.address, workspace.Token("u", "t"), workspace.WithRoundTripper(tc.transport), workspace.WithClock(registrationtest.NewClock(tc.now)))
			if err != nil {
				t.Fatal(err)
			}
			d := diagnose.Run(t.Context(), ws)
			f, _ := d.Finding(diagnose.CheckTLS)
			if f.Severity != tc.want || !strings.Contains(f.Advice(), tc.next) {
				t.Errorf("got %+v", f)
			}
			checkFindings(t, d, severities{diagnose.CheckAddress: ok})
		})
	}
}

func TestPlainHTTP(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]diagnose.Severity{
		"http://chat.example.com": warning, "http://localhost": info, "http://localhost.example.com": warning, "http://127.0.0.1": info, "http://[::1]:3000": info,
	} {
		t.Run(address, func(t *testing.T) {
			t.Parallel()
			mock := httpmock.NewMockTransport()
			mock.RegisterResponder("GET", address+"/api/info", jsonReply(`{"version":"2.0.0","success":true}`))
			ws, err := workspace.New(address, workspace.Token("u", "t"), workspace.WithPlainHTTP(), workspace.WithRoundTripper(mock))
			if err != nil {
				t.Fatal(err)
			}
			checkFindings(t, diagnose.Run(t.Context(), ws), severities{diagnose.CheckTLS: want})
		})
	}
}

func TestWhatCannotBeAsked(t *testing.T) {
	t.Parallel()
	ws, mock := mocked(t, "https://open.rocket.chat", nil)
	d := diagnose.Run(t.Context(), ws, diagnose.TrySync(), diagnose.AskCloud(nil))
	checkFindings(t, d, behind(severities{diagnose.CheckAddress: info, diagnose.CheckRocketChat: skipped, diagnose.CheckMachineCloud: skipped}))
	checkFindings(t, diagnose.Run(t.Context(), nil), behind(severities{diagnose.CheckOptions: problem, diagnose.CheckAddress: skipped}))
	d = diagnose.Run(t.Context(), ws, diagnose.ClientOptions(registration.WithActTimeout(-1)))
	checkFindings(t, d, behind(severities{diagnose.CheckOptions: problem, diagnose.CheckAddress: skipped}))
	if u, err := url.Parse(d.Workspace); err != nil || u.Host != "open.rocket.chat" || mock.GetTotalCallCount() != 0 {
		t.Errorf("the workspace is not named, or was asked: %+v", d)
	}
}
