package cloud

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode"

	"github.com/rcreg/registration/internal/httpclient"
	"github.com/rcreg/registration/internal/secret"
)

// FuzzErrors makes the errors of a call out of what a server says, which knows what it was sent.
func FuzzErrors(f *testing.F) {
	const bearer, code, clientSecret = "access-secret-1", "device-secret-1", "client-secret-1"
	for _, seed := range []string{
		"", "invalid_token", bearer, "malformed HTTP response \"" + clientSecret + "\"", "device-\x00secret-1", "\x1b[2J\u202e", strings.Repeat("a", 5000),
	} {
		f.Add(400, seed, true)
		f.Add(503, seed, false)
	}
	client, err := New()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, status int, said string, write bool) {
		call := &call{
			name: "x", verb: http.MethodPost, effect: httpclient.Effect(write), bearer: secret.New(bearer),
			query: url.Values{"token": {code}}, form: url.Values{"client_secret": {clientSecret}},
		}
		for _, err := range []error{
			client.failed(call, &httpclient.Reply{Status: status, Header: http.Header{}, Body: []byte(`{"error":"` + said + `"}`)}),
			call.noReply(&httpclient.LostError{Err: errors.New(said)}),
			call.noReply(errors.Join(&httpclient.LostError{Err: errors.New(said)}, errors.New("gave up"))),
			call.noReply(&httpclient.RedirectError{Status: status, To: said}),
		} {
			var failure *Error
			if !errors.As(err, &failure) || failure.Kind == nil {
				t.Fatalf("%v has no kind", err)
			}
			if !write && errors.Is(err, ErrOutcomeUnknown) {
				t.Fatalf("a read whose outcome is unknown: %v", err)
			}
			text := err.Error()
			for _, sent := range []string{bearer, code, clientSecret} {
				if strings.Contains(text, sent) {
					t.Fatalf("%s shows up in %q", sent, text)
				}
			}
			if strings.ContainsFunc(text, unicode.IsControl) || len(text) > 2000 {
				t.Fatalf("the error is %q", text)
			}
		}
	})
}
