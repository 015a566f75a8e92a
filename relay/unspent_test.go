package relay_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/clienttest"
)

// TestUnspent: whether a token may have been used is told by what the Cloud answers, and by who answers.
func TestUnspent(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		status int
		body   string
		want   bool
	}{
		"not the Cloud":  {403, `{"message":"no"}`, false},
		"a token's code": {401, `{"error":"invalid_token","error_description":"expired"}`, false},
		"another code":   {400, `{"error":"invalid_request"}`, false},
		"used":           {400, `{"error":"token_already_used"}`, false},
		"too often":      {429, ``, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRelayed(t, "8.9.0")
			client := r.run(t, between(t, "/oauth/clients", func(q *http.Request) (*http.Response, error) { return clienttest.Reply(q, tc.status, tc.body), nil }))
			_, err := client.Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
			var failed *registration.Error
			if !errors.As(err, &failed) || failed.Unspent != tc.want {
				t.Errorf("unspent is not %t: %+v", tc.want, failed)
			}
		})
	}
}

// TestRelaySpendsNothingOnTwoWorkspaces: no token is exchanged with the registration data of another workspace than the one whose status is read.
func TestRelaySpendsNothingOnTwoWorkspaces(t *testing.T) {
	t.Parallel()
	r := newRelayed(t, "8.9.0")
	client := r.runBehind(t, func(q *http.Request) *http.Response {
		if !strings.HasSuffix(q.URL.Path, "registrationStatus") {
			return nil
		}
		return clienttest.Reply(q, http.StatusOK, `{"success":true,"registrationStatus":{"workspaceRegistered":false,"connectToCloud":true,"workspaceId":"w","uniqueId":"another"}}`)
	})
	_, err := client.Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
	var failed *registration.Error
	if !errors.As(err, &failed) || !failed.Unspent || !strings.Contains(err.Error(), "two workspaces answer at the address") {
		t.Errorf("got %v", err)
	}
	r.expectSpent(t, 0)
}

// TestRelayOfAStatusWithoutUniqueID: a status that names no workspace names no other one.
func TestRelayOfAStatusWithoutUniqueID(t *testing.T) {
	t.Parallel()
	r := newRelayed(t, "8.9.0")
	client := r.runBehind(t, func(q *http.Request) *http.Response {
		if !strings.HasSuffix(q.URL.Path, "registrationStatus") || len(r.Cloud().SpentTokens()) > 0 {
			return nil
		}
		return clienttest.Reply(q, http.StatusOK, `{"success":true,"registrationStatus":{"workspaceRegistered":false,"connectToCloud":true}}`)
	})
	result, err := client.Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
	clienttest.Expect(t, "register", result, err, nil, true)
}
