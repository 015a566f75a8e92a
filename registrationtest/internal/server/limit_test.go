package server_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestRESTLimit(t *testing.T) {
	t.Parallel()
	b := newBench(t, "6.13.0")
	reset := strconv.FormatInt(b.clock.Now().Add(time.Minute).UnixMilli(), 10)
	for i, left := range []string{"1", "0"} {
		a := b.do("mgr", http.MethodPost, "/api/v1/cloud.sync", "")
		if a.status != http.StatusOK || a.header.Get("X-RateLimit-Remaining") != left || a.header.Get("X-RateLimit-Limit") != "2" {
			t.Errorf("call %d: %d with %s left, want 200 with %s", i+1, a.status, a.header.Get("X-RateLimit-Remaining"), left)
		}
		if got := a.header.Get("X-RateLimit-Reset"); got != reset {
			t.Errorf("call %d: reset %s, want %s (milliseconds)", i+1, got, reset)
		}
	}
	b.clock.Advance(5 * time.Second)
	refused := b.do("user", http.MethodPost, "/api/v1/cloud.sync", "") // the same address
	if refused.status != http.StatusTooManyRequests || refused.keys() != "success error" ||
		!strings.Contains(refused.text, "You must wait 55 seconds before trying this endpoint again. [error-too-many-requests]") ||
		refused.header.Get("Retry-After") != "" {
		t.Errorf("the third call gives %d %s", refused.status, refused.text)
	}
	if a := b.do("admin", http.MethodPost, "/api/v1/cloud.sync", ""); a.status != 200 || a.header.Get("X-RateLimit-Limit") != "" {
		t.Errorf("an administrator gets %d with limit %q, want 200 without", a.status, a.header.Get("X-RateLimit-Limit"))
	}
	if a := b.do("mgr", http.MethodGet, "/api/v1/open", ""); a.header.Get("X-RateLimit-Remaining") != "9" {
		t.Errorf("another endpoint has %s calls left, want 9", a.header.Get("X-RateLimit-Remaining"))
	}
	b.clock.Advance(56 * time.Second)
	if a := b.do("mgr", http.MethodPost, "/api/v1/cloud.sync", ""); a.status != http.StatusOK {
		t.Errorf("a minute later: %d, want 200", a.status)
	}
}

func TestMethodLimit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		version string
		status  int
	}{{"3.1.0", 200}, {"6.13.0", 200}, {"8.6.1", 400}} {
		t.Run(c.version, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, c.version)
			for i := range 10 {
				if inner := b.method("admin", "ok", "[]"); inner.result() != true {
					t.Fatalf("call %d: %s", i+1, inner.text)
				}
			}
			b.clock.Advance(time.Second)
			inner := b.method("admin", "ok", "[]")
			if inner.status != c.status || inner.errorField("error") != "too-many-requests" || inner.timeToReset() != 9000.0 {
				t.Errorf("the 11th call: %d %s", inner.status, inner.text)
			}
			if b.method("user", "ok", "[]").result() != true || b.method("admin", "null", "[]").errorField("error") != nil {
				t.Error("another token, or another method, is refused too")
			}
			for range 9 {
				b.method("admin", "ok", "[]")
			}
			if left := b.method("admin", "ok", "[]").timeToReset(); left != 59000.0 {
				t.Errorf("after 20 calls the wait is %v ms, want 59000", left)
			}
			b.clock.Advance(time.Minute)
			if b.method("admin", "ok", "[]").result() != true {
				t.Error("still refused a minute later")
			}
		})
	}
}
