package registration_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/faults"
)

// The traps are numbered as in docs/traps.md. Each test runs on every dialect that has the trap, beyond those that were recorded.

// registeredWorkspace is a workspace that was registered with a token, and a client of it.
func registeredWorkspace(t *testing.T, v string, options ...registrationtest.Option) (*registrationtest.Workspace, *registration.Client) {
	t.Helper()
	ws, clock := clienttest.Start(t, v, options...)
	client := clienttest.OpenWithToken(t, ws, clock)
	result, err := client.Register(t.Context(), registration.Request{Token: ws.Cloud().IssueToken()})
	clienttest.Expect(t, "register", result, err, nil, true)
	return ws, client
}

func TestA1SyncOfAnUnregisteredWorkspaceSucceeds(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "6.5", "", func(t *testing.T, v string) {
		ws, clock := clienttest.Start(t, v)
		client := clienttest.OpenWithToken(t, ws, clock)
		clienttest.Claims(t, func() error { return client.Session().Sync(t.Context()) }, true)
		result, err := client.Sync(t.Context())
		clienttest.Expect(t, "sync", result, err, registration.ErrNotRegistered, false)
	})
}

func TestA2RemovalShowsAtMostOnce(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]registrationtest.Option{"plain": nil, "lag": {registrationtest.WithSettingsLag(clienttest.SettingsLag)}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clienttest.EachVersion(t, "3.0", "", func(t *testing.T, v string) {
				if !clienttest.Before(t, v, "6.4") && clienttest.Before(t, v, "6.5") {
					return // A3
				}
				ws, client := registeredWorkspace(t, v, options...)
				status, err := client.Status(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				if err := ws.Cloud().Remove(status.WorkspaceID); err != nil {
					t.Fatal(err)
				}
				result, err := client.Sync(t.Context())
				clienttest.Expect(t, "sync", result, err, registration.ErrRemovedFromCloud, true)
				result, err = client.Sync(t.Context())
				clienttest.Expect(t, "sync again", result, err, registration.ErrNotRegistered, false)
			})
		})
	}
}

func TestA3RemovalIsNeverNoticedBy64(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "6.4", "6.5", func(t *testing.T, v string) {
		ws, client := registeredWorkspace(t, v)
		if err := ws.Cloud().Remove(ws.Cloud().Workspaces()[0].ID); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			result, err := client.Sync(t.Context())
			clienttest.Expect(t, "sync", result, err, registration.ErrSyncFailed, false)
			if !strings.Contains(err.Error(), "dropped") || !strings.Contains(err.Error(), "Cloud console") {
				t.Errorf("the error does not say how to tell: %v", err)
			}
		}
	})
}

func TestA4OtherRefusalsAreNoRemoval(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.0", "", func(t *testing.T, v string) {
		ws, client := registeredWorkspace(t, v)
		ws.Cloud().SetFault(faults.Fault{Kind: faults.Unauthorized})
		result, err := client.Sync(t.Context())
		clienttest.Expect(t, "sync", result, err, registration.ErrSyncFailed, false)
		ws.Cloud().ClearFaults()
		result, err = client.Sync(t.Context())
		clienttest.Expect(t, "sync again", result, err, nil, false)
	})
}

func TestA5NothingAsksForRegisterWorkspace(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.0", "", func(t *testing.T, v string) {
		ws, client := registeredWorkspace(t, v)
		_, _ = client.Sync(t.Context())
		_, _ = client.Disconnect(t.Context())
		_, _ = client.Reconnect(t.Context())
		for _, exchange := range append(ws.History(), ws.Cloud().History()...) {
			if strings.Contains(string(exchange.Body), "cloud:registerWorkspace") || exchange.Path == "/api/v2/register/workspace" {
				t.Errorf("%s %s was asked", exchange.Method, exchange.Path)
			}
		}
	})
}

func TestA6DisconnectIsAlwaysTrue(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.0", "6.5", func(t *testing.T, v string) {
		ws, clock := clienttest.Start(t, v)
		client := clienttest.OpenWithToken(t, ws, clock)
		clienttest.Claims(t, func() error { return client.Session().Disconnect(t.Context()) }, true)
		result, err := client.Disconnect(t.Context())
		clienttest.Expect(t, "disconnect", result, err, registration.ErrNotRegistered, false)
	})
}

func TestA7ReconnectIsTrueWhateverTheCloudSays(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "6.0", "6.5", func(t *testing.T, v string) {
		ws, client := registeredWorkspace(t, v)
		result, err := client.Disconnect(t.Context())
		clienttest.Expect(t, "disconnect", result, err, nil, true)
		ws.Cloud().SetFault(faults.Fault{Kind: faults.ServerError})
		result, err = client.Reconnect(t.Context())
		clienttest.Expect(t, "reconnect", result, err, registration.ErrSyncFailed, true)
	})
}

func TestA8ConnectDoesNotTryTheCredentials(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.18", "6.5", func(t *testing.T, v string) {
		ws, clock := clienttest.Start(t, v)
		client := clienttest.OpenWithToken(t, ws, clock)
		ws.Cloud().SetFault(faults.Fault{Call: faults.CallToken, Kind: faults.ServerError})
		result, err := client.Register(t.Context(), registration.Request{Token: ws.Cloud().IssueToken()})
		clienttest.Expect(t, "register", result, err, registration.ErrSyncFailed, true)
	})
}

func TestA12PreIntentIsAlwaysASuccess(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "6.0", "", func(t *testing.T, v string) {
		ws, clock := clienttest.Start(t, v)
		client := clienttest.OpenWithToken(t, ws, clock)
		reached := func() bool {
			ok, err := client.Session().ReachesCloud(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return ok
		}
		if !reached() {
			t.Error("the Cloud is up, and said to be out of reach")
		}
		ws.Cloud().SetMode(registrationtest.CloudDown)
		if reached() {
			t.Error("the Cloud is down, and said to be reached")
		}
	})
}

func TestB2FailureAlthoughRegistered(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "6.5", "", func(t *testing.T, v string) {
		ws, clock := clienttest.Start(t, v)
		client := clienttest.OpenWithToken(t, ws, clock)
		ws.Cloud().SetFault(faults.Fault{Call: faults.CallToken, Kind: faults.ServerError})
		result, err := client.Register(t.Context(), registration.Request{Token: ws.Cloud().IssueToken()})
		clienttest.Expect(t, "register", result, err, nil, true)
		if len(result.Notes) == 0 {
			t.Error("the result does not say that the answer was a failure")
		}
	})
}

// TestB3RegistrationIsWipedAtOnce: where the settings cache lags, the status shows for a moment what was wiped.
func TestB3RegistrationIsWipedAtOnce(t *testing.T) {
	t.Parallel()
	for _, lag := range []time.Duration{0, clienttest.SettingsLag} {
		t.Run(lag.String(), func(t *testing.T) {
			t.Parallel()
			clienttest.EachVersion(t, "6.5", "", func(t *testing.T, v string) {
				ws, clock := clienttest.Start(t, v, registrationtest.WithSettingsLag(lag))
				client := clienttest.OpenWithToken(t, ws, clock)
				ws.Cloud().SetFault(faults.Fault{Call: faults.CallToken, Kind: faults.InvalidClient})
				result, err := client.Register(t.Context(), registration.Request{Token: ws.Cloud().IssueToken()})
				clienttest.Expect(t, "register", result, err, registration.ErrRejected, false)
			})
		})
	}
}

func TestC1NothingIsSpentOnARegisteredWorkspace(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.0", "", func(t *testing.T, v string) {
		ws, client := registeredWorkspace(t, v)
		token := ws.Cloud().IssueToken()
		result, err := client.Register(t.Context(), registration.Request{Token: token})
		clienttest.Expect(t, "register", result, err, nil, false)
		if n := len(ws.Cloud().SpentTokens()); n != 1 {
			t.Errorf("%d tokens are spent, want 1", n)
		}
	})
}

func TestC4NothingForgetsTheIdentityByDefault(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "6.5", "", func(t *testing.T, v string) {
		ws, client := registeredWorkspace(t, v)
		unique := ws.Setting("uniqueID")
		ws.ClearHistory()
		result, err := client.Disconnect(t.Context())
		clienttest.Expect(t, "disconnect", result, err, registration.ErrUnsupported, false)
		if asked := ws.History(); len(asked) != 0 || ws.Setting("uniqueID") != unique {
			t.Errorf("asked %v, the unique id is %v", asked, ws.Setting("uniqueID"))
		}
		for _, remedy := range []string{"Cloud console", "ForgetIdentity"} {
			if !strings.Contains(err.Error(), remedy) {
				t.Errorf("the remedy %q is missing: %v", remedy, err)
			}
		}
	})
}

func TestC5ARefusalNamesAllItsReasons(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.0", "", func(t *testing.T, v string) {
		ws, clock := clienttest.Start(t, v)
		client := clienttest.OpenWithToken(t, ws, clock)
		token := "not-a-token-of-this-cloud"
		result, err := client.Register(t.Context(), registration.Request{Token: token})
		clienttest.Expect(t, "register", result, err, registration.ErrRejected, false)
		if !strings.Contains(err.Error(), "unused") || !strings.Contains(err.Error(), "reaches") || strings.Contains(err.Error(), token) {
			t.Errorf("the error misleads: %v", err)
		}
	})
}

// A manager has the permission manage-cloud and not the role admin: 4.6 to 6.13 refuse the status over REST, and give it over the method.
func TestManagerMayReadTheStatus(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.0", "", func(t *testing.T, v string) {
		ws, clock := clienttest.Start(t, v)
		client := clienttest.OpenAs(t, ws, clock, ws.Manager())
		clienttest.ExpectState(t, client, registration.Unregistered)
		ws.ClearHistory()
		clienttest.ExpectState(t, client, registration.Unregistered)
		if n := len(ws.History()); n != 1 {
			t.Errorf("%d requests: the call is not remembered", n)
		}
	})
}

func TestOrdinaryUserIsForbidden(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.0", "", func(t *testing.T, v string) {
		ws, clock := clienttest.Start(t, v)
		client := clienttest.OpenAs(t, ws, clock, ws.User())
		if _, err := client.Status(t.Context()); !errors.Is(err, registration.ErrForbidden) {
			t.Errorf("got %v, want ErrForbidden", err)
		}
	})
}

// TestMissingPermission: who has manage-cloud alone is told the permission that the call takes, not the one that the user has.
func TestMissingPermission(t *testing.T) {
	t.Parallel()
	for version, ask := range map[string]func(context.Context, *registration.Client) error{
		"4.3.0 ": func(ctx context.Context, c *registration.Client) error { // only the role admin may
			return c.Session().ManualRegister(ctx, "e30=")
		},
		"5.4.0 edit-privileged-setting": func(ctx context.Context, c *registration.Client) error { _, err := c.Reconnect(ctx); return err },
		"6.4.0 view-privileged-setting": func(ctx context.Context, c *registration.Client) error { _, err := c.License(ctx); return err },
		"7.7.1 view-privileged-setting": func(ctx context.Context, c *registration.Client) error {
			_, err := c.ApplyLicense(ctx, "text")
			return err
		},
		"8.7.0 edit-privileged-setting": func(ctx context.Context, c *registration.Client) error { // every user sees that none is in force
			_, err := c.ApplyLicense(ctx, "text")
			return err
		},
		"6.4.0 edit-privileged-setting": func(ctx context.Context, c *registration.Client) error { return c.Session().ApplyLicense(ctx, "text") },
		"9.0.0 edit-privileged-setting": func(ctx context.Context, c *registration.Client) error {
			return c.Session().ValidateLicense(ctx, "text")
		},
	} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			v, permission, _ := strings.Cut(version, " ")
			ws, clock := clienttest.Start(t, v)
			if v == "5.4.0" {
				admin := clienttest.OpenWithToken(t, ws, clock)
				if _, err := admin.Register(t.Context(), registration.Request{Token: ws.Cloud().IssueToken()}); err != nil {
					t.Fatal(err)
				}
				if _, err := admin.Disconnect(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			err := ask(t.Context(), clienttest.OpenAs(t, ws, clock, ws.Manager()))
			if ways := failure.Remedies(err); !errors.Is(err, registration.ErrForbidden) || len(ways) != 1 || ways[0] != (failure.Remedy{Act: failure.AskPermission, With: permission}) {
				t.Errorf("%v: the ways out are %v", err, ways)
			}
		})
	}
}

func TestC7RegisteredOnceMore(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.0", "", func(t *testing.T, v string) {
		ws, client := registeredWorkspace(t, v)
		before, err := client.Status(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		token := ws.Cloud().IssueToken()
		result, err := client.Register(t.Context(), registration.Request{Token: token})
		clienttest.Expect(t, "without consent", result, err, nil, false)
		result, err = client.Register(t.Context(), registration.Request{Token: "no-such-token", Replace: true})
		clienttest.Expect(t, "with a bad token", result, err, registration.ErrRejected, false)
		if !strings.Contains(err.Error(), before.WorkspaceID) || len(ws.Cloud().SpentTokens()) != 1 {
			t.Errorf("%d tokens are spent: %v", len(ws.Cloud().SpentTokens()), err)
		}
		if err := ws.Cloud().Remove(before.WorkspaceID); err != nil {
			t.Fatal(err)
		}
		result, err = client.Register(t.Context(), registration.Request{Token: token, Replace: true})
		clienttest.Expect(t, "with consent", result, err, nil, true)
		if result.Before != before || result.After.WorkspaceID == before.WorkspaceID || !strings.Contains(strings.Join(result.Notes, "\n"), "remove "+before.WorkspaceID) {
			t.Errorf("got %+v", result)
		}
		result, err = client.Sync(t.Context())
		clienttest.Expect(t, "sync", result, err, nil, false)
	})
}
