package registration_test

import (
	"context"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/workspace"
)

// versions has a server for each column of the contract's table, and for the changes inside a column.
func versions() []string {
	return []string{
		"3.0.0", "3.1.0", "3.10.0", "3.18.0", "4.3.0", "4.4.0", "4.6.0", "4.8.0", "5.4.0", "6.0.0", "6.4.0", "6.5.0", "6.13.0", "7.0.0", "8.6.1",
		"8.7.0", "8.9.0", "9.0.0", "9.4.0",
	}
}

// start starts a fake workspace whose waits cost nothing.
func start(t *testing.T, version string, options ...registrationtest.Option) (*registrationtest.Workspace, *registrationtest.Clock) {
	t.Helper()
	clock := registrationtest.NewClock(testStart)
	return registrationtest.NewWorkspace(t, version, append([]registrationtest.Option{registrationtest.WithClock(clock)}, options...)...), clock
}

// clientOf makes a client.
func clientOf(t *testing.T, ws *workspace.Client, options ...registration.Option) *registration.Client {
	t.Helper()
	client, err := registration.New(t.Context(), ws, options...)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// open makes a client of a fake workspace, as its administrator.
func open(t *testing.T, ws *registrationtest.Workspace, clock *registrationtest.Clock, options ...registration.Option) *registration.Client {
	t.Helper()
	admin := ws.Admin()
	w, err := workspace.New(ws.URL(), workspace.Password(admin.Username, admin.Password), workspace.WithClock(clock))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	return clientOf(t, w, options...)
}

// openWithToken makes a client of the administrator that need not log in.
func openWithToken(t *testing.T, ws *registrationtest.Workspace, clock *registrationtest.Clock, options ...registration.Option) *registration.Client {
	t.Helper()
	return openAs(t, ws, clock, ws.Admin(), options...)
}

// openAs makes a client of an account that need not log in, and gives its password where a second factor is asked for.
func openAs(
	t *testing.T, ws *registrationtest.Workspace, clock *registrationtest.Clock, account registrationtest.Account, options ...registration.Option,
) *registration.Client {
	t.Helper()
	password := func(context.Context, workspace.Challenge) (string, error) { return account.Password, nil }
	w, err := workspace.New(ws.URL(), workspace.Token(account.UserID, account.AuthToken), workspace.WithClock(clock), workspace.WithTwoFactor(password))
	if err != nil {
		t.Fatal(err)
	}
	return clientOf(t, w, options...)
}
