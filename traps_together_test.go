package registration_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/clienttest"
)

// TestC8TwoAtOnce lets a second registration connect while the first one, which is connected, still looks: the later one stays, and the first one says whose
// workspace is left at the Cloud.
func TestC8TwoAtOnce(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.1", "", func(t *testing.T, v string) {
		ws, clock := clienttest.Start(t, v)
		token := ws.Cloud().IssueToken()
		var (
			second           func() // connects
			connected, looks int
			result           registration.Result
			err              error
		)
		first := clienttest.OpenOver(t, ws, clock, clienttest.RoundTrip(func(r *http.Request) (*http.Response, error) {
			reply, failed := http.DefaultTransport.RoundTrip(r)
			if isConnect(r) {
				connected++
			} else if connected > 0 {
				if looks++; looks == 1 {
					second()
				}
			}
			return reply, failed
		}))
		other := clienttest.OpenOver(t, ws, clock, clienttest.RoundTrip(func(r *http.Request) (reply *http.Response, failed error) {
			if !isConnect(r) || second != nil {
				return http.DefaultTransport.RoundTrip(r)
			}
			second = func() { reply, failed = http.DefaultTransport.RoundTrip(r) }
			result, err = first.Register(t.Context(), registration.Request{Token: token})
			return reply, failed
		}))
		last, lastErr := other.Register(t.Context(), registration.Request{Token: ws.Cloud().IssueToken()})
		clienttest.Expect(t, "the second", last, lastErr, nil, true)
		clienttest.Expect(t, "the first", result, err, nil, true)
		known := ws.Cloud().Workspaces()
		if len(known) != 2 || len(ws.Cloud().SpentTokens()) != 2 {
			t.Fatalf("the Cloud knows %v: the trap is gone", known)
		}
		said := strings.Join(result.Notes, "\n")
		if left := known[0].ID; left == result.After.WorkspaceID || !strings.Contains(said, "it was "+left) || !strings.Contains(said, "Cloud console") {
			t.Errorf("%s is left at the Cloud, %s is the workspace; the first one says %q", known[0].ID, result.After.WorkspaceID, said)
		}
		if strings.Contains(strings.Join(last.Notes, "\n"), "another registration") {
			t.Errorf("the second one, whose id it is, says %q", last.Notes)
		}
	})
}

// isConnect reports whether a request hands over a token.
func isConnect(r *http.Request) bool {
	return strings.HasSuffix(r.URL.Path, "connectWorkspace")
}
