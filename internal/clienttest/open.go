// Package clienttest opens clients of fake workspaces, and checks how their operations end: for the tests of the root and of the transports.
//
//	clienttest.EachVersion(t, "3.0", "6.5", func(t *testing.T, v string) {
//		ws, clock := clienttest.Start(t, v)
//		client := clienttest.OpenWithToken(t, ws, clock, registration.WithTransport(transport))
//		result, err := client.Register(t.Context(), registration.Request{Token: ws.Cloud().IssueToken()})
//		clienttest.Expect(t, "register", result, err, nil, true)
//	})
package clienttest

import (
	"context"
	"log"
	"net/http"
	"testing"
	"time"

	"github.com/hashicorp/go-version"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/workspace"
)

// Began is when the clocks of the tests start.
func Began() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }

// SettingsLag is that of the recordings.
const SettingsLag = 20e6

// CloudAgent tells a relay's calls to the Cloud from those of the workspace.
const CloudAgent = "relay"

// Versions has a server for each column of the contract's table, and for the changes inside a column.
func Versions() []string {
	return []string{
		"3.0.0", "3.1.0", "3.10.0", "3.18.0", "4.3.0", "4.4.0", "4.6.0", "4.8.0", "5.4.0", "6.0.0", "6.4.0", "6.5.0", "6.13.0", "7.0.0", "8.6.1",
		"8.7.0", "8.9.0", "9.0.0", "9.4.0",
	}
}

// EachVersion runs a test at each version from one on, until another one, which is not tried; an empty one is no end.
func EachVersion(t *testing.T, from, until string, run func(t *testing.T, v string)) {
	t.Helper()
	ran := 0
	for _, v := range Versions() {
		if Before(t, v, from) || until != "" && !Before(t, v, until) {
			continue
		}
		ran++
		t.Run(v, func(t *testing.T) { t.Parallel(); run(t, v) })
	}
	if ran == 0 {
		t.Fatal("no version has this trap")
	}
}

// Before reports whether a version is older than another one.
func Before(t *testing.T, v, other string) bool {
	t.Helper()
	return version.Must(version.NewVersion(v)).LessThan(version.Must(version.NewVersion(other)))
}

// Start starts a fake workspace whose waits cost nothing.
func Start(t *testing.T, version string, options ...registrationtest.Option) (*registrationtest.Workspace, *registrationtest.Clock) {
	t.Helper()
	clock := registrationtest.NewClock(Began())
	return registrationtest.NewWorkspace(t, version, append([]registrationtest.Option{registrationtest.WithClock(clock)}, options...)...), clock
}

// ClientOf makes a client.
func ClientOf(t *testing.T, ws *workspace.Client, options ...registration.Option) *registration.Client {
	t.Helper()
	client, err := registration.New(t.Context(), ws, options...)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// OpenWithToken makes a client of the administrator that need not log in.
func OpenWithToken(t *testing.T, ws *registrationtest.Workspace, clock *registrationtest.Clock, options ...registration.Option) *registration.Client {
	t.Helper()
	return OpenAs(t, ws, clock, ws.Admin(), options...)
}

// OpenAs makes a client of an account that need not log in, and gives its password where a second factor is asked for.
func OpenAs(
	t *testing.T, ws *registrationtest.Workspace, clock *registrationtest.Clock, account registrationtest.Account, options ...registration.Option,
) *registration.Client {
	t.Helper()
	password := func(context.Context, workspace.Challenge) (string, error) { return account.Password, nil }
	w, err := workspace.New(ws.URL(), workspace.Token(account.UserID, account.AuthToken), workspace.WithClock(clock), workspace.WithTwoFactor(password))
	if err != nil {
		t.Fatal(err)
	}
	return ClientOf(t, w, options...)
}

// OpenOver makes a client of the administrator whose requests go over a round tripper, which may use the default one.
func OpenOver(
	t *testing.T, ws *registrationtest.Workspace, clock *registrationtest.Clock, over http.RoundTripper, options ...registration.Option,
) *registration.Client {
	t.Helper()
	t.Cleanup(http.DefaultTransport.(*http.Transport).CloseIdleConnections)
	w, err := workspace.New(ws.URL(), workspace.Token(ws.Admin().UserID, ws.Admin().AuthToken), workspace.WithClock(clock), workspace.WithRoundTripper(over))
	if err != nil {
		t.Fatal(err)
	}
	return ClientOf(t, w, options...)
}

// StoppingClock stops the operation as soon as it waits.
type StoppingClock struct {
	*registrationtest.Clock
	Stop context.CancelFunc
}

// Sleep stops the operation.
func (c StoppingClock) Sleep(ctx context.Context, _ time.Duration) error {
	c.Stop()
	return context.Cause(ctx)
}

// OpenByClock makes a client of the administrator that goes by a clock of its own.
func OpenByClock(t *testing.T, ws *registrationtest.Workspace, clock StoppingClock) *registration.Client {
	t.Helper()
	w, err := workspace.New(ws.URL(), workspace.Token(ws.Admin().UserID, ws.Admin().AuthToken), workspace.WithClock(clock))
	if err != nil {
		t.Fatal(err)
	}
	return ClientOf(t, w)
}

// CloudOf makes a client of the Cloud of a fake workspace, whose calls are told from those of the workspace by [CloudAgent].
func CloudOf(t *testing.T, ws *registrationtest.Workspace, clock *registrationtest.Clock, options ...cloud.Option) *cloud.Client {
	t.Helper()
	options = append([]cloud.Option{cloud.WithURL(ws.Cloud().URL()), cloud.WithClock(clock), cloud.WithUserAgent(CloudAgent)}, options...)
	client, err := cloud.New(options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	return client
}

// FakeWorkspace starts a fake workspace for an example, with a client of it and its Cloud. done ends both.
func FakeWorkspace(version string) (ws *workspace.Client, cloud *registrationtest.Cloud, done func()) {
	fake, err := registrationtest.StartWorkspace(version, registrationtest.WithClock(registrationtest.NewClock(Began())))
	if err != nil {
		log.Fatal(err)
	}
	admin := fake.Admin()
	ws, err = workspace.New(fake.URL(), workspace.Token(admin.UserID, admin.AuthToken), workspace.WithClock(registrationtest.NewClock(Began())))
	if err != nil {
		log.Fatal(err)
	}
	return ws, fake.Cloud(), func() { _ = ws.Close(context.Background()); fake.Close() }
}
