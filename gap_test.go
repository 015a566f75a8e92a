package registration_test

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/offline"
	"github.com/rcreg/registration/registrationtest"
)

func gapIn(t *testing.T, folder string) registration.Transport {
	t.Helper()
	exchange, err := offline.OpenFolder(filepath.Join(folder, "exchange"))
	if err != nil {
		t.Fatal(err)
	}
	state, err := offline.OpenState(filepath.Join(folder, "state"))
	if err != nil {
		t.Fatal(err)
	}
	return registration.Offline(exchange, state)
}

func courier(t *testing.T, ws *registrationtest.Workspace, clock *registrationtest.Clock, folder string) {
	t.Helper()
	client, err := cloud.New(cloud.WithURL(ws.Cloud().URL()), cloud.WithClock(clock))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	exchange, err := offline.OpenFolder(filepath.Join(folder, "exchange"))
	if err != nil {
		t.Fatal(err)
	}
	ledger, err := offline.OpenLedger(filepath.Join(folder, "ledger"))
	if err != nil {
		t.Fatal(err)
	}
	defer ledger.Close()
	c := &offline.Courier{Cloud: client, Tokens: offline.OneToken(ws.Cloud().IssueToken()), Folder: exchange, Ledger: ledger, KeepGrants: true, Clock: clock}
	report, err := c.Run(t.Context())
	if err != nil || report.Count(offline.Answered) != 1 {
		t.Fatalf("%v %+v", err, report)
	}
}

func TestOffline(t *testing.T) {
	t.Parallel()
	for _, v := range versions() {
		t.Run(v, func(t *testing.T) {
			t.Parallel()
			ws, clock := start(t, v)
			folder := t.TempDir()
			client := openWithToken(t, ws, clock, registration.WithTransport(gapIn(t, folder)))
			result, err := client.Register(t.Context(), registration.Request{})
			expect(t, "register", result, err, registration.ErrPending, false)
			var pending *registration.PendingError
			errors.As(err, &pending)
			t.Log(err)
			courier(t, ws, clock, folder)
			result, err = client.Wait(t.Context(), pending.Ticket)
			expect(t, "wait", result, err, nil, true)
			t.Log(result.Notes)
			result, err = client.Resume(t.Context(), pending.Ticket)
			expect(t, "resume again", result, err, nil, false)
			if before(t, v, "3.10") {
				return
			}
			result, err = client.Sync(t.Context())
			expect(t, "sync", result, err, registration.ErrPending, false)
			courier(t, ws, clock, folder)
			result, err = client.Sync(t.Context())
			expect(t, "sync", result, err, nil, false)
			t.Log(result.Notes)
			if !before(t, v, "6.5") {
				return
			}
			result, err = client.Disconnect(t.Context())
			expect(t, "disconnect", result, err, nil, true)
			result, err = client.Reconnect(t.Context())
			expect(t, "reconnect", result, err, nil, true)
		})
	}
}
