package relay_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/faults"
)

// registerRelayed registers through the relay, and forgets what the Cloud was asked for it.
func (r relayed) registerRelayed(t *testing.T) {
	t.Helper()
	result, err := r.run(t).Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
	clienttest.Expect(t, "register", result, err, nil, true)
	r.Cloud().ClearHistory()
}

// TestRelayRefreshesTheLicense brings what the Cloud has now, and says what it cannot do.
func TestRelayRefreshesTheLicense(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.10", "", func(t *testing.T, v string) {
		r := newRelayed(t, v)
		r.registerRelayed(t)
		r.Cloud().SetLicense(clienttest.LicenseText(t, r.Workspace, registrationtest.LicenseSpec{Modules: []string{"engagement-dashboard"}}))
		client := r.run(t)
		r.Cloud().ClearHistory()
		result, err := client.Sync(t.Context())
		clienttest.Expect(t, "sync", result, err, nil, false)
		r.expectNotes(t, "sync", result, err, noteOfRefresh)
		r.expectCalls(t, "sync", "token", "license")
		if result.License == nil || result.License.After.State != registration.LicenseInForce {
			t.Errorf("the license is %+v", result.License)
		}
		for _, gap := range []string{"learned nothing about the workspace", "removal in the Cloud does not show"} {
			if !strings.Contains(result.Notes[0], gap) {
				t.Errorf("the note does not say %q: %s", gap, result.Notes[0])
			}
		}
		r.expectPutAway(t)
	})
}

func TestRelayThatCannotRefreshTheLicense(t *testing.T) {
	t.Parallel()
	fault := func(kind faults.Kind) func(*testing.T, relayed) {
		return func(_ *testing.T, r relayed) {
			r.Cloud().SetFault(faults.Fault{Call: faults.CallLicense, Kind: kind})
		}
	}
	for name, tc := range map[string]struct {
		does func(*testing.T, relayed)
		want error
		says string
	}{
		"removed in the Cloud": {func(t *testing.T, r relayed) {
			if err := r.Cloud().Remove(r.Setting("Cloud_Workspace_Id").(string)); err != nil {
				t.Fatal(err)
			}
		}, registration.ErrRemovedFromCloud, "does not know of it"},
		"no license":        {func(_ *testing.T, r relayed) { r.Cloud().SetLicense("") }, registration.ErrSyncFailed, "no license"},
		"a license that is": {func(_ *testing.T, r relayed) { r.Cloud().SetLicense("no license at all") }, registration.ErrLicenseRefused, ""},
		"500":               {fault(faults.ServerError), cloud.ErrUnavailable, "wait, then"},
		"a portal's page":   {fault(faults.Page), cloud.ErrBadReply, "web page"},
		"refused":           {fault(faults.BadRequest), registration.ErrRejected, "invalid_request"},
		"registered anew":   {func(_ *testing.T, r relayed) { r.Set("Cloud_Workspace_Id", "ws-99") }, registration.ErrUnsupported, "ws-99"},
		"nothing kept": {func(t *testing.T, r relayed) {
			if err := openStore(t, filepath.Join(r.folder, "registered")).Discard(r.uniqueID()); err != nil {
				t.Fatal(err)
			}
		}, registration.ErrUnsupported, "LicensesWith"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRelayed(t, "6.4.0")
			r.registerRelayed(t)
			tc.does(t, r)
			result, err := r.run(t).Sync(t.Context())
			clienttest.Expect(t, "sync", result, err, tc.want, false)
			r.expectNotes(t, "sync", result, err)
			if !strings.Contains(err.Error(), tc.says) {
				t.Errorf("the error does not say %q: %v", tc.says, err)
			}
			for _, exchange := range r.Cloud().History() {
				if exchange.Header.Get("User-Agent") != clienttest.CloudAgent {
					t.Errorf("the workspace itself asked the Cloud: %s", exchange.Path)
				}
			}
		})
	}
}

// TestRelayWithoutAStoreForLicenses registers, and says at a sync what it takes.
func TestRelayWithoutAStoreForLicenses(t *testing.T) {
	t.Parallel()
	r := newRelayed(t, "6.4.0")
	client := clienttest.OpenWithToken(t, r.Workspace, r.clock, registration.WithTransport(
		newRelay(t, clienttest.CloudOf(t, r.Workspace, r.clock), openStore(t, filepath.Join(r.folder, "grants")))))
	result, err := client.Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
	clienttest.Expect(t, "register", result, err, nil, true)
	if _, kept := r.kept(t, "grants"); kept {
		t.Error("the secret of a registered workspace is kept, which nobody asked for")
	}
	result, err = client.Sync(t.Context())
	clienttest.Expect(t, "sync", result, err, registration.ErrUnsupported, false)
	if !strings.Contains(err.Error(), "LicensesWith") {
		t.Errorf("the error leads nowhere: %v", err)
	}
}

// TestRelayAccessTokenIsAskedForAgain once it has expired.
func TestRelayAccessTokenIsAskedForAgain(t *testing.T) {
	t.Parallel()
	r := newRelayed(t, "6.4.0")
	client := r.run(t)
	result, err := client.Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
	clienttest.Expect(t, "register", result, err, nil, true)
	r.expectCalls(t, "register", "clients", "token")
	for _, want := range [][]string{{"license"}, {"token", "license"}} {
		result, err = client.Sync(t.Context())
		clienttest.Expect(t, "sync", result, err, nil, false)
		r.expectCalls(t, "sync", want...)
		r.clock.Advance(48 * time.Hour)
	}
}
