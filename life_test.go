package registration_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/registrationtest"
)

// TestLifeOfAWorkspace runs the main job on every dialect, with and without a settings cache that lags.
func TestLifeOfAWorkspace(t *testing.T) {
	t.Parallel()
	for _, v := range clienttest.Versions() {
		t.Run(v, func(t *testing.T) {
			t.Parallel()
			t.Run("plain", func(t *testing.T) { t.Parallel(); live(t, v) })
			t.Run("lag", func(t *testing.T) { t.Parallel(); live(t, v, registrationtest.WithSettingsLag(clienttest.SettingsLag)) })
			t.Run("sub-path", func(t *testing.T) { t.Parallel(); live(t, v, registrationtest.WithPath("/chat")) })
		})
	}
}

func live(t *testing.T, v string, options ...registrationtest.Option) {
	t.Helper()
	ws, clock := clienttest.Start(t, v, options...)
	client := open(t, ws, clock)
	clienttest.ExpectState(t, client, registration.Unregistered)
	token := ws.Cloud().IssueToken()

	result, err := client.Register(t.Context(), registration.Request{Token: token})
	clienttest.Expect(t, "register", result, err, nil, true)
	clienttest.ExpectState(t, client, registration.Registered)
	result, err = client.Register(t.Context(), registration.Request{Token: ws.Cloud().IssueToken()})
	clienttest.Expect(t, "register again", result, err, nil, false)
	if spent := ws.Cloud().SpentTokens(); len(spent) != 1 || spent[0] != token {
		t.Errorf("%d tokens were spent", len(spent))
	}
	result, err = client.Sync(t.Context())
	clienttest.Expect(t, "sync", result, err, nil, false)

	if !clienttest.Before(t, v, "6.5") {
		result, err = client.Disconnect(t.Context())
		clienttest.Expect(t, "disconnect", result, err, registration.ErrUnsupported, false)
		result, err = client.Reconnect(t.Context())
		clienttest.Expect(t, "reconnect", result, err, registration.ErrUnsupported, false)
		result, err = client.Disconnect(t.Context(), registration.ForgetIdentity())
		clienttest.Expect(t, "forget", result, err, nil, true)
		result, err = client.Disconnect(t.Context(), registration.ForgetIdentity())
		clienttest.Expect(t, "forget again", result, err, nil, false)
		return
	}
	result, err = client.Disconnect(t.Context())
	clienttest.Expect(t, "disconnect", result, err, nil, true)
	clienttest.ExpectState(t, client, registration.Disconnected)
	result, err = client.Disconnect(t.Context())
	clienttest.Expect(t, "disconnect again", result, err, nil, false)
	result, err = client.Sync(t.Context())
	clienttest.Expect(t, "sync while disconnected", result, err, registration.ErrNotRegistered, false)
	result, err = client.Register(t.Context(), registration.Request{Token: ws.Cloud().IssueToken()})
	clienttest.Expect(t, "register while disconnected", result, err, registration.ErrAlreadyRegistered, false)
	result, err = client.Reconnect(t.Context())
	clienttest.Expect(t, "reconnect", result, err, nil, true)
	clienttest.ExpectState(t, client, registration.Registered)
	result, err = client.Reconnect(t.Context())
	clienttest.Expect(t, "reconnect again", result, err, nil, false)
}

// TestEmail registers by e-mail on every dialect that can.
func TestEmail(t *testing.T) {
	t.Parallel()
	for _, v := range clienttest.Versions() {
		t.Run(v, func(t *testing.T) {
			t.Parallel()
			ws, clock := clienttest.Start(t, v)
			client := open(t, ws, clock)
			result, err := client.Register(t.Context(), registration.Request{Email: "ops@example.com"})
			if clienttest.Before(t, v, "4.4") {
				clienttest.Expect(t, "register by e-mail", result, err, registration.ErrUnsupported, false)
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
			clienttest.Expect(t, "wait", result, err, nil, true)
			result, err = client.Resume(t.Context(), pending.Ticket)
			clienttest.Expect(t, "resume again", result, err, nil, false)
			if n := len(ws.Cloud().Workspaces()); n != 1 {
				t.Errorf("the Cloud knows %d workspaces, want 1", n)
			}
		})
	}
}

// TestRequests counts what each operation asks, at every version that has method.call.
func TestRequests(t *testing.T) {
	t.Parallel()
	for _, v := range clienttest.Versions() {
		if clienttest.Before(t, v, "3.1") {
			continue
		}
		t.Run(v, func(t *testing.T) {
			t.Parallel()
			ws, clock := clienttest.Start(t, v)
			client := clienttest.OpenWithToken(t, ws, clock)
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
			if !clienttest.Before(t, v, "6.5") {
				register, sync = 7, 7 // what the status says is looked at until the settings cache must have caught up
			}
			if !clienttest.Before(t, v, "8.7") {
				sync = 8 // whether the license allows it
			}
			count("status", 1, func() error { _, err := client.Status(t.Context()); return err })
			count("register", register, func() error {
				_, err := client.Register(t.Context(), registration.Request{Token: ws.Cloud().IssueToken()})
				return err
			})
			count("sync", sync, func() error { _, err := client.Sync(t.Context()); return err })
			if !clienttest.Before(t, v, "6.5") {
				return
			}
			count("disconnect", 3, func() error { _, err := client.Disconnect(t.Context()); return err })
			second := 0
			if !clienttest.Before(t, v, "3.18") && clienttest.Before(t, v, "6.0") {
				second = 1 // the setting is refused once, with the question for the second factor
			}
			count("reconnect", 5+second, func() error { _, err := client.Reconnect(t.Context()); return err })
		})
	}
}

func TestVersionIsAskedOnce(t *testing.T) {
	t.Parallel()
	ws, clock := clienttest.Start(t, "5.4.0")
	client := clienttest.OpenWithToken(t, ws, clock)
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
	clienttest.EachVersion(t, "3.0", "6.5", func(t *testing.T, v string) {
		_, client := registeredWorkspace(t, v)
		result, err := client.Disconnect(t.Context(), registration.ForgetIdentity())
		clienttest.Expect(t, "disconnect", result, err, nil, true)
		if len(result.Notes) != 1 || !strings.Contains(result.Notes[0], "keeps its identity") {
			t.Errorf("it notes %q", result.Notes)
		}
	})
}
