package relay_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/grants"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/relay"
	"github.com/rcreg/registration/workspace"
)

// relayTo makes a relay to the Cloud of a fake workspace, with its stores in a folder.
func relayTo(t *testing.T, ws *registrationtest.Workspace, clock *registrationtest.Clock, folder string, options ...cloud.Option) registration.Transport {
	t.Helper()
	return newRelay(t, clienttest.CloudOf(t, ws, clock, options...), openStore(t, filepath.Join(folder, "grants")), relay.LicensesWith(openStore(t, filepath.Join(folder, "registered"))))
}

func newRelay(t *testing.T, client *cloud.Client, store *grants.Store, options ...relay.Option) registration.Transport {
	t.Helper()
	transport, err := relay.New(client, store, options...)
	if err != nil {
		t.Fatal(err)
	}
	return transport
}

func openStore(t *testing.T, path string, options ...grants.Option) *grants.Store {
	t.Helper()
	store, err := grants.Open(path, options...)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

// relayed is a fake workspace, and the folder of a relay's stores.
type relayed struct {
	*registrationtest.Workspace
	clock  *registrationtest.Clock
	folder string
}

func newRelayed(t *testing.T, version string, options ...registrationtest.Option) relayed {
	t.Helper()
	ws, clock := clienttest.Start(t, version, options...)
	return relayed{ws, clock, t.TempDir()}
}

// run is what a run of its own has: nothing but what is on disk came from earlier ones.
func (r relayed) run(t *testing.T, options ...cloud.Option) *registration.Client {
	t.Helper()
	return clienttest.OpenWithToken(t, r.Workspace, r.clock, registration.WithTransport(relayTo(t, r.Workspace, r.clock, r.folder, options...)))
}

// runBehind is run with something on the way to the workspace: it sees every request, and may answer it.
func (r relayed) runBehind(t *testing.T, does func(*http.Request) *http.Response, options ...cloud.Option) *registration.Client {
	t.Helper()
	t.Cleanup(http.DefaultTransport.(*http.Transport).CloseIdleConnections)
	ws, err := workspace.New(r.URL(), workspace.Token(r.Admin().UserID, r.Admin().AuthToken), workspace.WithClock(r.clock),
		workspace.WithRoundTripper(clienttest.RoundTrip(func(q *http.Request) (*http.Response, error) {
			if answer := does(q); answer != nil {
				return answer, nil
			}
			return http.DefaultTransport.RoundTrip(q)
		})))
	if err != nil {
		t.Fatal(err)
	}
	return clienttest.ClientOf(t, ws, registration.WithTransport(relayTo(t, r.Workspace, r.clock, r.folder, options...)))
}

// kept reads what a store ("grants" or "registered") keeps for the workspace; false when it keeps nothing.
func (r relayed) kept(t *testing.T, store string) (cloud.Grant, bool) {
	t.Helper()
	grant, err := openStore(t, filepath.Join(r.folder, store)).Load(r.uniqueID())
	if err != nil && !errors.Is(err, grants.ErrNothingKept) {
		t.Fatal(err)
	}
	return grant, err == nil
}

func (r relayed) uniqueID() string { return r.Setting("uniqueID").(string) }

// keep puts a grant into the store, as a run that was cut off would have left it there.
func (r relayed) keep(t *testing.T, grant cloud.Grant) {
	t.Helper()
	if err := openStore(t, filepath.Join(r.folder, "grants")).Keep(r.uniqueID(), grant); err != nil {
		t.Fatal(err)
	}
}

// grant exchanges a fresh token for a grant, as a run that was cut off would have done.
func (r relayed) grant(t *testing.T) cloud.Grant {
	t.Helper()
	text, err := clienttest.OpenWithToken(t, r.Workspace, r.clock).Session().RegistrationData(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	data, err := cloud.ParseRegistrationText(text)
	if err != nil {
		t.Fatal(err)
	}
	grant, err := clienttest.CloudOf(t, r.Workspace, r.clock).ExchangeToken(t.Context(), r.Cloud().IssueToken(), data)
	if err != nil {
		t.Fatal(err)
	}
	return grant
}

// expectCalls compares what the Cloud was asked, by the last word of each path, and empties its history. Nothing may have come from the workspace.
func (r relayed) expectCalls(t *testing.T, name string, want ...string) {
	t.Helper()
	history := r.Cloud().History()
	got := make([]string, 0, len(history))
	for _, exchange := range history {
		got = append(got, exchange.Path[strings.LastIndex(exchange.Path, "/")+1:])
		if exchange.Header.Get("User-Agent") != clienttest.CloudAgent {
			t.Errorf("%s: the workspace itself asked the Cloud: %s %s", name, exchange.Method, exchange.Path)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("%s: the Cloud was asked %v, want %v", name, got, want)
	}
	r.Cloud().ClearHistory()
}

// isAskedToRegister reports whether the workspace was handed a grant.
func (r relayed) isAskedToRegister() bool {
	return slices.ContainsFunc(r.History(), func(e registrationtest.Exchange) bool { return strings.HasSuffix(e.Path, "manualRegister") })
}

// expectSpent checks how many tokens were spent.
func (r relayed) expectSpent(t *testing.T, want int) {
	t.Helper()
	if got := len(r.Cloud().SpentTokens()); got != want {
		t.Errorf("%d tokens were spent, want %d", got, want)
	}
}

// expectPutAway checks that the grant of a registered workspace is where it belongs, and nowhere else.
func (r relayed) expectPutAway(t *testing.T) {
	t.Helper()
	if _, kept := r.kept(t, "grants"); kept {
		t.Error("the grant of a registered workspace is still kept as one on its way")
	}
	if grant, kept := r.kept(t, "registered"); !kept || grant.WorkspaceID != r.Setting("Cloud_Workspace_Id") {
		t.Errorf("the store of registered workspaces keeps %v, %t", grant, kept)
	}
}

// expectNotes looks for a part of a note, and for secrets in all that an operation returned.
func (r relayed) expectNotes(t *testing.T, name string, result registration.Result, err error, parts ...string) {
	t.Helper()
	if notes := strings.Join(result.Notes, "\n"); len(result.Notes) != len(parts) {
		t.Errorf("%s: %d notes, want %d: %s", name, len(result.Notes), len(parts), notes)
	}
	for i, part := range parts {
		if i < len(result.Notes) && !strings.Contains(result.Notes[i], part) {
			t.Errorf("%s: %q is not about %q", name, result.Notes[i], part)
		}
	}
	text, jsonErr := json.Marshal(result)
	if jsonErr != nil {
		t.Fatal(jsonErr)
	}
	shown := fmt.Sprintf("%s %+v %v", text, result, err)
	for _, secret := range append(r.Cloud().SpentTokens(), fmt.Sprint(r.Setting("Cloud_Workspace_Client_Secret"))) {
		if secret != "" && strings.Contains(shown, secret) {
			t.Errorf("%s: a secret shows in %s", name, shown)
		}
	}
}

const noteOfRefresh = "only the license was refreshed"

func TestRelay(t *testing.T) {
	t.Parallel()
	for _, v := range clienttest.Versions() {
		t.Run(v, func(t *testing.T) {
			t.Parallel()
			r := newRelayed(t, v)
			client := r.run(t)
			r.Cloud().ClearHistory() // servers from 6.5 ask it for their support when they are asked for their version
			token := r.Cloud().IssueToken()
			result, err := client.Register(t.Context(), registration.Request{Token: token})
			clienttest.Expect(t, "register", result, err, nil, true)
			r.expectNotes(t, "register", result, err)
			r.expectCalls(t, "register", "clients", "token")
			r.expectPutAway(t)

			result, err = client.Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
			clienttest.Expect(t, "register again", result, err, nil, false)
			r.expectNotes(t, "register again", result, err)
			r.expectCalls(t, "register again")
			r.expectSpent(t, 1)

			result, err = client.Sync(t.Context())
			if clienttest.Before(t, v, "3.10") {
				clienttest.Expect(t, "sync", result, err, registration.ErrUnsupported, false)
				r.expectCalls(t, "sync")
				return
			}
			clienttest.Expect(t, "sync", result, err, nil, false)
			r.expectCalls(t, "sync", "license")
			if result.License == nil || result.License.After.State != registration.LicenseInForce {
				t.Errorf("the license is %+v", result.License)
			}
			r.expectNotes(t, "sync", result, err, noteOfRefresh)
			r.expectPutAway(t)
		})
	}
}

func TestRelayDisconnectsAndReconnects(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.0", "6.5", func(t *testing.T, v string) {
		r := newRelayed(t, v)
		client := r.run(t)
		result, err := client.Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
		clienttest.Expect(t, "register", result, err, nil, true)
		result, err = client.Disconnect(t.Context())
		clienttest.Expect(t, "disconnect", result, err, nil, true)
		result, err = client.Sync(t.Context())
		clienttest.Expect(t, "sync a disconnected one", result, err, registration.ErrNotRegistered, false)
		result, err = client.Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
		clienttest.Expect(t, "register a disconnected one", result, err, registration.ErrAlreadyRegistered, false)
		result, err = client.Reconnect(t.Context())
		clienttest.Expect(t, "reconnect", result, err, nil, true)
		r.expectSpent(t, 1)
	})
}

func TestRelayByEmail(t *testing.T) {
	t.Parallel()
	for _, v := range clienttest.Versions() {
		t.Run(v, func(t *testing.T) {
			t.Parallel()
			r := newRelayed(t, v)
			client := r.run(t)
			r.Cloud().ClearHistory()
			ticket := clienttest.PendingTicket(t, client)
			if ticket.Transport != "relay" || ticket.UniqueID != r.uniqueID() || ticket.Email != "ops@example.com" || ticket.Expires.IsZero() {
				t.Errorf("the ticket is %+v", ticket)
			}
			r.expectCalls(t, "register", "intent")
			result, err := client.Resume(t.Context(), ticket)
			clienttest.Expect(t, "resume too early", result, err, registration.ErrPending, false)
			r.expectCalls(t, "resume too early", "poll")
			if err := r.Cloud().ConfirmDevice(ticket.DeviceCode); err != nil {
				t.Fatal(err)
			}
			result, err = r.run(t).Wait(t.Context(), ticket) // another process
			clienttest.Expect(t, "wait", result, err, nil, true)
			r.expectNotes(t, "wait", result, err)
			r.expectPutAway(t)
			result, err = client.Resume(t.Context(), ticket)
			clienttest.Expect(t, "resume again", result, err, nil, false)
			if n := len(r.Cloud().Workspaces()); n != 1 {
				t.Errorf("the Cloud knows %d workspaces", n)
			}
		})
	}
}
