package httpclient_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/rcreg/registration/internal/httpclient"
)

func redirectTo(status int, place string) httpmock.Responder {
	return func(*http.Request) (*http.Response, error) {
		response := httpmock.NewStringResponse(status, "")
		response.Header.Set("Location", place)
		return response, nil
	}
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	const plain, secure = "http://chat.example.com/a", "https://chat.example.com/a"
	tests := map[string]struct {
		verb, from, to string
		status         int
		follows        bool
		says           string
	}{
		"read, same host":           {http.MethodGet, secure, "/b?token=x", 302, true, ""},
		"read, up to https":         {http.MethodGet, plain, "https://chat.example.com/b", 301, true, ""},
		"read, on plain http":       {http.MethodGet, plain, "http://chat.example.com/b", 307, true, ""},
		"read, down to http":        {http.MethodGet, secure, "http://chat.example.com/b", 301, false, "http://chat.example.com"},
		"read, other host":          {http.MethodGet, secure, "https://evil.example.com/b?t=dev-secret", 302, false, "https://evil.example.com"},
		"read, other port":          {http.MethodGet, secure, "https://chat.example.com:8443/b", 308, false, "https://chat.example.com:8443"},
		"read, parent domain":       {http.MethodGet, "https://example.com/a", "https://chat.example.com/b", 302, false, "chat.example.com"},
		"write, same host":          {http.MethodPost, secure, "/b", 308, false, "https://chat.example.com"},
		"write, turned into a read": {http.MethodPost, secure, "/b", 302, false, "https://chat.example.com"},
		"write, other host":         {http.MethodPost, secure, "https://evil.example.com", 307, false, "https://evil.example.com"},
		"read, up, another port":    {http.MethodGet, plain, "https://chat.example.com:8443/b", 301, false, "https://chat.example.com:8443"},
		"read, up from a port":      {http.MethodGet, "http://chat.example.com:3000/a", "https://chat.example.com/b", 301, false, "https://chat.example.com"},
		"read, with a user name":    {http.MethodGet, secure, "https://user:dev-secret@chat.example.com/b", 302, false, "https://chat.example.com"},
		"read, host as a user name": {http.MethodGet, secure, "https://chat.example.com@evil.example.com/b", 302, false, "https://evil.example.com"},
		"read, no scheme":           {http.MethodGet, secure, "//evil.example.com/b", 302, false, "https://evil.example.com"},
		"read, a dot at the end":    {http.MethodGet, secure, "https://chat.example.com./b", 302, false, "https://chat.example.com."},
		"read, too long a host":     {http.MethodGet, secure, "https://" + strings.Repeat("dev-secret", 30) + ".example.com/", 302, false, "unreadable"},
		"read, another scheme":      {http.MethodGet, secure, "file:///etc/passwd", 302, false, "unreadable"},
		"no place":                  {http.MethodPost, secure, "", 302, false, "unreadable"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mock := httpmock.NewMockTransport()
			mock.RegisterResponder(test.verb, test.from, redirectTo(test.status, test.to))
			mock.RegisterNoResponder(func(r *http.Request) (*http.Response, error) {
				return httpmock.NewStringResponse(http.StatusOK, r.Header.Get("X-Auth-Token")), nil
			})
			request := &httpclient.Request{Verb: test.verb, URL: test.from, Query: nil, Body: []byte("{}"), Header: http.Header{"X-Auth-Token": {"t"}}}
			reply, err := httpclient.New(httpclient.Config{RoundTripper: mock}).Once(t.Context(), request)
			if test.follows {
				if err != nil || string(reply.Body) != "t" {
					t.Fatalf("not followed: %v", err)
				}
				return
			}
			var redirect *httpclient.RedirectError
			if !errors.As(err, &redirect) || redirect.Status != test.status {
				t.Fatalf("got %v", err)
			}
			if mock.GetTotalCallCount() != 1 {
				t.Errorf("sent %d requests: something was carried elsewhere", mock.GetTotalCallCount())
			}
			if !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), "dev-secret") {
				t.Errorf("got %q", err)
			}
		})
	}
}

func TestRedirectsEnd(t *testing.T) {
	t.Parallel()
	mock := httpmock.NewMockTransport()
	mock.RegisterResponder(http.MethodGet, address, redirectTo(http.StatusFound, address))
	request := &httpclient.Request{Verb: http.MethodGet, URL: address}
	_, err := httpclient.New(httpclient.Config{RoundTripper: mock}).Once(t.Context(), request)
	var redirect *httpclient.RedirectError
	if !errors.As(err, &redirect) || mock.GetTotalCallCount() > 10 {
		t.Fatalf("got %v after %d requests", err, mock.GetTotalCallCount())
	}
}
