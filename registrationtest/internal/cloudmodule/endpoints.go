package cloudmodule

import (
	"net/http"

	"github.com/rcreg/registration/registrationtest/internal/release"
	"github.com/rcreg/registration/registrationtest/internal/server"
)

// The permissions that the endpoints ask for.
const (
	manageCloud     = "manage-cloud"
	registerOnCloud = "register-on-cloud"
)

// invalidParams is the code of a body that a schema does not allow.
const invalidParams = "invalid-params"

// addEndpoints adds what the release has.
func (m *Module) addEndpoints(r Registrar) {
	r.AddEndpoint(m.manualRegisterEndpoint())
	for _, e := range []struct {
		since string
		make  func() server.Endpoint
	}{
		{"4.4", m.intentEndpoint},
		{"4.4", m.pollEndpoint},
		{"4.6", m.statusEndpoint},
		{"6.0", m.preIntentEndpoint},
		{"6.5", m.syncEndpoint},
		{"6.5", m.removeLicenseEndpoint},
		{"6.5", m.checkoutEndpoint},
		{"6.5", m.fingerprintEndpoint},
		{"8.7", m.connectEndpoint},
		{"8.9", m.registerDataEndpoint},
	} {
		if m.rel.Since(e.since) {
			r.AddEndpoint(e.make())
		}
	}
}

// declared makes an endpoint one whose route names its permission and, with a check, its schema, where the release has it so.
func (m *Module) declared(e server.Endpoint) server.Endpoint {
	e.Declared = m.rel.Has(release.WholeRefusals)
	e.Schema = e.Check != nil && m.rel.Has(release.BodySchemas)
	return e
}

// checkBody checks a body the way of the release.
func (m *Module) checkBody(fields ...server.Field) func(*server.Request) error {
	return func(r *server.Request) error {
		if m.rel.Has(release.BodySchemas) {
			return server.SchemaFields(m.rel, invalidParams, r.Value, fields...)
		}
		return server.MatchFields(r.Value, fields...)
	}
}

func (m *Module) manualRegisterEndpoint() server.Endpoint {
	e := server.Endpoint{
		Path: "cloud.manualRegister", Verb: http.MethodPost,
		Check: m.checkBody(server.Field{Name: "cloudBlob", Type: "string"}),
		Run: func(r *server.Request) (map[string]any, error) {
			return nil, m.manualRegister(r.Context, text(r.Body["cloudBlob"]))
		},
	}
	if m.rel.Before("4.8") {
		e.AdminOnly = true
	} else {
		e.Permission = registerOnCloud
	}
	return m.declared(e)
}

func (m *Module) intentEndpoint() server.Endpoint {
	return m.declared(server.Endpoint{
		Path: "cloud.createRegistrationIntent", Verb: http.MethodPost, Permission: manageCloud,
		Check: m.checkBody(server.Field{Name: "resend", Type: "boolean"}, server.Field{Name: "email", Type: "string"}),
		Run: func(r *server.Request) (map[string]any, error) {
			intent, err := m.createIntent(r.Context, coerceBool(r.Body["resend"]), text(r.Body["email"]))
			if err != nil {
				return nil, err
			}
			return map[string]any{"intentData": intent}, nil
		},
	})
}

// coerceBool is what a validator makes of a value where a boolean is expected.
func coerceBool(value any) bool { return value == true || value == "true" || value == 1.0 }

func (m *Module) pollEndpoint() server.Endpoint {
	return m.declared(server.Endpoint{
		Path: "cloud.confirmationPoll", Verb: http.MethodGet, Permission: manageCloud,
		Check: m.checkPoll,
		Run: func(r *server.Request) (map[string]any, error) {
			code := r.Query.Get("deviceCode")
			if code == "" {
				return nil, errInvalidQuery
			}
			data, err := m.poll(r.Context, code)
			if err != nil {
				return nil, err
			}
			if !truthy(data) {
				return nil, errInvalidQuery
			}
			return map[string]any{"pollData": data}, nil
		},
	})
}

func (m *Module) checkPoll(r *server.Request) error {
	query := make(map[string]any, len(r.Query))
	for name, values := range r.Query {
		query[name] = values[0]
		if len(values) > 1 {
			query[name] = values // a list, which is no text
		}
	}
	field := server.Field{Name: "deviceCode", Type: "string", Filled: true}
	if m.rel.Has(release.BodySchemas) {
		return server.SchemaFields(m.rel, server.QueryCode(m.rel), query, field)
	}
	return server.MatchFields(query, field)
}

func (m *Module) statusEndpoint() server.Endpoint {
	e := server.Endpoint{
		Path: "cloud.registrationStatus", Verb: http.MethodGet,
		Run: func(*server.Request) (map[string]any, error) {
			status, err := m.Status()
			if err != nil {
				return nil, err
			}
			return map[string]any{"registrationStatus": status}, nil
		},
	}
	if !m.rel.Has(release.StatusByPermission) {
		e.AdminOnly = true // the role: the permission is not enough
		return e
	}
	e.Permission = manageCloud
	return m.declared(e)
}

func (m *Module) preIntentEndpoint() server.Endpoint {
	return m.declared(server.Endpoint{
		Path: "cloud.registerPreIntent", Verb: http.MethodPost, Permission: manageCloud,
		Run: func(r *server.Request) (map[string]any, error) {
			reached, err := m.reachesCloud(r.Context)
			return map[string]any{"offline": !reached}, err
		},
	})
}

func (m *Module) connectEndpoint() server.Endpoint {
	return m.declared(server.Endpoint{
		Path: "cloud.connectWorkspace", Verb: http.MethodPost, Permission: manageCloud,
		Check: m.checkBody(server.Field{Name: "token", Type: "string", Filled: true}),
		Run: func(r *server.Request) (map[string]any, error) {
			connected, err := m.connect(r.Context, text(r.Body["token"]))
			if err == nil && !connected {
				err = errNotConnected
			}
			return nil, err
		},
	})
}

func (m *Module) registerDataEndpoint() server.Endpoint {
	return m.declared(server.Endpoint{
		Path: "cloud.workspaceRegisterData", Verb: http.MethodGet, Permission: manageCloud,
		Run: func(*server.Request) (map[string]any, error) {
			data, err := m.registerData()
			return map[string]any{"registerData": data}, err
		},
	})
}
