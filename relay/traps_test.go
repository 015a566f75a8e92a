package relay_test

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/clienttest"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/faults"
	"github.com/rcreg/registration/workspace"
)

// The traps of docs/traps.md, as a relay meets them.

func TestA8RelayProvesTheCredentials(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.0", "", func(t *testing.T, v string) {
		r := newRelayed(t, v)
		client := r.run(t)
		r.Cloud().SetFault(faults.Fault{Call: faults.CallToken, Kind: faults.Unauthorized})
		result, err := client.Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
		clienttest.Expect(t, "register", result, err, registration.ErrRejected, false)
		if id := r.Setting("Cloud_Workspace_Client_Id"); id != nil && id != "" {
			t.Errorf("the workspace was given credentials that nobody has tried: %v", id)
		}
	})
}

func TestA11ManualRegisterSucceedsAlthoughNotRegistered(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.18", "", func(t *testing.T, v string) {
		r := newRelayed(t, v)
		direct := clienttest.OpenWithToken(t, r.Workspace, r.clock)
		grant := r.grant(t)
		clienttest.Claims(t, func() error {
			return direct.Session().ManualRegister(t.Context(), clienttest.Without(t, grant, "client_id").Blob())
		}, true)
		clienttest.ExpectState(t, direct, registration.Unregistered)
	})
	t.Run("whatever the grant", func(t *testing.T) {
		t.Parallel()
		r := newRelayed(t, "6.13.0")
		client := r.runBehind(t, clienttest.AnswerHandOver(http.StatusOK, `{"success":true}`))
		result, err := client.Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
		clienttest.Expect(t, "register", result, err, registration.ErrRejected, false)
		r.expectNotes(t, "register", result, err)
		if _, kept := r.kept(t, "grants"); !kept || !strings.Contains(err.Error(), "is kept") {
			t.Errorf("the grant is kept: %t, %v", kept, err)
		}
		result, err = r.run(t).Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
		clienttest.Expect(t, "register again", result, err, nil, true)
		r.expectSpent(t, 1)
	})
}

func TestB6ManualRegisterFailsAlthoughRegistered(t *testing.T) {
	t.Parallel()
	t.Run("without a license", func(t *testing.T) {
		t.Parallel()
		clienttest.EachVersion(t, "3.1", "", func(t *testing.T, v string) {
			r := newRelayed(t, v)
			direct := clienttest.OpenWithToken(t, r.Workspace, r.clock)
			bare := clienttest.Without(t, r.grant(t), "licenseData")
			clienttest.Claims(t, func() error { return direct.Session().ManualRegister(t.Context(), bare.Blob()) }, false)
			clienttest.ExpectState(t, direct, registration.Registered)
		})
	})
	t.Run("with a license that does not verify", func(t *testing.T) {
		t.Parallel()
		clienttest.EachVersion(t, "6.5", "", func(t *testing.T, v string) {
			r := newRelayed(t, v)
			other := registrationtest.NewWorkspace(t, v, registrationtest.WithClock(r.clock))
			foreign := clienttest.LicenseText(t, other, registrationtest.LicenseSpec{})
			r.Cloud().SetLicense(foreign[:len(foreign)-8] + "AAAAAAAA")
			result, err := r.run(t).Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
			clienttest.Expect(t, "register", result, err, nil, true)
			says := []string{"may not have taken the license"}
			if !clienttest.Before(t, v, "7.0") {
				says = append(says, "becomes read-only")
			}
			r.expectNotes(t, "register", result, err, says...)
			r.expectPutAway(t)
		})
	})
}

func TestB7ManualRegisterFailsAndLeavesTheWishBehind(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.18", "6.5", func(t *testing.T, v string) {
		r := newRelayed(t, v)
		direct := clienttest.OpenWithToken(t, r.Workspace, r.clock)
		clienttest.Claims(t, func() error {
			return direct.Session().ManualRegister(t.Context(), base64.StdEncoding.EncodeToString([]byte("{}")))
		}, false)
		if r.Setting("Register_Server") != true {
			t.Fatal("the trap is gone: the wish is not left behind")
		}
		// A workspace in that state is registered like any other.
		result, err := r.run(t).Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
		clienttest.Expect(t, "register", result, err, nil, true)
	})
}

func TestC1RelaySpendsNothingOnARegisteredWorkspace(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.0", "", func(t *testing.T, v string) {
		r := newRelayed(t, v)
		clienttest.RegisterForReal(t, r.Workspace, r.clock)
		before := r.Setting("Cloud_Workspace_Client_Secret")
		result, err := r.run(t).Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
		clienttest.Expect(t, "register", result, err, nil, false)
		r.expectSpent(t, 1) // when it was registered
		// Nor does a transport that does not look.
		if err := clienttest.OpenWithToken(t, r.Workspace, r.clock).Session().HandOver(t.Context(), r.grant(t)); err == nil {
			t.Error("a registered workspace took another grant")
		}
		clienttest.ExpectState(t, r.run(t), registration.Registered)
		if r.Setting("Cloud_Workspace_Client_Secret") != before {
			t.Error("the registration was replaced")
		}
	})
}

func TestC2AFresh30SaysThatItIsRegistered(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]registrationtest.Option{"plain": nil, "lag": {registrationtest.WithSettingsLag(clienttest.SettingsLag)}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRelayed(t, "3.0.0", options...)
			direct := clienttest.OpenWithToken(t, r.Workspace, r.clock)
			grant := r.grant(t)
			clienttest.Claims(t, func() error { return direct.Session().ManualRegister(t.Context(), grant.Blob()) }, false)
			clienttest.ExpectState(t, direct, registration.Unregistered)
			r.keep(t, grant)
			result, err := r.run(t).Register(t.Context(), registration.Request{Token: "some-token"})
			clienttest.Expect(t, "register", result, err, nil, true)
			r.expectNotes(t, "register", result, err, noteOfKept)
			if r.Setting("Register_Server") != true {
				t.Error("the wish is off: the workspace would count as disconnected")
			}
			r.expectPutAway(t)
		})
	}
}

// TestC2WithoutRoomNothingIsHandedOver: a 3.0 whose status cannot be read keeps its setting, and one whose setting stays as it is gets no grant.
func TestC2WithoutRoomNothingIsHandedOver(t *testing.T) {
	t.Parallel()
	r := newRelayed(t, "3.0.0")
	grant := r.grant(t)
	ordinary, direct := clienttest.OpenAs(t, r.Workspace, r.clock, r.User()), clienttest.OpenWithToken(t, r.Workspace, r.clock)
	expectNone := func(name string, err, want error) {
		t.Helper()
		if !errors.Is(err, want) {
			t.Errorf("%s: got %v, want %v", name, err, want)
		}
		if r.Setting("Register_Server") != true || r.isAskedToRegister() {
			t.Errorf("%s: the workspace was asked to change something", name)
		}
	}
	expectNone("an unreadable status", ordinary.Session().HandOver(t.Context(), grant), registration.ErrForbidden)
	expectNone("no grant", direct.Session().HandOver(t.Context(), cloud.Grant{}), registration.ErrInvalidGrant)
	stuck := clienttest.OpenOver(t, r.Workspace, r.clock, clienttest.Refusing("settings/Register_Server"))
	expectNone("a setting that stays", stuck.Session().HandOver(t.Context(), grant), workspace.ErrRefused)
}

// TestC2StoppedWhileItMakesRoom: nothing was handed over then, and nobody is left in doubt.
func TestC2StoppedWhileItMakesRoom(t *testing.T) {
	t.Parallel()
	r := newRelayed(t, "3.0.0", registrationtest.WithSettingsLag(clienttest.SettingsLag))
	grant := r.grant(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	client := clienttest.OpenByClock(t, r.Workspace, clienttest.StoppingClock{Clock: r.clock, Stop: stop})
	ctx, calls := workspace.Record(ctx)
	err := client.Session().HandOver(ctx, grant)
	if !errors.Is(err, context.Canceled) || errors.Is(err, workspace.ErrReplyLost) {
		t.Errorf("got %v, want context.Canceled and no doubt", err)
	}
	if asked := calls.List(); len(asked) != 3 {
		t.Errorf("beside two statuses and the setting it asked %v", asked)
	}
}

// TestA15RelayRegisters: what is handed over asks the Cloud nothing, and its license takes the place of the offline one.
func TestA15RelayRegisters(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "8.7", "", func(t *testing.T, v string) {
		r := newRelayed(t, v, registrationtest.WithLicense(registrationtest.LicenseSpec{Offline: true}))
		result, err := r.run(t).Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken(), ReplaceLicense: true})
		clienttest.Expect(t, "register", result, err, nil, true)
	})
}

func TestC7RelayNamesTheWays(t *testing.T) {
	t.Parallel()
	clienttest.EachVersion(t, "3.0", "", func(t *testing.T, v string) {
		r := newRelayed(t, v)
		r.registerRelayed(t)
		result, err := r.run(t).Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken(), Replace: true})
		clienttest.Expect(t, "relay", result, err, registration.ErrUnsupported, false)
		ways := failure.Remedies(err)
		if ways[0] != (failure.Remedy{Act: failure.UseTransport, With: "direct"}) || (len(ways) == 3) != !clienttest.Before(t, v, "6.5") {
			t.Errorf("the ways out are %v", ways)
		}
		if n := len(r.Cloud().SpentTokens()); n != 1 {
			t.Errorf("%d tokens are spent", n)
		}
	})
}
