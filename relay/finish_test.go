package relay_test

import (
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/offline"
	"github.com/rcreg/registration/registrationtest/faults"
)

const noteOfUnfinished = "cleanup is incomplete"

// TestRelayWhoseStoreIsLostLater: what was kept is kept, and nothing says otherwise.
func TestRelayWhoseStoreIsLostLater(t *testing.T) {
	t.Parallel()
	r := newRelayed(t, "6.13.0")
	client := r.run(t, between(t, "/oauth/token", func(q *http.Request) (*http.Response, error) {
		r.away(t, "grants", false)
		return http.DefaultTransport.RoundTrip(q)
	}))
	result, err := client.Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
	clienttest.Expect(t, "register", result, err, nil, true)
	r.expectNotes(t, "register", result, err, noteOfUnfinished)
	r.away(t, "grants", true)
	result, err = r.run(t).Register(t.Context(), registration.Request{Token: "another-token"})
	clienttest.Expect(t, "register again", result, err, nil, false)
	r.expectPutAway(t)
}

// TestRelayKeptGrantAndAFailingCloud: no store is to blame.
func TestRelayKeptGrantAndAFailingCloud(t *testing.T) {
	t.Parallel()
	r := newRelayed(t, "6.13.0")
	r.keep(t, r.grant(t))
	client := r.run(t)
	r.Cloud().SetFault(faults.Fault{Call: faults.CallToken, Kind: faults.ServerError})
	result, err := client.Register(t.Context(), registration.Request{Token: "another-token"})
	clienttest.Expect(t, "register", result, err, cloud.ErrUnavailable, false)
	if strings.Contains(err.Error(), "store") {
		t.Errorf("the error leads elsewhere: %v", err)
	}
}

// TestRelayOfAWorkspaceThatIsRegisteredMeanwhile spends nothing, and asks the Cloud nothing.
func TestRelayOfAWorkspaceThatIsRegisteredMeanwhile(t *testing.T) {
	t.Parallel()
	r := newRelayed(t, "6.13.0")
	client := r.runBehind(t, func(q *http.Request) *http.Response {
		if strings.HasSuffix(q.URL.Path, "WorkspaceRegisterData") {
			clienttest.Registers(r.Workspace)
		}
		return nil
	})
	r.Cloud().ClearHistory()
	result, err := client.Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
	clienttest.Expect(t, "register", result, err, nil, true)
	if !result.Unspent {
		t.Error("the token is not said to be unspent")
	}
	r.expectNotes(t, "register", result, err)
	r.expectCalls(t, "register")
	r.expectSpent(t, 0)
}

// TestRelayThatCannotDiscard a grant that is of no use fetches no other one.
func TestRelayThatCannotDiscard(t *testing.T) {
	t.Parallel()
	r := newRelayed(t, "6.13.0")
	grant := r.grant(t)
	r.keep(t, grant)
	if err := r.Cloud().Remove(grant.WorkspaceID); err != nil {
		t.Fatal(err)
	}
	pulled := sync.OnceFunc(func() { r.away(t, "grants", false) })
	client := r.run(t, between(t, "/oauth/token", func(q *http.Request) (*http.Response, error) {
		pulled()
		return http.DefaultTransport.RoundTrip(q)
	}))
	result, err := client.Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
	clienttest.Expect(t, "register", result, err, offline.ErrFolderMissing, false)
	r.expectNotes(t, "register", result, err)
	r.expectSpent(t, 1)
}

// TestRelayRefreshesWhileAStoreIsAway, and says once that something may be in it.
func TestRelayRefreshesWhileAStoreIsAway(t *testing.T) {
	t.Parallel()
	r := newRelayed(t, "6.13.0")
	r.registerRelayed(t)
	client := r.run(t)
	r.away(t, "grants", false)
	result, err := client.Sync(t.Context())
	clienttest.Expect(t, "sync", result, err, nil, false)
	r.expectNotes(t, "sync", result, err, noteOfUnfinished, noteOfRefresh)
}

// TestRelayThrowsNothingAwayThatItCannotRead: the file may be mended.
func TestRelayThrowsNothingAwayThatItCannotRead(t *testing.T) {
	t.Parallel()
	r := newRelayed(t, "6.13.0")
	client := r.run(t)
	clienttest.RegisterForReal(t, r.Workspace, r.clock)
	if err := spoilGrant(t, r); err != nil {
		t.Fatal(err)
	}
	result, err := client.Register(t.Context(), registration.Request{Token: "another-token"})
	clienttest.Expect(t, "register", result, err, nil, false)
	r.expectNotes(t, "register", result, err, noteOfUnfinished)
	if _, err := grantFile(r); err != nil {
		t.Error(err)
	}
}

// TestEmailThatTheCloudRefuses over the workspace's own connection: nobody waits for a message then.
func TestEmailThatTheCloudRefuses(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "4.4", "", func(t *testing.T, v string) {
		ws, clock := clienttest.Start(t, v)
		client := clienttest.OpenWithToken(t, ws, clock)
		ws.Cloud().SetFault(faults.Fault{Call: faults.CallIntent, Kind: faults.BadRequest})
		result, err := client.Register(t.Context(), registration.Request{Email: "ops@example.com"})
		clienttest.Expect(t, "register", result, err, registration.ErrRejected, false)
		if errors.Is(err, registration.ErrPending) {
			t.Errorf("got %v", err)
		}
	})
}
