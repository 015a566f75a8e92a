// Package settingsapi is the settings/:_id endpoint of a fake server: who may read and write a setting over REST, and
// what happens to one that is hidden, unknown, or of the wrong type.
//
//	api := settingsapi.New(settingsapi.Config{Release: rel, Settings: store})
//	api.Register(srv)
package settingsapi

import (
	"errors"
	"net/http"
	"strings"

	"github.com/rcreg/registration/registrationtest/internal/release"
	"github.com/rcreg/registration/registrationtest/internal/server"
	"github.com/rcreg/registration/registrationtest/internal/settings"
)

// Config is what the endpoint needs.
type Config struct {
	Release  release.Release
	Settings *settings.Store
	// Computed are settings that another part of the server keeps, by their ids. May be nil.
	Computed map[string]func() any
}

// API is the endpoint.
type API struct {
	Config
}

// New returns the endpoint.
func New(config Config) *API { return &API{config} }

// Register adds the endpoint's two verbs. Before 7.0 their handlers look at the permission themselves, ahead of the
// body.
func (a *API) Register(srv *server.Server) {
	const path = "settings/:_id"
	declared := a.Release.Has(release.WholeRefusals)
	srv.AddEndpoint(server.Endpoint{
		Path: path, Verb: http.MethodGet, Permission: "view-privileged-setting", Declared: declared, Run: a.read,
	})
	srv.AddEndpoint(server.Endpoint{
		Path: path, Verb: http.MethodPost, Permission: "edit-privileged-setting", Declared: declared, TwoFactor: true,
		Schema: a.Release.Has(release.SettingsSchema), Check: a.checkObject, Run: a.write,
	})
	if a.Release.Has(release.SettingsAtOnce) {
		srv.AddEndpoint(server.Endpoint{
			Path: "settings", Verb: http.MethodPost, Schema: true, Check: a.checkBatch, TwoFactor: true, EachTime: true, Run: a.writeBatch,
		})
	}
	srv.AddEndpoint(server.Endpoint{Path: "settings.public", Verb: http.MethodGet, Anonymous: true, Run: a.public})
}

// checkObject refuses a list in the place of an object, where the release looks.
func (a *API) checkObject(r *server.Request) error {
	if r.Body == nil && a.Release.Has(release.SettingsSchema) {
		return &server.MeteorError{Code: "invalid-params", Reason: "must be object"}
	}
	return nil
}

// strict reports whether the handler looks for the setting before it uses it, and answers a failure without a word.
func (a *API) strict() bool { return a.Release.Since("4.0") }

func (a *API) read(r *server.Request) (map[string]any, error) {
	id := r.Path["_id"]
	if value, ok := a.value(id); ok {
		return map[string]any{"_id": id, "value": value}, nil
	}
	if a.strict() {
		return nil, &server.Failure{}
	}
	return nil, nil
}

func (a *API) value(id string) (any, bool) {
	if hidden(id) || !a.Settings.Has(id) {
		return nil, false
	}
	if compute := a.Computed[id]; compute != nil {
		return compute(), true
	}
	return a.Settings.Stored(id), true
}

// errNoSetting is the TypeError of the releases that use a setting before they look whether there is one.
var errNoSetting = errors.New("Cannot read property 'type' of undefined") //nolint:staticcheck // the engine's sentence

func (a *API) write(r *server.Request) (map[string]any, error) {
	id := r.Path["_id"]
	known := !hidden(id) && a.Settings.Has(id)
	value, given := r.Body["value"]
	if !a.strict() {
		if !known {
			return nil, errNoSetting
		}
		if err := server.MatchFields(r.Value, server.Field{Name: "value"}); err != nil {
			return nil, err
		}
	}
	if !known || !given {
		return nil, &server.Failure{}
	}
	a.Settings.Set(id, value) // any type is stored as it comes
	return nil, nil
}

// hidden reports whether a setting is kept from the REST API: what belongs to the registration, except for the wish to be
// registered and the consent.
func hidden(id string) bool {
	switch id {
	case "Cloud_Service_Agree_PrivacyTerms":
		return false
	case "Enterprise_License_Data":
		return true
	}
	return strings.HasPrefix(id, "Cloud_") || strings.HasPrefix(id, "Deployment_FingerPrint_")
}
