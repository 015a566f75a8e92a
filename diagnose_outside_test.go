package registration_test

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
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/workspace"
)

func answers(status int, kind, body string) httpmock.Responder {
	return httpmock.NewStringResponder(status, body).HeaderSet(http.Header{"Content-Type": {kind}})
}

// behind are the checks that nothing can be seen of when the address, or what answers there, is wrong.
func behind(found severities) severities {
	for _, id := range []registration.Check{
		registration.CheckVersion, registration.CheckCredentials, registration.CheckPermissions, registration.CheckSupport, registration.CheckStatus,
		registration.CheckWorkspaceCloud, registration.CheckSync, registration.CheckTransport,
	} {
		if _, listed := found[id]; !listed {
			found[id] = skipped
		}
	}
	return found
}

func TestDiagnoseStrangeAnswers(t *testing.T) {
	t.Parallel()
	noAddress := severities{registration.CheckAddress: problem, registration.CheckTLS: skipped, registration.CheckRocketChat: skipped}
	stranger := severities{registration.CheckAddress: ok, registration.CheckTLS: ok, registration.CheckRocketChat: problem}
	tooOld := severities{registration.CheckAddress: ok, registration.CheckTLS: ok, registration.CheckRocketChat: ok, registration.CheckVersion: problem}
	badTLS := severities{registration.CheckAddress: ok, registration.CheckTLS: problem, registration.CheckRocketChat: skipped}
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
		"401":                  {answers(401, "text/html", "<html>"), stranger, "asks for a login"},
		"403":                  {answers(403, "text/html", "<html>"), stranger, "asks for a login"},
		"404":                  {answers(404, "text/plain", "404 Not Found"), stranger, "sub-path"},
		"429":                  {answers(429, "text/html", "<html>"), stranger, "limits the rate"},
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
			d := registration.Diagnose(t.Context(), ws, registration.TrySync())
			checkFindings(t, d, behind(want))
			for _, f := range d.Findings {
				if f.ID == registration.CheckMachineCloud && f.Evidence != "not asked without consent" {
					t.Errorf("got %+v", f)
				}
				if f.Severity == problem && !strings.Contains(f.Next, tc.next) {
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

func TestDiagnoseTimeout(t *testing.T) {
	t.Parallel()
	hang := func(r *http.Request) (*http.Response, error) { <-r.Context().Done(); return nil, r.Context().Err() }
	ws, _ := mocked(t, "https://chat.example.com", map[string]httpmock.Responder{"GET /api/info": hang})
	d := registration.Diagnose(t.Context(), ws, registration.ClientOptions(registration.WithActTimeout(10*time.Millisecond)))
	checkFindings(t, d, behind(severities{registration.CheckAddress: problem, registration.CheckTLS: skipped}))
	if f, _ := d.Finding(registration.CheckAddress); !strings.Contains(f.Next, "in time") {
		t.Errorf("got %+v", f)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	d = registration.Diagnose(ended, ws, registration.TrySync(), registration.AskCloud())
	checkFindings(t, d, behind(severities{registration.CheckAddress: unseen, registration.CheckMachineCloud: unseen, registration.CheckVersionList: unseen}))
	for _, id := range []registration.Check{registration.CheckAddress, registration.CheckMachineCloud} {
		if f, _ := d.Finding(id); !strings.HasPrefix(f.Evidence, "the diagnosis was interrupted before this was seen") || strings.Contains(f.Next, "time") {
			t.Errorf("got %+v", f)
		}
	}
	if d.Worst() != unseen {
		t.Errorf("a diagnosis that was ended blames the workspace, or calls it well: %+v", d.Findings)
	}
}

func TestDiagnoseTLS(t *testing.T) {
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
		want      registration.Severity
		next      string
	}{
		"trusted":       {secure.URL, trusting, testStart, ok, ""},
		"ends soon":     {secure.URL, trusting, ends.AddDate(0, 0, -7), warning, "renewed"},
		"not trusted":   {secure.URL, &http.Transport{DisableKeepAlives: true}, testStart, problem, "authority"},
		"another name":  {strings.Replace(secure.URL, "127.0.0.1", "localhost", 1), trusting, testStart, problem, "certificate is for"},
		"speaks no TLS": {strings.Replace(plain.URL, "http:", "https:", 1), &http.Transport{DisableKeepAlives: true}, testStart, problem, "plain HTTP"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ws, err := workspace.New(tc.address, workspace.Token("u", "t"), workspace.WithRoundTripper(tc.transport), workspace.WithClock(registrationtest.NewClock(tc.now)))
			if err != nil {
				t.Fatal(err)
			}
			d := registration.Diagnose(t.Context(), ws)
			f, _ := d.Finding(registration.CheckTLS)
			if f.Severity != tc.want || !strings.Contains(f.Next, tc.next) {
				t.Errorf("got %+v", f)
			}
			checkFindings(t, d, severities{registration.CheckAddress: ok})
		})
	}
}

func TestDiagnosePlainHTTP(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]registration.Severity{
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
			checkFindings(t, registration.Diagnose(t.Context(), ws), severities{registration.CheckTLS: want})
		})
	}
}

func TestDiagnoseWhatCannotBeAsked(t *testing.T) {
	t.Parallel()
	ws, mock := mocked(t, "https://open.rocket.chat", nil)
	d := registration.Diagnose(t.Context(), ws, registration.TrySync(), registration.AskCloud())
	checkFindings(t, d, behind(severities{registration.CheckAddress: info, registration.CheckRocketChat: skipped, registration.CheckMachineCloud: skipped}))
	checkFindings(t, registration.Diagnose(t.Context(), nil), behind(severities{registration.CheckOptions: problem, registration.CheckAddress: skipped}))
	d = registration.Diagnose(t.Context(), ws, registration.ClientOptions(registration.WithActTimeout(-1)))
	checkFindings(t, d, behind(severities{registration.CheckOptions: problem, registration.CheckAddress: skipped}))
	if u, err := url.Parse(d.Workspace); err != nil || u.Host != "open.rocket.chat" || mock.GetTotalCallCount() != 0 {
		t.Errorf("the workspace is not named, or was asked: %+v", d)
	}
}
