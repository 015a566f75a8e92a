package relay_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/registrationtest"
)

const (
	noteOfKept      = "went on with the grant that an earlier run has kept"
	noteOfDiscarded = "was discarded"
)

// lacking lets the Cloud give grants that lack a key.
func lacking(t *testing.T, key string) cloud.Option {
	t.Helper()
	return edited(t, "/oauth/clients", func(grant map[string]any) { delete(grant, key) })
}

// TestRelayGoesOnWithAKeptGrant: however it is asked then, no token is spent and no message sent.
func TestRelayGoesOnWithAKeptGrant(t *testing.T) {
	t.Parallel()
	for name, ask := range map[string]func(*testing.T, relayed, *registration.Client, registration.Ticket) (registration.Result, error){
		"with a token": func(t *testing.T, r relayed, c *registration.Client, _ registration.Ticket) (registration.Result, error) {
			return c.Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
		},
		"by e-mail": func(t *testing.T, _ relayed, c *registration.Client, _ registration.Ticket) (registration.Result, error) {
			return c.Register(t.Context(), registration.Request{Email: "ops@example.com"})
		},
		"with a ticket": func(t *testing.T, _ relayed, c *registration.Client, ticket registration.Ticket) (registration.Result, error) {
			return c.Resume(t.Context(), ticket)
		},
		"after the ticket has expired": func(t *testing.T, r relayed, c *registration.Client, ticket registration.Ticket) (registration.Result, error) {
			r.clock.Advance(time.Hour)
			result, err := c.Resume(t.Context(), ticket)
			clienttest.Expect(t, "resume", result, err, registration.ErrExpired, false)
			return c.Register(t.Context(), registration.Request{Email: ticket.Email}) // what the error advises
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clienttest.EachVersion(t, "3.0", "", func(t *testing.T, v string) {
				r := newRelayed(t, v)
				ticket := clienttest.PendingTicket(t, r.run(t))
				r.keep(t, r.grant(t))
				client := r.run(t)
				r.Cloud().ClearHistory()
				result, err := ask(t, r, client, ticket)
				clienttest.Expect(t, name, result, err, nil, true)
				r.expectNotes(t, name, result, err, noteOfKept)
				r.expectCalls(t, name, "token")
				r.expectSpent(t, 1)
				r.expectPutAway(t)
			})
		})
	}
}

// TestRelayDiscardsAGrantThatIsOfNoUse: a grant that can register nothing must not stand in the way of a new token or message.
func TestRelayDiscardsAGrantThatIsOfNoUse(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*testing.T, relayed, cloud.Grant) cloud.Grant{
		"dropped by the Cloud": func(t *testing.T, r relayed, grant cloud.Grant) cloud.Grant {
			if err := r.Cloud().Remove(grant.WorkspaceID); err != nil {
				t.Fatal(err)
			}
			return grant
		},
		"without a client": func(t *testing.T, _ relayed, grant cloud.Grant) cloud.Grant {
			return clienttest.Without(t, grant, "client_id")
		},
		"without a secret": func(t *testing.T, _ relayed, grant cloud.Grant) cloud.Grant {
			return clienttest.Without(t, grant, "client_secret", "licenseData")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for how, request := range map[string]registration.Request{"with a token": {}, "by e-mail": {Email: "ops@example.com"}} {
				t.Run(how, func(t *testing.T) {
					t.Parallel()
					r := newRelayed(t, "6.13.0")
					r.keep(t, spoil(t, r, r.grant(t)))
					if request.Email == "" {
						request := registration.Request{Token: r.Cloud().IssueToken()}
						result, err := r.run(t).Register(t.Context(), request)
						clienttest.Expect(t, "register", result, err, nil, true)
						r.expectNotes(t, "register", result, err, noteOfDiscarded)
						r.expectPutAway(t)
						return
					}
					result, err := r.run(t).Register(t.Context(), request)
					clienttest.Expect(t, "register", result, err, registration.ErrPending, false)
					r.expectNotes(t, "register", result, err, noteOfDiscarded)
					if _, kept := r.kept(t, "grants"); kept {
						t.Error("it is still kept")
					}
				})
			}
		})
	}
}

// TestRelayAsksOnlyTheCloudThatGaveAGrant: another Cloud does not know the grant, and that is no reason to discard it.
func TestRelayAsksOnlyTheCloudThatGaveAGrant(t *testing.T) {
	t.Parallel()
	r := newRelayed(t, "6.13.0")
	grant := r.grant(t)
	r.keep(t, grant)
	other := registrationtest.NewCloud(t, registrationtest.WithClock(r.clock))
	result, err := r.run(t, cloud.WithURL(other.URL())).Register(t.Context(), registration.Request{Token: other.IssueToken()})
	clienttest.Expect(t, "register", result, err, cloud.ErrForeignAddress, false)
	if kept, ok := r.kept(t, "grants"); !ok || !kept.Equal(grant) || len(other.SpentTokens()) != 0 {
		t.Errorf("kept is %v, %d tokens were spent", kept, len(other.SpentTokens()))
	}
	result, err = r.run(t).Register(t.Context(), registration.Request{Token: "any-token"})
	clienttest.Expect(t, "register at the Cloud that gave it", result, err, nil, true)
}

// TestRelayFetchesTheLicense: what the grant lacks is fetched, in the format that the version reads.
func TestRelayFetchesTheLicense(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.0", "", func(t *testing.T, v string) {
		r := newRelayed(t, v)
		client := r.run(t, lacking(t, "licenseData"))
		r.Cloud().ClearHistory()
		result, err := client.Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
		clienttest.Expect(t, "register", result, err, nil, true)
		r.expectNotes(t, "register", result, err)
		r.expectCalls(t, "register", "clients", "token", "license")
		r.expectPutAway(t)
	})
}

// TestRelayWaitsForALicense: as long as the Cloud has none, nothing is sent to the workspace, and the grant is kept.
func TestRelayWaitsForALicense(t *testing.T) {
	t.Parallel()
	for name, license := range map[string]string{"none": "", "gibberish": "no license at all"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRelayed(t, "8.6.1")
			good := clienttest.LicenseText(t, r.Workspace, registrationtest.LicenseSpec{})
			r.Cloud().SetLicense(license)
			token := r.Cloud().IssueToken()
			for range 2 {
				result, err := r.run(t).Register(t.Context(), registration.Request{Token: token})
				clienttest.Expect(t, "register", result, err, registration.ErrInvalidGrant, false)
				if !strings.Contains(err.Error(), "licenseData.license") {
					t.Errorf("the error does not say what is missing: %v", err)
				}
			}
			r.Cloud().SetLicense(good)
			result, err := r.run(t).Register(t.Context(), registration.Request{Token: token})
			clienttest.Expect(t, "register once there is one", result, err, nil, true)
			r.expectSpent(t, 1)
			r.expectPutAway(t)
		})
	}
}

// TestRelayNeverSendsHalfAGrant: what cannot be completed stays where it is, until somebody has removed the workspace in the Cloud console.
func TestRelayNeverSendsHalfAGrant(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"workspaceId", "client_name", "client_id", "client_secret", "client_secret_expires_at", "publicKey", "registration_client_uri"} {
		t.Run(key, func(t *testing.T) {
			t.Parallel()
			r := newRelayed(t, "5.4.0")
			result, err := r.run(t, lacking(t, key)).Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
			clienttest.Expect(t, "register", result, err, registration.ErrInvalidGrant, false)
			if !strings.Contains(err.Error(), key) || strings.Contains(err.Error(), "publicKey") != (key == "publicKey") || !strings.Contains(err.Error(), "what the workspace lacks there") {
				t.Errorf("the error does not say what is missing, and where to look: %v", err)
			}
			r.expectNotes(t, "register", result, err)
			if _, kept := r.kept(t, "grants"); !kept || r.isAskedToRegister() {
				t.Error("it is not kept, or it was sent to the workspace")
			}
			if err := r.Cloud().Remove(r.Cloud().Workspaces()[0].ID); err != nil {
				t.Fatal(err)
			}
			result, err = r.run(t).Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
			clienttest.Expect(t, "register after the removal", result, err, nil, true)
			r.expectNotes(t, "register after the removal", result, err, noteOfDiscarded)
		})
	}
}

// TestRelayKeepsAGrantThatHasStrayed: the workspace was registered otherwise meanwhile. Nobody forgets what then stands in the Cloud for nothing.
func TestRelayKeepsAGrantThatHasStrayed(t *testing.T) {
	t.Parallel()
	r := newRelayed(t, "6.4.0")
	grant := r.grant(t)
	r.keep(t, grant)
	clienttest.RegisterForReal(t, r.Workspace, r.clock)
	for range 2 {
		result, err := r.run(t).Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
		clienttest.Expect(t, "register", result, err, nil, false)
		r.expectNotes(t, "register", result, err, "Remove "+grant.WorkspaceID+" in the Cloud console")
	}
	result, err := r.run(t).Sync(t.Context())
	clienttest.Expect(t, "sync", result, err, registration.ErrUnsupported, false)
	r.expectNotes(t, "sync", result, err, "Remove "+grant.WorkspaceID)
	if err := r.Cloud().Remove(grant.WorkspaceID); err != nil {
		t.Fatal(err)
	}
	result, err = r.run(t).Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
	clienttest.Expect(t, "register after the removal", result, err, nil, false)
	r.expectNotes(t, "register after the removal", result, err, noteOfDiscarded)
	if _, kept := r.kept(t, "grants"); kept {
		t.Error("the store still keeps it")
	}
	r.expectSpent(t, 2)
}

// TestRelayLeavesAWorkspaceThatIsRegisteredMeanwhile: between the exchange and the hand-over somebody else was faster.
func TestRelayLeavesAWorkspaceThatIsRegisteredMeanwhile(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.0", "", func(t *testing.T, v string) {
		r := newRelayed(t, v)
		client := r.run(t, between(t, "/oauth/token", func(q *http.Request) (*http.Response, error) {
			if r.Setting("Cloud_Workspace_Client_Id") == "" {
				clienttest.Registers(r.Workspace)
			}
			return http.DefaultTransport.RoundTrip(q)
		}))
		result, err := client.Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
		clienttest.Expect(t, "register", result, err, nil, true)
		if result.After.WorkspaceID != "ws-1" || r.Setting("Cloud_Workspace_Client_Secret") != "secret-1" {
			t.Errorf("the registration was replaced: %+v", result.After)
		}
		if notes := strings.Join(result.Notes, "\n"); !strings.Contains(notes, "Remove ") || !strings.Contains(notes, "in the Cloud console") {
			t.Errorf("nothing is said of the registration that is left over: %s", notes)
		}
	})
}

// TestRelayOfAWorkspaceThatIsDisconnectedMeanwhile spends nothing either.
func TestRelayOfAWorkspaceThatIsDisconnectedMeanwhile(t *testing.T) {
	t.Parallel()
	r := newRelayed(t, "5.4.0")
	r.keep(t, r.grant(t))
	client := r.runBehind(t, func(q *http.Request) *http.Response {
		if strings.HasSuffix(q.URL.Path, "WorkspaceRegisterData") {
			clienttest.Registers(r.Workspace)
			clienttest.Disconnects(r.Workspace)
		}
		return nil
	})
	result, err := client.Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
	clienttest.Expect(t, "register", result, err, registration.ErrAlreadyRegistered, false)
	r.expectSpent(t, 1)
}

func TestRelayOfADeniedMessage(t *testing.T) {
	t.Parallel()
	r := newRelayed(t, "6.13.0")
	client := r.run(t)
	ticket := clienttest.PendingTicket(t, client)
	if err := r.Cloud().DenyDevice(ticket.DeviceCode); err != nil {
		t.Fatal(err)
	}
	now := r.clock.Now()
	result, err := client.Wait(t.Context(), ticket)
	clienttest.Expect(t, "wait", result, err, registration.ErrRejected, false)
	if errors.Is(err, registration.ErrPending) || r.clock.Now().Sub(now) > time.Minute {
		t.Errorf("it waited until %s: %v", r.clock.Now(), err)
	}
	ticket.DeviceCode = "not-a-code"
	result, err = client.Wait(t.Context(), ticket)
	clienttest.Expect(t, "wait with a code that nobody knows", result, err, cloud.ErrInvalidDeviceCode, false)
}

// TestProofIsAskedForAnew: an access token in memory does not show that the workspace was removed in the Cloud meanwhile.
func TestProofIsAskedForAnew(t *testing.T) {
	t.Parallel()
	r := newRelayed(t, "6.13.0")
	grant, client := r.grant(t), clienttest.CloudOf(t, r.Workspace, r.clock)
	if _, err := client.AccessToken(t.Context(), grant, cloud.ScopeWorkspace); err != nil {
		t.Fatal(err)
	}
	if err := client.Prove(t.Context(), grant); err != nil {
		t.Errorf("before the removal: %v", err)
	}
	if err := r.Cloud().Remove(grant.WorkspaceID); err != nil {
		t.Fatal(err)
	}
	if err := client.Prove(t.Context(), grant); !errors.Is(err, cloud.ErrInvalidClient) {
		t.Errorf("after the removal: %v", err)
	}
}
