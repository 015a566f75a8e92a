package registration_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/go-version"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/registrationtest"
)

// before reports whether a version is older than another one.
func before(t *testing.T, v, other string) bool {
	t.Helper()
	return version.Must(version.NewVersion(v)).LessThan(version.Must(version.NewVersion(other)))
}

// TestLifeOfAWorkspace runs the main job on every dialect, with and without a settings cache that lags.
func TestLifeOfAWorkspace(t *testing.T) {
	t.Parallel()
	for _, v := range versions() {
		t.Run(v, func(t *testing.T) {
			t.Parallel()
			t.Run("plain", func(t *testing.T) { t.Parallel(); live(t, v) })
			t.Run("lag", func(t *testing.T) { t.Parallel(); live(t, v, registrationtest.WithSettingsLag(settingsLag)) })
			t.Run("sub-path", func(t *testing.T) { t.Parallel(); live(t, v, registrationtest.WithPath("/chat")) })
		})
	}
}

// settingsLag is that of the recordings.
const settingsLag = 20e6

func live(t *testing.T, v string, options ...registrationtest.Option) {
	t.Helper()
	ws, clock := start(t, v, options...)
	client := open(t, ws, clock)
	expectState(t, client, registration.Unregistered)
	token := ws.Cloud().IssueToken()

	result, err := client.Register(t.Context(), registration.Request{Token: token})
	expect(t, "register", result, err, nil, true)
	expectState(t, client, registration.Registered)
	result, err = client.Register(t.Context(), registration.Request{Token: ws.Cloud().IssueToken()})
	expect(t, "register again", result, err, nil, false)
	if spent := ws.Cloud().SpentTokens(); len(spent) != 1 || spent[0] != token {
		t.Errorf("%d tokens were spent", len(spent))
	}
	result, err = client.Sync(t.Context())
	expect(t, "sync", result, err, nil, false)

	if !before(t, v, "6.5") {
		result, err = client.Disconnect(t.Context())
		expect(t, "disconnect", result, err, registration.ErrUnsupported, false)
		result, err = client.Reconnect(t.Context())
		expect(t, "reconnect", result, err, registration.ErrUnsupported, false)
		result, err = client.Disconnect(t.Context(), registration.ForgetIdentity())
		expect(t, "forget", result, err, nil, true)
		result, err = client.Disconnect(t.Context(), registration.ForgetIdentity())
		expect(t, "forget again", result, err, nil, false)
		return
	}
	result, err = client.Disconnect(t.Context())
	expect(t, "disconnect", result, err, nil, true)
	expectState(t, client, registration.Disconnected)
	result, err = client.Disconnect(t.Context())
	expect(t, "disconnect again", result, err, nil, false)
	result, err = client.Sync(t.Context())
	expect(t, "sync while disconnected", result, err, registration.ErrNotRegistered, false)
	result, err = client.Register(t.Context(), registration.Request{Token: ws.Cloud().IssueToken()})
	expect(t, "register while disconnected", result, err, registration.ErrAlreadyRegistered, false)
	result, err = client.Reconnect(t.Context())
	expect(t, "reconnect", result, err, nil, true)
	expectState(t, client, registration.Registered)
	result, err = client.Reconnect(t.Context())
	expect(t, "reconnect again", result, err, nil, false)
}

func expectState(t *testing.T, client *registration.Client, want registration.State) {
	t.Helper()
	status, err := client.Status(t.Context())
	if err != nil || status.State != want {
		t.Fatalf("status %+v, %v; want %s", status, err, want)
	}
}

// expect checks how an operation ended. A kind of nil means success.
func expect(t *testing.T, name string, result registration.Result, err, kind error, changed bool) {
	t.Helper()
	if kind == nil && err != nil || kind != nil && !errors.Is(err, kind) {
		t.Fatalf("%s: error %v, want %v; %+v", name, err, kind, result)
	}
	if result.Changed != changed {
		t.Errorf("%s: changed is %v, want %v", name, result.Changed, changed)
	}
	var typed *registration.Error
	if errors.As(err, &typed) && (typed.Advice() == "" || typed.Workspace == "" || typed.Version == "" || typed.Op == "") {
		t.Errorf("%s: the error leads nowhere: %#v", name, typed)
	}
}

// TestEmail registers by e-mail on every dialect that can.
func TestEmail(t *testing.T) {
	t.Parallel()
	for _, v := range versions() {
		t.Run(v, func(t *testing.T) {
			t.Parallel()
			ws, clock := start(t, v)
			client := open(t, ws, clock)
			result, err := client.Register(t.Context(), registration.Request{Email: "ops@example.com"})
			if before(t, v, "4.4") {
				expect(t, "register by e-mail", result, err, registration.ErrUnsupported, false)
				return
			}
			var pending *registration.PendingError
			if !errors.As(err, &pending) || !errors.Is(err, registration.ErrPending) {
				t.Fatalf("got %v, want a *PendingError", err)
			}
			_, err = client.Resume(t.Context(), pending.Ticket)
			if !errors.Is(err, registration.ErrPending) {
				t.Fatalf("got %v, want ErrPending", err)
			}
			if err := ws.Cloud().ConfirmDevice(pending.Ticket.DeviceCode); err != nil {
				t.Fatal(err)
			}
			result, err = client.Wait(t.Context(), pending.Ticket)
			expect(t, "wait", result, err, nil, true)
			result, err = client.Resume(t.Context(), pending.Ticket)
			expect(t, "resume again", result, err, nil, false)
			if n := len(ws.Cloud().Workspaces()); n != 1 {
				t.Errorf("the Cloud knows %d workspaces, want 1", n)
			}
		})
	}
}

// TestRequests counts what each operation asks, at every version that has method.call.
func TestRequests(t *testing.T) {
	t.Parallel()
	for _, v := range versions() {
		if before(t, v, "3.1") {
			continue
		}
		t.Run(v, func(t *testing.T) {
			t.Parallel()
			ws, clock := start(t, v)
			client := openWithToken(t, ws, clock)
			count := func(name string, want int, run func() error) {
				t.Helper()
				clock.Advance(time.Minute) // of the limits
				ws.ClearHistory()
				if err := run(); err != nil {
					t.Errorf("%s: %v", name, err)
				}
				if got := len(ws.History()); got != want {
					t.Errorf("%s asked %d times, want %d", name, got, want)
				}
			}
			register, sync := 5, 3
			if !before(t, v, "6.5") {
				register, sync = 7, 7 // what the status says is looked at until the settings cache must have caught up
			}
			if !before(t, v, "8.7") {
				sync = 8 // whether the license allows it
			}
			count("status", 1, func() error { _, err := client.Status(t.Context()); return err })
			count("register", register, func() error {
				_, err := client.Register(t.Context(), registration.Request{Token: ws.Cloud().IssueToken()})
				return err
			})
			count("sync", sync, func() error { _, err := client.Sync(t.Context()); return err })
			if !before(t, v, "6.5") {
				return
			}
			count("disconnect", 3, func() error { _, err := client.Disconnect(t.Context()); return err })
			second := 0
			if !before(t, v, "3.18") && before(t, v, "6.0") {
				second = 1 // the setting is refused once, with the question for the second factor
			}
			count("reconnect", 5+second, func() error { _, err := client.Reconnect(t.Context()); return err })
		})
	}
}

func TestVersionIsAskedOnce(t *testing.T) {
	t.Parallel()
	ws, clock := start(t, "5.4.0")
	client := openWithToken(t, ws, clock)
	for range 3 {
		if _, err := client.Status(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	asked := 0
	for _, exchange := range ws.History() {
		if strings.HasSuffix(exchange.Path, "/api/info") {
			asked++
		}
	}
	if asked != 1 {
		t.Errorf("the version was asked %d times", asked)
	}
}

// TestIdentityStaysBelow65: a workspace that cannot forget its identity is disconnected, and says that it keeps it.
func TestIdentityStaysBelow65(t *testing.T) {
	t.Parallel()
	eachVersion(t, "3.0", "6.5", func(t *testing.T, v string) {
		_, client := registeredWorkspace(t, v)
		result, err := client.Disconnect(t.Context(), registration.ForgetIdentity())
		expect(t, "disconnect", result, err, nil, true)
		if len(result.Notes) != 1 || !strings.Contains(result.Notes[0], "keeps its identity") {
			t.Errorf("it notes %q", result.Notes)
		}
	})
}
