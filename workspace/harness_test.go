package workspace_test

import (
	"errors"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/workspace"
)

const (
	// The sub-path makes every address that was put together wrongly miss the mock.
	base      = "https://example.com/chat"
	authToken = "auth-token-0123456789"
	jsonType  = "application/json"
	htmlType  = "text/html; charset=utf-8"
)

var start = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)

// mocked is a client whose workspace is a mock.
type mocked struct {
	*workspace.Client
	mock  *httpmock.MockTransport
	clock *registrationtest.Clock
}

// newMocked makes a client of a mocked workspace that says it is of the given version.
func newMocked(t *testing.T, version string, options ...workspace.Option) *mocked {
	t.Helper()
	return newMockedAs(t, workspace.Token("admin-id", authToken), version, options...)
}

func newMockedAs(t *testing.T, credentials workspace.Credentials, version string, options ...workspace.Option) *mocked {
	t.Helper()
	m := &mocked{mock: httpmock.NewMockTransport(), clock: registrationtest.NewClock(start)}
	options = append([]workspace.Option{workspace.WithRoundTripper(m.mock), workspace.WithClock(m.clock)}, options...)
	client, err := workspace.New(base, credentials, options...)
	if err != nil {
		t.Fatal(err)
	}
	m.Client = client
	if version != "" {
		m.answer(http.MethodGet, "/api/info", respond(http.StatusOK, jsonType, `{"version":"`+version+`","success":true}`))
		if _, err := client.Version(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

// answer sets what the workspace answers at a path below its address.
func (m *mocked) answer(verb, path string, responder httpmock.Responder) {
	m.mock.RegisterResponder(verb, base+path, responder)
}

// calls is how often the workspace was asked at a path.
func (m *mocked) calls(verb, path string) int {
	return m.mock.GetCallCountInfo()[verb+" "+base+path]
}

// respond answers always the same.
func respond(status int, contentType, body string) httpmock.Responder {
	return func(*http.Request) (*http.Response, error) {
		response := httpmock.NewStringResponse(status, body)
		if contentType != "" {
			response.Header.Set("Content-Type", contentType)
		}
		return response, nil
	}
}

// keep answers like the responder and keeps what was asked.
func keep(into *sent, responder httpmock.Responder) httpmock.Responder {
	return func(r *http.Request) (*http.Response, error) {
		into.request = r
		if r.Body != nil {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				return nil, err
			}
			into.body = string(body)
		}
		return responder(r)
	}
}

// sent is a request as the workspace saw it.
type sent struct {
	request *http.Request
	body    string
}

// failure returns the *workspace.Error of a failed call.
func failure(t *testing.T, err error) *workspace.Error {
	t.Helper()
	var failed *workspace.Error
	if !errors.As(err, &failed) {
		t.Fatalf("got %T %v, want a *workspace.Error", err, err)
	}
	return failed
}
