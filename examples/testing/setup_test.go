package setup

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/workspace"
)

// start starts a fake workspace with a fake Cloud, and makes a client for its administrator. On a virtual clock waiting costs nothing.
func start(t *testing.T, version string) (*registrationtest.Workspace, *workspace.Client) {
	t.Helper()
	clock := registrationtest.NewClock(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))
	fake := registrationtest.NewWorkspace(t, version, registrationtest.WithClock(clock))
	ws, err := workspace.New(fake.URL(), workspace.Token(fake.Admin().UserID, fake.Admin().AuthToken), workspace.WithClock(clock))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ws.Close(context.WithoutCancel(t.Context())) })
	return fake, ws
}

// The same code registers every version, and the second run spends no token.
func TestEnsureRegistered(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"3.0.0", "5.4.0", "6.13.0", "9.0.0"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			fake, ws := start(t, version)
			token := fake.Cloud().IssueToken()
			for range 2 {
				if err := EnsureRegistered(t.Context(), ws, token); err != nil {
					t.Fatal(err)
				}
			}
			if known := fake.Cloud().Workspaces(); len(known) != 1 || len(fake.Cloud().SpentTokens()) != 1 {
				t.Errorf("the Cloud knows %d workspaces, and %d tokens were spent", len(known), len(fake.Cloud().SpentTokens()))
			}
		})
	}
}

// What cannot be tried on a real Cloud: its owner removes the workspace, or it is down.
func TestEnsureRegisteredWhenTheCloudSaysNo(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*testing.T, *registrationtest.Cloud){
		"removed": func(t *testing.T, cloud *registrationtest.Cloud) {
			t.Helper()
			if err := cloud.Remove(cloud.Workspaces()[0].ID); err != nil {
				t.Fatal(err)
			}
		},
		"down": func(_ *testing.T, cloud *registrationtest.Cloud) { cloud.SetMode(registrationtest.CloudDown) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake, ws := start(t, "9.0.0")
			if err := EnsureRegistered(t.Context(), ws, fake.Cloud().IssueToken()); err != nil {
				t.Fatal(err)
			}
			spoil(t, fake.Cloud())
			err := EnsureRegistered(t.Context(), ws, "")
			if err == nil || errors.Is(err, ErrTokenNeeded) != (name == "removed") {
				t.Errorf("error %v", err)
			}
		})
	}
}
