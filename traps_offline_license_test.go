package registration_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/registrationtest"
)

func TestA15OfflineLicenseForbidsTheCloud(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "8.7", "", func(t *testing.T, v string) {
		ws, clock := clienttest.Start(t, v, registrationtest.WithLicense(registrationtest.LicenseSpec{Offline: true}))
		client := clienttest.OpenWithToken(t, ws, clock)
		license, err := client.License(t.Context())
		if err != nil || !license.Offline || license.State != registration.LicenseInForce {
			t.Errorf("the license shows as %+v, %v", license, err)
		}
		token := ws.Cloud().IssueToken()
		for _, request := range []registration.Request{{Token: token}, {Email: "admin@example.com"}} {
			result, err := client.Register(t.Context(), request)
			clienttest.Expect(t, request.String(), result, err, failure.OfflineLicense, false)
			var failed *registration.Error
			if !errors.As(err, &failed) || failed.Unspent != (request.Token != "") || failure.KindOf(err) != failure.OfflineLicense || !errors.Is(err, registration.ErrUnsupported) {
				t.Errorf("%s: %v", request, err)
			}
			if ways := failure.Remedies(err); len(ways) != 3 || ways[0] != (failure.Remedy{Act: failure.UseTransport, With: "relay"}) {
				t.Errorf("%s: the ways out are %v", request, ways)
			}
		}
		if spent := ws.Cloud().SpentTokens(); len(spent) != 0 || len(ws.Cloud().History()) != 0 {
			t.Errorf("the Cloud was asked: %d tokens are spent", len(spent))
		}
	})
}

func TestA15SyncOfAnOfflineLicenseAsksNobody(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "8.7", "", func(t *testing.T, v string) {
		ws, client := registeredWorkspace(t, v)
		if result, err := client.ApplyLicense(t.Context(), clienttest.LicenseText(t, ws, registrationtest.LicenseSpec{Offline: true})); err != nil || !result.After.Offline {
			t.Fatalf("the license shows as %+v, %v", result.After, err)
		}
		ws.Cloud().ClearHistory()
		clienttest.Claims(t, func() error { return client.Session().Sync(t.Context()) }, true)
		result, err := client.Sync(t.Context())
		clienttest.Expect(t, "sync", result, err, failure.OfflineLicense, false)
		if ways := failure.Remedies(err); len(ways) != 1 || ways[0].Act != failure.OtherLicense {
			t.Errorf("the ways out are %v", ways)
		}
		if n := len(ws.Cloud().History()); n != 0 {
			t.Errorf("the Cloud was asked %d times", n)
		}
		manager := clienttest.OpenAs(t, ws, registrationtest.NewClock(testStart), ws.Manager())
		result, err = manager.Sync(t.Context())
		if err != nil || len(result.Notes) != 1 || !strings.Contains(result.Notes[0], "offline license") {
			t.Errorf("who may not see the license is told %q, %v", result.Notes, err)
		}
		if _, err := client.ApplyLicense(t.Context(), clienttest.LicenseText(t, ws, registrationtest.LicenseSpec{})); err != nil {
			t.Fatal(err)
		}
		result, err = client.Sync(t.Context())
		clienttest.Expect(t, "sync with another license", result, err, nil, false)
		if n := len(ws.Cloud().History()); n == 0 {
			t.Error("the Cloud was not asked")
		}
	})
	t.Run("obeyed from 8.7", func(t *testing.T) {
		t.Parallel()
		ws, clock := clienttest.Start(t, "8.6.1", registrationtest.WithLicense(registrationtest.LicenseSpec{Offline: true}))
		client := clienttest.OpenWithToken(t, ws, clock)
		result, err := client.Register(t.Context(), registration.Request{Token: ws.Cloud().IssueToken()})
		clienttest.Expect(t, "register", result, err, nil, true)
		result, err = client.Sync(t.Context())
		clienttest.Expect(t, "sync", result, err, nil, false)
	})
}
