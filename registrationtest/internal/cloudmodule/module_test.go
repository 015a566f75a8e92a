package cloudmodule_test

import (
	"context"
	"encoding/json"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/rcreg/registration/internal/clock"
	"github.com/rcreg/registration/registrationtest/internal/cloudmodule"
	"github.com/rcreg/registration/registrationtest/internal/release"
	"github.com/rcreg/registration/registrationtest/internal/server"
	"github.com/rcreg/registration/registrationtest/internal/settings"
)

func TestNewNeedsSettingsAndAClock(t *testing.T) {
	t.Parallel()
	store := settings.New(clock.System(), 0, nil)
	for _, config := range []cloudmodule.Config{{}, {Settings: store}, {Clock: clock.System()}} {
		if _, err := cloudmodule.New(config); err == nil {
			t.Errorf("New takes %+v", config)
		}
	}
	module, err := cloudmodule.New(cloudmodule.Config{Release: release.MustParse("6.5.0"), Settings: store, Clock: clock.System()})
	if err != nil {
		t.Fatal(err)
	}
	defer module.Close()
	if status, err := module.Status(); err != nil || status["email"] != "" {
		t.Errorf("without an owner the status is %v, %v", status, err)
	}
	if err := module.ApplyLicense("whatever"); err != nil {
		t.Errorf("without a check a license is refused: %v", err)
	}
}

// roundTrip is a transport made of a function.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// The work goes on when the caller has left, and ends when the server does.
func TestCloseEndsWhatCallersHaveLeft(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"4.8.0", "8.6.1"} { // without and with a time limit
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { closeAfterLeaving(t, release.MustParse(version)) })
		})
	}
}

func closeAfterLeaving(t *testing.T, rel release.Release) {
	var ended atomic.Bool
	module, err := cloudmodule.New(cloudmodule.Config{
		Release: rel, Clock: clock.System(),
		Settings: settings.New(clock.System(), 0, settings.Initial(rel, settings.Fresh{CloudURL: cloudURL})),
		Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			ended.Store(true)
			return nil, r.Context().Err()
		}),
	})
	if err != nil {
		t.Fatal(err)
	}
	methods := registrar{}
	module.Register(methods)
	ctx, leave := context.WithCancel(t.Context())
	done := make(chan any, 1)
	go func() {
		result, _ := methods["cloud:connectWorkspace"].Run(&server.Request{ // the result is enough
			Context: ctx, Caller: &server.User{Admin: true}, Params: []json.RawMessage{json.RawMessage(`"token"`)},
		})
		done <- result
	}()
	synctest.Wait()
	leave()
	synctest.Wait()
	if ended.Load() {
		t.Error("the call ended with its caller")
	}
	module.Close()
	if result := <-done; result != false {
		t.Errorf("connect says %v", result)
	}
}

// registrar keeps methods.
type registrar map[string]server.Method

func (registrar) AddEndpoint(server.Endpoint) {}
func (r registrar) AddMethod(m server.Method) { r[m.Name] = m }

// An address that is none fails like a Cloud that is down.
func TestMalformedCloudURL(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"4.8.0", "6.5.0"} {
		b := newBench(t, version)
		b.settings.Set("Cloud_Url", "://nowhere")
		if got, err := b.call("connectWorkspace", "token"); err != nil || got != false {
			t.Errorf("%s: connect says %v, %v", version, got, err)
		}
	}
}

// A server that was upgraded forgets a registration from before just as well.
func TestUpgradedServerForgetsItsRegistration(t *testing.T) {
	t.Parallel()
	rel := release.MustParse("6.5.0")
	kept := settings.Initial(rel, settings.Fresh{CloudURL: cloudURL})
	kept["Cloud_Workspace_Client_Id"], kept["Cloud_Workspace_Client_Secret"] = "client", "secret"
	store := settings.New(clock.System(), 0, kept)
	cloud := newStandIn(nil)
	cloud.set("/token", refuse(http.StatusBadRequest, "oauth_invalid_client_credentials"))
	module, err := cloudmodule.New(cloudmodule.Config{
		Release: rel, Settings: store, Clock: clock.System(), Transport: cloud.transport(),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer module.Close()
	module.SupportedVersions(t.Context()) // asks for an access token
	if status, err := module.Status(); err != nil || status["workspaceRegistered"] != false {
		t.Errorf("the status is %v, %v", status, err)
	}
}
