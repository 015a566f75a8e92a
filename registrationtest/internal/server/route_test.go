package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/rcreg/registration/registrationtest/internal/server"
)

func TestNoRoute(t *testing.T) {
	t.Parallel()
	const (
		page  = "200 text/html; charset=utf-8"
		empty = "405  OPTIONS, GET, HEAD"
		text  = "404 text/plain; charset=UTF-8"
		wrong = "405 application/json POST, OPTIONS"
		ok    = "200 application/json"
	)
	for _, c := range []struct{ version, verb, path, want string }{
		{"3.0.0", http.MethodGet, "/api/v1/none", page},
		{"3.0.0", http.MethodPost, "/api/v1/none", page},
		{"3.0.0", http.MethodGet, "/api/v1/cloud.named", wrong},
		{"3.0.0", http.MethodGet, "/api/v1/open/", page},
		{"4.3.0", http.MethodPost, "/api/v1/none", page},
		{"4.8.0", http.MethodGet, "/api/v1/none", page},
		{"4.8.0", http.MethodPost, "/api/v1/none", empty},
		{"4.8.0", http.MethodPost, "/", empty},
		{"4.8.0", http.MethodGet, "/api/v1/open/", ok},
		{"6.13.0", http.MethodPost, "/api/v1/none", empty},
		{"6.13.0", http.MethodGet, "/api/v1/cloud.named", wrong},
		{"7.5.0", http.MethodPost, "/api/v1/none", empty},
		{"8.6.1", http.MethodGet, "/api/v1/none", text},
		{"8.6.1", http.MethodPost, "/api/v1/none", text},
		{"8.6.1", http.MethodGet, "/api/v1/cloud.named", text},
		{"8.6.1", http.MethodGet, "/api/v1/open/", text},
		{"8.6.1", http.MethodGet, "/home", page},
		{"9.0.0", http.MethodGet, "/api/v1/none", text},
	} {
		t.Run(c.version+" "+c.verb+" "+c.path, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, c.version)
			a := b.do("admin", c.verb, c.path, "")
			got := fmt.Sprintf("%d %s %s", a.status, a.header.Get("Content-Type"), a.header.Get("Allow"))
			if want := c.want; strings.TrimSpace(got) != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestRouteParts(t *testing.T) {
	t.Parallel()
	b := newBench(t, "6.5.0")
	for path, want := range map[string]any{"/api/v1/thing/a": "a", "/api/v1/thing/a%3Ab": "a:b", "/api/v1/thing/a%2Fb": "a/b"} {
		if got := b.do("user", http.MethodGet, path, "").body["_id"]; got != want {
			t.Errorf("%s gives %v, want %v", path, got, want)
		}
	}
	if a := b.do("user", http.MethodGet, "/api/v1/thing/", ""); a.body != nil {
		t.Errorf("a path without its part gives %s, want the web client", a.text)
	}
}

func TestSubPath(t *testing.T) {
	t.Parallel()
	b := newBench(t, "6.5.0", func(c *server.Config) { c.Path = "/chat/" })
	for path, want := range map[string]int{
		"/chat/api/v1/open": 200, "/chat": 200, "/api/v1/open": 404, "/chatter/api/v1/open": 404,
	} {
		if got := b.do("", http.MethodGet, path, "").status; got != want {
			t.Errorf("%s gives %d, want %d", path, got, want)
		}
	}
}

func TestBodies(t *testing.T) {
	t.Parallel()
	const path = "/api/v1/cloud.named"
	for _, c := range []struct {
		name, version, body, kind string
		want                      int
		says                      string
	}{
		{"cut off", "6.13.0", `{"name":`, "application/json", 400, "<pre>Bad Request</pre>"},
		{"a text", "6.13.0", `"x"`, "application/json", 400, "<pre>Bad Request</pre>"},
		{"null", "3.0.0", `null`, "application/json", 400, "<pre>Bad Request</pre>"},
		{"cut off, by 8.6", "8.6.1", `{"name":`, "application/json", 400, "Missing key 'name'"},
		{"an array", "3.0.0", `[1]`, "application/json", 400, "Expected plain object"},
		{"none", "6.13.0", ``, "", 400, "Missing key 'name'"},
		{"a form", "6.13.0", `name=x`, "application/x-www-form-urlencoded", 200, "world"},
		{"another type", "6.13.0", `{"name":"x"}`, "text/plain", 400, "Missing key 'name'"},
		{"with a character set", "6.13.0", `{"name":"x"}`, "application/json; charset=utf-8", 200, "world"},
		{"too large", "6.13.0", strings.Repeat(" ", 50<<20) + "{}", "application/json", 413, "Request Entity Too Large"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a := newBench(t, c.version).do("mgr", http.MethodPost, path, c.body, "Content-Type", c.kind)
			if a.status != c.want || !strings.Contains(a.text, c.says) {
				t.Errorf("got %d %s, want %d with %q", a.status, a.text, c.want, c.says)
			}
		})
	}
}
