package server_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/rcreg/registration/registrationtest/internal/server"
)

const sentence = "User does not have the permissions required for this action [error-unauthorized]"

func TestNotLoggedIn(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]string{
		"3.0.0": "status message", "6.13.0": "status message", "8.6.1": "success status error message", "9.0.0": "success error",
	} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, version)
			for _, header := range [][]string{
				nil,
				{"X-User-Id", "admin-id", "X-Auth-Token", "wrong"},
				{"X-User-Id", "user-id", "X-Auth-Token", "admin-token"},
			} {
				a := b.do("", http.MethodGet, "/api/v1/cloud.status", "", header...)
				if a.status != http.StatusUnauthorized || a.keys() != want || a.header.Get("X-RateLimit-Limit") != "" {
					t.Errorf("with %v: %d with %q, want 401 with %q and no limit", header, a.status, a.keys(), want)
				}
			}
		})
	}
}

func TestForbidden(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		version, verb, path, body string
		want                      int
		says                      string
		counted                   bool // the limit is looked at first
	}{
		{"3.0.0", http.MethodGet, "cloud.status", "", 403, "unauthorized", true},
		{"6.13.0", http.MethodGet, "cloud.status", "", 403, "unauthorized", true},
		{"6.13.0", http.MethodPost, "cloud.named", `{"name":"x"}`, 403, "unauthorized", true},
		{"6.13.0", http.MethodPost, "cloud.named", `{}`, 400, "Match error: Missing key 'name'", true},
		{"6.13.0", http.MethodPost, "cloud.sync", "", 403, sentence, true},
		{"8.6.1", http.MethodGet, "cloud.status", "", 403, sentence, false},
		{"8.6.1", http.MethodPost, "cloud.named", `{}`, 403, sentence, false},
		{"9.0.0", http.MethodPost, "cloud.named", `{}`, 403, sentence, false},
		{"6.13.0", http.MethodGet, "throws", "", 403, "Not allowed [error-unauthorized]", true},
		{"8.6.1", http.MethodGet, "throws", "", 403, "Not allowed [error-unauthorized]", true},
		{"9.0.0", http.MethodGet, "throws", "", 403, "Not allowed [error-unauthorized]", true},
	} {
		t.Run(c.version+" "+c.path+" "+c.body, func(t *testing.T) {
			t.Parallel()
			a := newBench(t, c.version).do("user", c.verb, "/api/v1/"+c.path, c.body)
			if a.status != c.want || a.body["error"] != c.says {
				t.Errorf("got %d %v, want %d %q", a.status, a.body["error"], c.want, c.says)
			}
			if counted := a.header.Get("X-RateLimit-Limit") != ""; counted != c.counted {
				t.Errorf("counted is %v, want %v", counted, c.counted)
			}
		})
	}
}

func TestRefuse(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]string{"8.6.1": "unauthorized", "9.0.0": "forbidden"} {
		b := newBench(t, version)
		b.AddEndpoint(server.Endpoint{Path: "refuses", Verb: http.MethodGet, Run: func(*server.Request) (map[string]any, error) {
			return nil, server.Refuse()
		}})
		if a := b.do("user", http.MethodGet, "/api/v1/refuses", ""); a.status != 403 || a.body["error"] != want {
			t.Errorf("%s: %d %v, want 403 %s", version, a.status, a.body["error"], want)
		}
	}
}

func TestFailures(t *testing.T) {
	t.Parallel()
	params := &server.MeteorError{Code: "invalid-params", Reason: "must be string"}
	for _, c := range []struct {
		version string
		err     error
		want    int
		says    any
		keys    string
	}{
		{"6.5.0", params, 400, "must be string [invalid-params]", "success error errorType"},
		{"8.6.1", params, 400, "must be string", "success error errorType"},
		{"6.5.0", &server.MeteorError{Code: 500}, 400, "[500]", "success error errorType"},
		{"6.5.0", &server.Failure{}, 400, nil, "success"},
		{"6.5.0", &server.Failure{Status: 502, Body: map[string]any{"error": "x"}}, 502, "x", "success error"},
		{"6.5.0", &server.MatchError{Message: "Unknown key", Path: "x"}, 400, "Match error: Unknown key in field x", "success error"},
	} {
		b := newBench(t, c.version)
		b.AddEndpoint(server.Endpoint{Path: "fails", Verb: http.MethodGet, Run: func(*server.Request) (map[string]any, error) {
			return nil, c.err
		}})
		a := b.do("user", http.MethodGet, "/api/v1/fails", "")
		if a.status != c.want || a.body["error"] != c.says || a.keys() != c.keys || a.body["success"] != false {
			t.Errorf("%s %v: %d %s, want %d %v with %q", c.version, c.err, a.status, a.text, c.want, c.says, c.keys)
		}
	}
}

func TestTimesAreISOTexts(t *testing.T) {
	t.Parallel()
	b := newBench(t, "6.5.0")
	b.AddEndpoint(server.Endpoint{Path: "now", Verb: http.MethodGet, Run: func(*server.Request) (map[string]any, error) {
		return map[string]any{"list": []any{time.UnixMilli(1500)}}, nil
	}})
	want := `{"list":["1970-01-01T00:00:01.500Z"],"success":true}`
	if a := b.do("user", http.MethodGet, "/api/v1/now", ""); a.text != want {
		t.Errorf("got %s, want %s", a.text, want)
	}
}
