package registration_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/faults"
)

// settingsLags are how far a cache may trail; servers themselves wait for up to 10 s.
func settingsLags() []time.Duration {
	return []time.Duration{0, 20 * time.Millisecond, 300 * time.Millisecond, 700 * time.Millisecond, 3 * time.Second, 9900 * time.Millisecond}
}

// lagging is an act whose outcome a cache that lags hides.
type lagging struct {
	since, until string // versions
	registered   bool   // before
	prepare      func(ws *registrationtest.Workspace)
	run          func(context.Context, *registration.Client, string) (registration.Result, error)
	kind         error
	says         string // in the notes or the error
}

func laggingActs() map[string]lagging {
	register := func(ctx context.Context, c *registration.Client, token string) (registration.Result, error) {
		return c.Register(ctx, registration.Request{Token: token})
	}
	sync := func(ctx context.Context, c *registration.Client, _ string) (registration.Result, error) {
		return c.Sync(ctx)
	}
	cloudFails := func(kind faults.Kind, calls ...faults.Call) func(*registrationtest.Workspace) {
		return func(ws *registrationtest.Workspace) {
			for _, call := range calls {
				ws.Cloud().SetFault(faults.Fault{Call: call, Kind: kind})
			}
		}
	}
	none := func(*registrationtest.Workspace) {}
	removed := func(ws *registrationtest.Workspace) { _ = ws.Cloud().Remove(ws.Cloud().Workspaces()[0].ID) }
	const fails = faults.ServerError
	return map[string]lagging{
		"register":            {"3.0", "", false, none, register, nil, ""},
		"B1 token endpoint":   {"3.0", "6.5", false, cloudFails(fails, faults.CallToken), register, registration.ErrSyncFailed, ""},
		"B2 sync":             {"6.5", "", false, cloudFails(fails, faults.CallSync, faults.CallComms, faults.CallClient), register, nil, "its first sync may have failed"},
		"B3 client refused":   {"6.5", "", false, cloudFails(faults.InvalidClient, faults.CallToken), register, registration.ErrRejected, ""},
		"B3 before 6.5":       {"3.0", "6.4", false, cloudFails(faults.InvalidClient, faults.CallToken), register, registration.ErrRejected, ""},
		"token refused":       {"3.0", "", false, func(ws *registrationtest.Workspace) { ws.Cloud().Reset() }, register, registration.ErrRejected, ""},
		"sync":                {"3.0", "", true, none, sync, nil, ""},
		"A2 removed":          {"3.0", "6.4", true, removed, sync, registration.ErrRemovedFromCloud, ""},
		"A2 removed from 6.5": {"6.5", "", true, removed, sync, registration.ErrRemovedFromCloud, ""},
		"A3 removed at 6.4":   {"6.4", "6.5", true, removed, sync, registration.ErrSyncFailed, "may have dropped it"},
		"A4 sync fails":       {"3.0", "", true, cloudFails(fails, faults.AnyCall), sync, registration.ErrSyncFailed, ""},
		"A6 disconnect": {"3.0", "6.5", true, none, func(ctx context.Context, c *registration.Client, _ string) (registration.Result, error) {
			return c.Disconnect(ctx)
		}, nil, ""},
		"C4 forget": {"6.5", "", true, none, func(ctx context.Context, c *registration.Client, _ string) (registration.Result, error) {
			return c.Disconnect(ctx, registration.ForgetIdentity())
		}, nil, ""},
	}
}

// TestSettingsCachesLag: whatever a cache shows for how long, what is reported is what it shows in the end.
func TestSettingsCachesLag(t *testing.T) {
	t.Parallel()
	for name, act := range laggingActs() {
		for _, lag := range settingsLags() {
			t.Run(fmt.Sprint(name, " ", lag), func(t *testing.T) {
				t.Parallel()
				clienttest.EachVersion(t, act.since, act.until, func(t *testing.T, v string) {
					ws, clock := clienttest.Start(t, v, registrationtest.WithSettingsLag(lag))
					client := clienttest.OpenWithToken(t, ws, clock)
					if act.registered {
						result, err := client.Register(t.Context(), registration.Request{Token: ws.Cloud().IssueToken()})
						clienttest.Expect(t, "register", result, err, nil, true)
						clock.Advance(time.Minute)
					}
					token := ws.Cloud().IssueToken()
					act.prepare(ws)
					asked := len(ws.History())
					result, err := act.run(t.Context(), client, token)
					if !errors.Is(err, act.kind) || act.kind == nil && err != nil || !strings.Contains(fmt.Sprint(err, result.Notes), act.says) {
						t.Errorf("got %v %q, want %v that says %q", err, result.Notes, act.kind, act.says)
					}
					if asked = len(ws.History()) - asked; asked > 14 {
						t.Errorf("it asked %d times", asked)
					}
					clock.Advance(time.Minute)
					if status, err := client.Status(t.Context()); err != nil || status.State != result.After.State {
						t.Errorf("it says %s, and is %s: %v", result.After.State, status.State, err)
					}
				})
			})
		}
	}
}
