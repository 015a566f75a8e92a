package cloudmodule_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/rcreg/registration/registrationtest"
)

// standIn is a stand-in for the Cloud. Its zero answers are the usual ones; the n-th client has the id "client-n".
type standIn struct {
	clock *registrationtest.Clock

	mu      sync.Mutex
	calls   []sentCall
	answers map[string]answer // by the end of the path; "" for all
	clients int
	tokens  int
	license any
}

// sentCall is one call that the module made.
type sentCall struct {
	line string // such as "POST /api/oauth/token"
	auth string
	kind string // the content type
	body string
}

// answer is what the Cloud says to a call.
type answer func() (*http.Response, error)

func newStandIn(c *registrationtest.Clock) *standIn {
	return &standIn{clock: c, answers: map[string]answer{}, license: license}
}

// reply answers with a status and a body.
func reply(status int, body string) answer {
	return func() (*http.Response, error) {
		response := httpmock.NewStringResponse(status, body)
		kind := "application/json"
		if strings.HasPrefix(body, "<") {
			kind = "text/html"
		}
		response.Header.Set("Content-Type", kind)
		return response, nil
	}
}

// refuse answers with an error code.
func refuse(status int, code string) answer { return reply(status, `{"error":"`+code+`"}`) }

// drop closes the connection.
func drop() (*http.Response, error) { return nil, errors.New("connection reset by peer") }

// after gives an answer that takes its time.
func (s *standIn) after(d time.Duration, a answer) answer {
	return func() (*http.Response, error) {
		s.clock.Advance(d)
		return a()
	}
}

// hang takes longer than anybody waits.
func (s *standIn) hang() (*http.Response, error) {
	s.clock.Advance(5 * time.Minute)
	return drop()
}

// set changes what the Cloud says to calls whose path ends so, until it is cleared; nil changes nothing.
func (s *standIn) set(path string, a answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a != nil {
		s.answers[path] = a
	}
}

// clear makes the Cloud well again.
func (s *standIn) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.answers)
}

// forget empties the list of calls.
func (s *standIn) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = nil
}

// sent returns the calls so far.
func (s *standIn) sent() []sentCall {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]sentCall(nil), s.calls...)
}

// lines returns the calls so far, in short.
func (s *standIn) lines() []string {
	calls := s.sent()
	lines := make([]string, 0, len(calls))
	for _, call := range calls {
		lines = append(lines, call.line)
	}
	return lines
}

// transport carries the module's calls to the stand-in.
func (s *standIn) transport() http.RoundTripper {
	transport := httpmock.NewMockTransport()
	transport.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
		var body []byte
		if r.Body != nil {
			body, _ = io.ReadAll(r.Body)
		}
		s.mu.Lock()
		s.calls = append(s.calls, sentCall{
			line: r.Method + " " + r.URL.RequestURI(),
			auth: r.Header.Get("Authorization"),
			kind: r.Header.Get("Content-Type"),
			body: string(body),
		})
		a := s.answerTo(r.URL.Path)
		s.mu.Unlock()
		return a()
	})
	return transport
}

// answerTo finds the answer for a path. The lock must be held.
func (s *standIn) answerTo(path string) answer {
	for suffix, a := range s.answers {
		if strings.HasSuffix(path, suffix) {
			return a
		}
	}
	switch {
	case strings.HasSuffix(path, "/api/oauth/clients"):
		s.clients++
		return reply(http.StatusCreated, s.grant(s.clients))
	case strings.HasSuffix(path, "/api/oauth/token"):
		s.tokens++
		return reply(http.StatusOK, fmt.Sprintf(`{"access_token":"access-%d","expires_in":86400,"scope":"%s"}`, s.tokens, scopes))
	case strings.HasSuffix(path, "/client"):
		return reply(http.StatusOK, `{"workspaceId":"ws","publicKey":"synced key"}`)
	case strings.HasSuffix(path, "/sync"):
		return reply(http.StatusOK, `{"workspaceId":"ws","license":`+s.licenseJSON()+`}`)
	case strings.HasSuffix(path, "/license"):
		return reply(http.StatusOK, `{"license":`+s.licenseJSON()+`,"updatedAt":"2030-01-01T00:00:00.000Z"}`)
	case strings.HasSuffix(path, "/comms/workspace"):
		return reply(http.StatusOK, `{"workspaceId":"ws","announcements":{"create":[],"delete":[]}}`)
	case strings.HasSuffix(path, "/supportedVersions"):
		return reply(http.StatusOK, `{"signed":"from the cloud","timestamp":"2026-01-01T00:00:00Z"}`)
	case strings.HasSuffix(path, "/checkout"):
		return reply(http.StatusOK, `{"url":"https://pay.example.com/1"}`)
	case strings.HasSuffix(path, "/register/workspace"):
		return reply(http.StatusOK, `{"id":"notice"}`)
	case strings.HasSuffix(path, "/intent"):
		return reply(http.StatusOK, `{"device_code":"dev-1","user_code":"USER","interval":5,"expires_in":900}`)
	case strings.HasSuffix(path, "/poll"):
		return reply(http.StatusOK, `{"status":"authorization_pending"}`)
	}
	return reply(http.StatusOK, `{}`)
}

const scopes = "workspace:license:read workspace:client:write workspace:stats:write workspace:push:send " +
	"marketplace:read marketplace:download fedhub:register"

func (s *standIn) licenseJSON() string {
	if s.license == nil {
		return "null"
	}
	return fmt.Sprintf("%q", s.license)
}

// grant is the n-th grant, with a license.
func (s *standIn) grant(n int) string {
	return grantJSON(n, fmt.Sprintf(`,"licenseData":{"license":%s}`, s.licenseJSON()))
}

// grantJSON is a grant with further keys.
func grantJSON(n int, more string) string {
	return fmt.Sprintf(`{"workspaceId":"ws-%d","client_name":"Example","client_id":"client-%d","client_secret":"secret-%d",`+
		`"client_secret_expires_at":0,"publicKey":"key-%d","registration_client_uri":"%s/api/v2/workspaces/ws-%d"%s}`,
		n, n, n, n, cloudURL, n, more)
}
