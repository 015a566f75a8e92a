package workspace

import (
	"errors"
	"testing"

	"github.com/rcreg/registration/internal/httpclient"
)

// FuzzErrors makes the error of a call that broke off out of what net/http or the WebSocket may quote of a server, which knows the token.
func FuzzErrors(f *testing.F) {
	for _, seed := range []string{
		"", "EOF", "malformed HTTP response \"" + fuzzToken + "\"", "auth-\x00token-0123456789", "\x1b[2J\u202e", "received close frame: status = 1002 and reason = \"" + fuzzToken + "\"",
	} {
		f.Add(seed, true)
	}
	f.Fuzz(func(t *testing.T, said string, write bool) {
		client := newOffline(t)
		op := operation{name: "POST x", effect: httpclient.Effect(write), sent: map[string]string{"password": "hunter2-hunter2"}}
		for _, err := range []error{
			&httpclient.LostError{Err: errors.New(said)}, &httpclient.NotSentError{Err: errors.New(said)}, &httpclient.RedirectError{Status: 302, To: said},
			&httpclient.TooLargeError{Limit: 1, Status: 200}, errors.Join(&httpclient.LostError{Err: errors.New(said)}, errors.New("gave up")), &frameError{said},
		} {
			failed := client.unanswered(op, err)
			checkFailure(t, failed)
			if failed.MayHaveRun && !write {
				t.Fatal("a read may have run")
			}
			failed.mask("654321")
			checkFailure(t, failed)
		}
	})
}
