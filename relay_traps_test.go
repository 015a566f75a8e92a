package registration_test

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/faults"
	"github.com/rcreg/registration/workspace"
)

// The traps of docs/traps.md, as a relay meets them.

func TestA8RelayProvesTheCredentials(t *testing.T) {
	t.Parallel()
	eachVersion(t, "3.0", "", func(t *testing.T, v string) {
		r := newRelayed(t, v)
		client := r.run(t)
		r.Cloud().SetFault(faults.Fault{Call: faults.CallToken, Kind: faults.Unauthorized})
		result, err := client.Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
		expect(t, "register", result, err, registration.ErrRejected, false)
		if id := r.Setting("Cloud_Workspace_Client_Id"); id != nil && id != "" {
			t.Errorf("the workspace was given credentials that nobody has tried: %v", id)
		}
	})
}

func TestA11ManualRegisterSucceedsAlthoughNotRegistered(t *testing.T) {
	t.Parallel()
	eachVersion(t, "3.18", "", func(t *testing.T, v string) {
		r := newRelayed(t, v)
		direct := openWithToken(t, r.Workspace, r.clock)
		grant := r.grant(t)
		claims(t, func() error {
			return direct.Session().ManualRegister(t.Context(), without(t, grant, "client_id").Blob())
		}, true)
		expectState(t, direct, registration.Unregistered)
	})
	t.Run("whatever the grant", func(t *testing.T) {
		t.Parallel()
		r := newRelayed(t, "6.13.0")
		client := r.runBehind(t, says(http.StatusOK, `{"success":true}`))
		result, err := client.Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
		expect(t, "register", result, err, registration.ErrRejected, false)
		r.expectNotes(t, "register", result, err)
		if _, kept := r.kept(t, "grants"); !kept || !strings.Contains(err.Error(), "is kept") {
			t.Errorf("the grant is kept: %t, %v", kept, err)
		}
		result, err = r.run(t).Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
		expect(t, "register again", result, err, nil, true)
		r.expectSpent(t, 1)
	})
}

func TestB6ManualRegisterFailsAlthoughRegistered(t *testing.T) {
	t.Parallel()
	t.Run("without a license", func(t *testing.T) {
		t.Parallel()
		eachVersion(t, "3.1", "", func(t *testing.T, v string) {
			r := newRelayed(t, v)
			direct := openWithToken(t, r.Workspace, r.clock)
			bare := without(t, r.grant(t), "licenseData")
			claims(t, func() error { return direct.Session().ManualRegister(t.Context(), bare.Blob()) }, false)
			expectState(t, direct, registration.Registered)
		})
	})
	t.Run("with a license that does not verify", func(t *testing.T) {
		t.Parallel()
		eachVersion(t, "6.5", "", func(t *testing.T, v string) {
			r := newRelayed(t, v)
			other := registrationtest.NewWorkspace(t, v, registrationtest.WithClock(r.clock))
			foreign := licenseText(t, other, registrationtest.LicenseSpec{})
			r.Cloud().SetLicense(foreign[:len(foreign)-8] + "AAAAAAAA")
			result, err := r.run(t).Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
			expect(t, "register", result, err, nil, true)
			r.expectNotes(t, "register", result, err, "may not have taken the license")
			r.expectPutAway(t)
		})
	})
}

func TestB7ManualRegisterFailsAndLeavesTheWishBehind(t *testing.T) {
	t.Parallel()
	eachVersion(t, "3.18", "6.5", func(t *testing.T, v string) {
		r := newRelayed(t, v)
		direct := openWithToken(t, r.Workspace, r.clock)
		claims(t, func() error {
			return direct.Session().ManualRegister(t.Context(), base64.StdEncoding.EncodeToString([]byte("{}")))
		}, false)
		if r.Setting("Register_Server") != true {
			t.Fatal("the trap is gone: the wish is not left behind")
		}
		// A workspace in that state is registered like any other.
		result, err := r.run(t).Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
		expect(t, "register", result, err, nil, true)
	})
}

func TestC1RelaySpendsNothingOnARegisteredWorkspace(t *testing.T) {
	t.Parallel()
	eachVersion(t, "3.0", "", func(t *testing.T, v string) {
		r := newRelayed(t, v)
		registerForReal(t, r.Workspace, r.clock)
		before := r.Setting("Cloud_Workspace_Client_Secret")
		result, err := r.run(t).Register(t.Context(), registration.Request{Token: r.Cloud().IssueToken()})
		expect(t, "register", result, err, nil, false)
		// Nor does a transport that does not look.
		if err := openWithToken(t, r.Workspace, r.clock).Session().HandOver(t.Context(), r.grant(t)); err == nil {
			t.Error("a registered workspace took another grant")
		}
		expectState(t, r.run(t), registration.Registered)
		if r.Setting("Cloud_Workspace_Client_Secret") != before {
			t.Error("the registration was replaced")
		}
	})
}

func TestC2AFresh30SaysThatItIsRegistered(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]registrationtest.Option{"plain": nil, "lag": {registrationtest.WithSettingsLag(settingsLag)}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRelayed(t, "3.0.0", options...)
			direct := openWithToken(t, r.Workspace, r.clock)
			grant := r.grant(t)
			claims(t, func() error { return direct.Session().ManualRegister(t.Context(), grant.Blob()) }, false)
			expectState(t, direct, registration.Unregistered)
			r.keep(t, grant)
			result, err := r.run(t).Register(t.Context(), registration.Request{Token: "some-token"})
			expect(t, "register", result, err, nil, true)
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
	ordinary, direct := openAs(t, r.Workspace, r.clock, r.User()), openWithToken(t, r.Workspace, r.clock)
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
	stuck := openOver(t, r.Workspace, r.clock, refusing("settings/Register_Server"))
	expectNone("a setting that stays", stuck.Session().HandOver(t.Context(), grant), workspace.ErrRefused)
}

// stoppingClock stops the operation as soon as it waits.
type stoppingClock struct {
	*registrationtest.Clock
	stop context.CancelFunc
}

func (c stoppingClock) Sleep(ctx context.Context, _ time.Duration) error {
	c.stop()
	return context.Cause(ctx)
}

// openByClock makes a client of the administrator that goes by a clock of its own.
func openByClock(t *testing.T, ws *registrationtest.Workspace, clock stoppingClock) *registration.Client {
	t.Helper()
	w, err := workspace.New(ws.URL(), workspace.Token(ws.Admin().UserID, ws.Admin().AuthToken), workspace.WithClock(clock))
	if err != nil {
		t.Fatal(err)
	}
	return clientOf(t, w)
}

// TestC2StoppedWhileItMakesRoom: nothing was handed over then, and nobody is left in doubt.
func TestC2StoppedWhileItMakesRoom(t *testing.T) {
	t.Parallel()
	r := newRelayed(t, "3.0.0", registrationtest.WithSettingsLag(settingsLag))
	grant := r.grant(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	client := openByClock(t, r.Workspace, stoppingClock{r.clock, stop})
	ctx, calls := workspace.Record(ctx)
	err := client.Session().HandOver(ctx, grant)
	if !errors.Is(err, context.Canceled) || errors.Is(err, workspace.ErrReplyLost) {
		t.Errorf("got %v, want context.Canceled and no doubt", err)
	}
	if asked := calls.List(); len(asked) != 3 {
		t.Errorf("beside two statuses and the setting it asked %v", asked)
	}
}
