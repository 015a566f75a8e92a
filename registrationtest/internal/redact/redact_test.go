package redact

import (
	"net/http"
	"strings"
	"testing"
)

func TestHeader(t *testing.T) {
	t.Parallel()
	h := http.Header{}
	for _, name := range []string{"Authorization", "X-Auth-Token", "X-2FA-Code", "Cookie"} {
		h.Set(name, "s3cret")
	}
	h.Set("X-User-Id", "somebody")
	clean := Header(h)
	for name := range clean {
		if clean.Get(name) == "s3cret" {
			t.Errorf("%s is not redacted", name)
		}
	}
	if clean.Get("X-User-Id") != "somebody" || h.Get("Cookie") != "s3cret" {
		t.Error("more was changed than the copy's secrets")
	}
}

func TestBody(t *testing.T) {
	t.Parallel()
	const form = "application/x-www-form-urlencoded"
	tests := map[string]struct{ contentType, body, want string }{
		"form":        {form, "client_secret=s3cret&scope=a", "client_secret=%5Bredacted%5D&scope=a"},
		"bad form":    {form, "client_secret=s3cret%zz", ""},
		"object":      {"application/json", `{"client_secret":"s3cret","a":1}`, `{"a":1,"client_secret":"[redacted]"}`},
		"list":        {"", `[{"token":"s3cret"}]`, `[{"token":"[redacted]"}]`},
		"empty":       {"", `{"license":""}`, `{"license":""}`},
		"no secret":   {"", `{"b": 1, "a": 12345678901234567890}`, `{"b": 1, "a": 12345678901234567890}`},
		"no JSON":     {"", `hello`, `hello`},
		"method call": {"", `{"message":"{\"method\":\"cloud:connectWorkspace\",\"params\":[\"s3cret\"]}"}`, `{"message":"{\"method\":\"cloud:connectWorkspace\",\"params\":\"[redacted]\"}"}`},
		"plain call":  {"", `{"message":"{\"method\":\"cloud:syncWorkspace\"}"}`, `{"message":"{\"method\":\"cloud:syncWorkspace\"}"}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := string(Body(test.contentType, []byte(test.body))); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func FuzzBody(f *testing.F) {
	f.Add("application/json", `{"client_secret":"s3cret"}`)
	f.Add("application/x-www-form-urlencoded", "token=s3cret")
	f.Fuzz(func(t *testing.T, contentType, body string) {
		clean := Body(contentType, []byte(body))
		if again := Body(contentType, clean); string(again) != string(clean) && !strings.Contains(contentType, "form") {
			t.Errorf("redacting twice changes %q to %q", clean, again)
		}
	})
}
