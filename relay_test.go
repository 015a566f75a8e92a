package registration_test

import (
	"path/filepath"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/offline"
	"github.com/rcreg/registration/registrationtest"
)

// relayTo makes a relay to the Cloud of a fake workspace, with its vaults in a folder.
func relayTo(t *testing.T, ws *registrationtest.Workspace, clock *registrationtest.Clock, folder string) registration.Transport {
	t.Helper()
	client, err := cloud.New(cloud.WithURL(ws.Cloud().URL()), cloud.WithClock(clock))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	return registration.Relay(client,
		registration.GrantsIn(openVault(t, filepath.Join(folder, "grants"))), registration.LicensesWith(openVault(t, filepath.Join(folder, "registered"))))
}

func openVault(t *testing.T, path string) *offline.Vault {
	t.Helper()
	vault, err := offline.OpenVault(path)
	if err != nil {
		t.Fatal(err)
	}
	return vault
}

func TestRelay(t *testing.T) {
	t.Parallel()
	for _, v := range versions() {
		t.Run(v, func(t *testing.T) {
			t.Parallel()
			ws, clock := start(t, v)
			client := openWithToken(t, ws, clock, registration.WithTransport(relayTo(t, ws, clock, t.TempDir())))
			token := ws.Cloud().IssueToken()
			result, err := client.Register(t.Context(), registration.Request{Token: token})
			expect(t, "register", result, err, nil, true)
			t.Log(result.Notes)
			result, err = client.Register(t.Context(), registration.Request{Token: token})
			expect(t, "register again", result, err, nil, false)
			t.Log(result.Notes)
			result, err = client.Sync(t.Context())
			if before(t, v, "3.10") {
				expect(t, "sync", result, err, registration.ErrUnsupported, false)
			} else {
				expect(t, "sync", result, err, nil, false)
			}
			t.Log(result.Notes)
			if !before(t, v, "6.5") {
				return
			}
			result, err = client.Disconnect(t.Context())
			expect(t, "disconnect", result, err, nil, true)
			result, err = client.Reconnect(t.Context())
			expect(t, "reconnect", result, err, nil, true)
			t.Log(result.Notes)
		})
	}
}

func TestRelayByEmail(t *testing.T) {
	t.Parallel()
	for _, v := range versions() {
		t.Run(v, func(t *testing.T) {
			t.Parallel()
			ws, clock := start(t, v)
			client := openWithToken(t, ws, clock, registration.WithTransport(relayTo(t, ws, clock, t.TempDir())))
			ticket := pendingTicket(t, client)
			result, err := client.Resume(t.Context(), ticket)
			expect(t, "resume too early", result, err, registration.ErrPending, false)
			if err := ws.Cloud().ConfirmDevice(ticket.DeviceCode); err != nil {
				t.Fatal(err)
			}
			result, err = client.Wait(t.Context(), ticket)
			expect(t, "wait", result, err, nil, true)
		})
	}
}
