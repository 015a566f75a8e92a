package rocketcloud

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// stillClock is a clock that tests move; sleeping on it costs no time.
type stillClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *stillClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *stillClock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	return context.Cause(ctx)
}

func newStillClock() *stillClock {
	return &stillClock{now: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
}

// newTestCloud returns a Cloud at a fixed time and its clock.
func newTestCloud(t *testing.T) (*Cloud, *stillClock) {
	t.Helper()
	c := newStillClock()
	cloud, err := New(Config{Clock: c})
	if err != nil {
		t.Fatal(err)
	}
	cloud.SetBaseURL("http://cloud.example.test/")
	return cloud, c
}

// reply is what the Cloud answered.
type reply struct {
	status int
	body   map[string]any
	text   string
}

// ask sends a request to the Cloud: a form when body is url.Values, else JSON.
func ask(t *testing.T, cloud http.Handler, method, path, token string, body any) reply {
	t.Helper()
	contentType, text := "application/json", ""
	switch b := body.(type) {
	case nil:
	case url.Values:
		contentType, text = "application/x-www-form-urlencoded", b.Encode()
	case string:
		text = b
	default:
		encoded, err := json.Marshal(b)
		if err != nil {
			t.Fatal(err)
		}
		text = string(encoded)
	}
	r := httptest.NewRequest(method, path, strings.NewReader(text))
	r.Header.Set("Content-Type", contentType)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	w := httptest.NewRecorder()
	cloud.ServeHTTP(w, r)
	answer := reply{status: w.Code, text: w.Body.String()}
	_ = json.Unmarshal(w.Body.Bytes(), &answer.body) // nil for what is not an object
	return answer
}

func (r reply) string(t *testing.T, field string) string {
	t.Helper()
	text, ok := r.body[field].(string)
	if !ok {
		t.Fatalf("no %s in %d %s", field, r.status, r.text)
	}
	return text
}

// want fails the test unless the Cloud answered with a status and, when code is not empty, an error code.
func (r reply) want(t *testing.T, status int, code string) {
	t.Helper()
	if r.status != status || (code != "" && r.body["error"] != code) {
		t.Errorf("got %d %s, want %d %s", r.status, r.text, status, code)
	}
}

// connect registers a workspace with a fresh token.
func connect(t *testing.T, cloud *Cloud) reply {
	t.Helper()
	return ask(t, cloud, "POST", "/api/oauth/clients", cloud.IssueToken(), map[string]any{
		"email": "ops@example.test", "client_name": "Example", "redirect_uris": []string{"http://chat.example.test/callback"},
	})
}

// accessToken asks for an access token with the credentials of a grant.
func accessToken(t *testing.T, cloud *Cloud, grant reply) reply {
	t.Helper()
	return ask(t, cloud, "POST", "/api/oauth/token", "", url.Values{
		"client_id":     {grant.string(t, "client_id")},
		"client_secret": {grant.string(t, "client_secret")},
		"grant_type":    {"client_credentials"},
		"scope":         {"workspace:license:read"},
	})
}

// pathOf is the path of a registered workspace.
func pathOf(t *testing.T, grant reply) string {
	t.Helper()
	path, ok := strings.CutPrefix(grant.string(t, "registration_client_uri"), "http://cloud.example.test")
	if !ok {
		t.Fatalf("registration_client_uri is not on the Cloud: %s", grant.text)
	}
	return path
}
