package offline_test

import (
	"net/http"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/offline"
	"github.com/rcreg/registration/registrationtest"
)

// The traps of docs/traps.md, as a workspace across a gap meets them.

// expectNotSent saves what a workspace would take amiss, and lets a run look at it.
func (g gapped) expectNotSent(t *testing.T, spoil spoiler) {
	t.Helper()
	client := g.run(t)
	ticket := g.ask(t, client)
	g.save(t, ticket, ".txt", spoil(t, g, ticket, g.code(t, ticket)))
	g.expectRefused(t, client, ticket, offline.ErrUnusable)
}

func TestA11OfflineSendsNoGrantWithoutCredentials(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"client_id", "client_secret"} {
		t.Run(key, func(t *testing.T) {
			t.Parallel()
			clienttest.EachVersion(t, "3.0", "", func(t *testing.T, v string) { newGapped(t, v).expectNotSent(t, codeLacking(key)) })
		})
	}
	t.Run("whatever the grant", func(t *testing.T) {
		t.Parallel()
		clienttest.EachVersion(t, "3.1", "", func(t *testing.T, v string) {
			g := newGapped(t, v)
			ticket := g.ask(t, g.run(t))
			g.courier(t)
			result, err := g.over(t, clienttest.Answering("cloud.manualRegister", http.StatusOK, `{"success":true}`)).Resume(t.Context(), ticket)
			clienttest.Expect(t, "a success that is none", result, err, registration.ErrRejected, false)
			result, err = g.run(t).Resume(t.Context(), ticket)
			clienttest.Expect(t, "resume again", result, err, nil, true)
			g.expectArchived(t, ticket)
		})
	})
}

func TestB6OfflineSendsNoGrantWithoutALicense(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.0", "", func(t *testing.T, v string) { newGapped(t, v).expectNotSent(t, codeLacking("licenseData")) })
}

func TestB6OfflineFailureAlthoughRegistered(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "6.5", "", func(t *testing.T, v string) {
		g := newGapped(t, v)
		foreign := clienttest.LicenseText(t, newGapped(t, v).Workspace, registrationtest.LicenseSpec{})
		g.Cloud().SetLicense(foreign[:len(foreign)-8] + "AAAAAAAA") // it does not verify
		client := g.run(t)
		ticket := g.ask(t, client)
		g.courier(t)
		result, err := client.Resume(t.Context(), ticket)
		clienttest.Expect(t, "resume", result, err, nil, true)
		expectNote(t, result, "see that one is in force")
		if !clienttest.Before(t, v, "7.0") {
			expectNote(t, result, "becomes read-only")
		}
		g.expectArchived(t, ticket)
	})
}

func TestB7OfflineLeavesNoWishBehind(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]spoiler{
		"an empty object": base64Of("{}"), "a list": base64Of("[]"), "a text": base64Of(`"text"`),
		"the registration data": func(t *testing.T, g gapped, ticket registration.Ticket, _ string) string {
			return g.load(t, "requests", ticket.Request+".txt")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clienttest.EachVersion(t, "3.18", "", func(t *testing.T, v string) {
				g := newGapped(t, v)
				wish := g.Setting("Register_Server")
				g.expectNotSent(t, spoil)
				if now := g.Setting("Register_Server"); now != wish {
					t.Errorf("the wish was %v and is %v", wish, now)
				}
			})
		})
	}
}

func TestC1OfflineReplacesNoRegistration(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.0", "", func(t *testing.T, v string) {
		g := newGapped(t, v)
		client := g.run(t)
		ticket := g.ask(t, client)
		g.courier(t)
		g.registerOtherwise(t)
		secret := g.Setting("Cloud_Workspace_Client_Secret")
		for name, look := range g.looks(client, ticket) {
			result, err := look(t)
			clienttest.Expect(t, name, result, err, nil, false)
		}
		if g.Setting("Cloud_Workspace_Client_Secret") != secret || g.handedOver() != 0 {
			t.Error("the registration was replaced")
		}
	})
}

// TestC2OfflineMakesRoomOnAFresh30 also when the settings cache lags, and goes on when the workspace takes the grant at the second try only.
func TestC2OfflineMakesRoomOnAFresh30(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]registrationtest.Option{"plain": nil, "lag": {registrationtest.WithSettingsLag(clienttest.SettingsLag)}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGapped(t, "3.0.0", options...)
			if g.Setting("Register_Server") != true {
				t.Fatal("the trap is gone: the wish of a fresh 3.0 is off")
			}
			ticket := g.ask(t, g.run(t))
			g.courier(t)
			result, err := g.over(t, clienttest.Refusing("cloud.manualRegister")).Resume(t.Context(), ticket)
			clienttest.Expect(t, "a workspace that fails", result, err, registration.ErrRejected, false)
			result, err = g.run(t).Resume(t.Context(), ticket)
			clienttest.Expect(t, "resume", result, err, nil, true)
			if g.Setting("Register_Server") != true {
				t.Error("the wish is off: the workspace would count as disconnected")
			}
			g.expectArchived(t, ticket)
		})
	}
}

func TestC4OfflineForgetsNoIdentity(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "6.5", "", func(t *testing.T, v string) {
		g := newGapped(t, v)
		client := g.registered(t)
		result, err := client.Disconnect(t.Context())
		clienttest.Expect(t, "disconnect", result, err, registration.ErrUnsupported, false)
		if result, err = client.Register(t.Context(), registration.Request{}); err != nil || result.Changed || g.asked("fingerprint") != 0 {
			t.Errorf("the workspace was changed: %+v, %v", result, err)
		}
	})
}

// TestA15OfflineRegisters: what is handed over asks the Cloud nothing, and its license takes the place of the offline one.
func TestA15OfflineRegisters(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "8.7", "", func(t *testing.T, v string) {
		g := newGapped(t, v, registrationtest.WithLicense(registrationtest.LicenseSpec{Offline: true}))
		ticket := g.ask(t, g.run(t))
		g.courier(t)
		result, err := g.run(t).Resume(t.Context(), ticket)
		clienttest.Expect(t, "resume without consent", result, err, failure.LicenseWorse, false)
		ticket.ReplaceLicense = true
		result, err = g.run(t).Resume(t.Context(), ticket)
		clienttest.Expect(t, "resume", result, err, nil, true)
	})
}
