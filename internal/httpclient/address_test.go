package httpclient_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/rcreg/registration/internal/httpclient"
)

func TestParseAddressAccepts(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		text  string
		plain bool
		want  string
	}{
		"host":                     {"https://chat.example.com", false, "https://chat.example.com"},
		"slash at the end":         {"https://chat.example.com/", false, "https://chat.example.com"},
		"upper case and space":     {"  HTTPS://Chat.Example.COM \n", false, "https://chat.example.com"},
		"sub-path":                 {"https://example.com/chat", false, "https://example.com/chat"},
		"sub-path and slashes":     {"https://example.com/a/Chat//", false, "https://example.com/a/Chat"},
		"escaped sub-path":         {"https://example.com/a%2Fb", false, "https://example.com/a%2Fb"},
		"port":                     {"https://example.com:8443/chat/", false, "https://example.com:8443/chat"},
		"plain to localhost":       {"http://localhost:3000", false, "http://localhost:3000"},
		"plain to a localhost":     {"http://chat.localhost", false, "http://chat.localhost"},
		"plain to 127.0.0.2":       {"http://127.0.0.2:3000", false, "http://127.0.0.2:3000"},
		"plain to IPv6 loopback":   {"http://[::1]:3000", false, "http://[::1]:3000"},
		"plain to a mapped one":    {"http://[::ffff:127.0.0.1]", false, "http://[::ffff:127.0.0.1]"},
		"plain elsewhere, allowed": {"http://10.0.0.1", true, "http://10.0.0.1"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address, err := httpclient.ParseAddress(test.text, test.plain)
			if err != nil {
				t.Fatal(err)
			}
			if address.String() != test.want {
				t.Errorf("got %s", address)
			}
		})
	}
}

func TestParseAddressRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ text, says string }{
		"nothing":            {" ", "empty"},
		"no scheme":          {"chat.example.com", "https://"},
		"no scheme, a port":  {"chat.example.com:3000", "https://"},
		"ftp":                {"ftp://example.com", "neither https nor http"},
		"user":               {"https://user:hunter2@example.com", "credentials"},
		"no host":            {"https://", "host is missing"},
		"only a port":        {"https://:3000", "host is missing"},
		"port of letters":    {"https://example.com:abc", "port"},
		"port too large":     {"https://example.com:65536", "port"},
		"port zero":          {"https://example.com:0", "port"},
		"port empty":         {"https://example.com:", "port"},
		"query":              {"https://example.com/?token=hunter2", "query"},
		"empty query":        {"https://example.com/?", "query"},
		"fragment":           {"https://example.com/#home", "fragment"},
		"dots":               {"https://example.com/a/../b", ".."},
		"plain elsewhere":    {"http://chat.example.com", "plain http"},
		"plain, look-alike":  {"http://localhost.example.com", "plain http"},
		"plain, 127 by name": {"http://127.example.com", "plain http"},
		"space inside":       {"https://exa mple.com", "not a URL"},
		"bad escape":         {"https://example.com/%zz?t=hunter2", "not a URL"},
		"control character":  {"https://example.com/\x00", "not a URL"},
		"bad IPv6":           {"https://[::1", "not a URL"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := httpclient.ParseAddress(test.text, false)
			var refused *httpclient.AddressError
			if !errors.As(err, &refused) {
				t.Fatalf("got %v", err)
			}
			if !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("got %q, want it to say %q and no secret", err, test.says)
			}
		})
	}
}

func TestAddressURL(t *testing.T) {
	t.Parallel()
	address, err := httpclient.ParseAddress("https://example.com/chat/", false)
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		elements []string
		want     string
	}{
		"none":           {nil, "https://example.com/chat"},
		"plain":          {[]string{"api", "info"}, "https://example.com/chat/api/info"},
		"colon":          {[]string{"cloud:sync"}, "https://example.com/chat/cloud%3Async"},
		"slash and mark": {[]string{"a/b?c#d e"}, "https://example.com/chat/a%2Fb%3Fc%23d%20e"},
		"dots":           {[]string{"..", "x"}, "https://example.com/chat/%2E%2E/x"},
	}
	for name, test := range tests {
		if got := address.URL(test.elements...); got != test.want {
			t.Errorf("%s: got %s", name, got)
		}
	}
	if got := address.WebSocket("websocket"); got != "wss://example.com/chat/websocket" {
		t.Errorf("WebSocket is %s", got)
	}
	local, err := httpclient.ParseAddress("http://127.0.0.1:3000", false)
	if err != nil {
		t.Fatal(err)
	}
	if got := local.WebSocket("websocket"); got != "ws://127.0.0.1:3000/websocket" {
		t.Errorf("WebSocket is %s", got)
	}
}

// What was accepted once must be accepted again and mean the same: an address is saved and read back.
func FuzzParseAddress(f *testing.F) {
	for _, seed := range []string{"https://chat.example.com", "https://example.com:8443/chat/", "http://[::1]:3000", "https://u:p@h", "http://127.0.0.1:0", "https://a/%2F/..", "://"} {
		f.Add(seed, true)
		f.Add(seed, false)
	}
	f.Fuzz(func(t *testing.T, text string, plain bool) {
		address, err := httpclient.ParseAddress(text, plain)
		if err != nil {
			return
		}
		if strings.HasSuffix(address.String(), "/") {
			t.Fatalf("%q became %q", text, address)
		}
		again, err := httpclient.ParseAddress(address.String(), plain)
		if err != nil || again != address {
			t.Fatalf("%q became %q, and that %q (%v)", text, address, again, err)
		}
	})
}

func TestSameOrigin(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		one, other string
		want       bool
	}{
		"paths do not count":       {"https://example.com/a", "https://example.com/b/c", true},
		"upper case":               {"https://Example.com", "https://EXAMPLE.com/b", true},
		"the port of https":        {"https://example.com", "https://example.com:443/b", true},
		"the port of http":         {"http://localhost:80", "http://localhost/b", true},
		"IPv6 and a port":          {"http://[::1]:80", "http://[::1]/b", true},
		"another port":             {"https://example.com", "https://example.com:8443", false},
		"another port, longer":     {"https://example.com", "https://example.com:4430", false},
		"a longer port":            {"https://example.com:84", "https://example.com:8443", false},
		"another scheme":           {"https://example.com", "http://example.com", false},
		"another scheme, one port": {"https://example.com:80", "http://example.com", false},
		"a sub-domain":             {"https://example.com", "https://evil.example.com", false},
		"a longer name":            {"https://example.com", "https://example.com.evil.test", false},
		"the IPv6 address differs": {"http://[::1]:3000", "http://[::1]:3001", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			one, err := httpclient.ParseAddress(test.one, true)
			if err != nil {
				t.Fatal(err)
			}
			other, err := httpclient.ParseAddress(test.other, true)
			if err != nil {
				t.Fatal(err)
			}
			if one.SameOrigin(other) != test.want || other.SameOrigin(one) != test.want {
				t.Errorf("want %t", test.want)
			}
		})
	}
	if (httpclient.Address{}).SameOrigin(httpclient.Address{}) {
		t.Error("no address has an origin in common with none")
	}
}
