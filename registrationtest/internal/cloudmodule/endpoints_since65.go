package cloudmodule

import (
	"net/http"

	"github.com/rcreg/registration/registrationtest/internal/server"
)

// heavyLimit is how often a minute a caller may sync or remove the license.
const heavyLimit = 2

func (m *Module) syncEndpoint() server.Endpoint {
	return server.Endpoint{
		Path: "cloud.syncWorkspace", Verb: http.MethodPost, Permission: manageCloud, Declared: true, Limit: heavyLimit,
		Run: func(r *server.Request) (map[string]any, error) {
			if m.sync(r.Context) != nil {
				return nil, errSync
			}
			return nil, nil
		},
	}
}

func (m *Module) removeLicenseEndpoint() server.Endpoint {
	return server.Endpoint{
		Path: "cloud.removeLicense", Verb: http.MethodPost, Permission: manageCloud, Declared: true, Limit: heavyLimit,
		Run: func(r *server.Request) (map[string]any, error) {
			if m.removeCloudLicense(r.Context) != nil {
				return nil, errLicenseRemoval
			}
			return nil, nil
		},
	}
}

func (m *Module) checkoutEndpoint() server.Endpoint {
	return server.Endpoint{
		Path: "cloud.checkoutUrl", Verb: http.MethodGet, Permission: manageCloud, Declared: true,
		Run: func(r *server.Request) (map[string]any, error) {
			link := m.checkoutURL(r.Context)
			if !truthy(link) {
				return nil, &server.Failure{}
			}
			return map[string]any{"url": link}, nil
		},
	}
}

// fingerprintEndpoint is open to any user who is logged in up to 8.5.
func (m *Module) fingerprintEndpoint() server.Endpoint {
	e := server.Endpoint{
		Path: "fingerprint", Verb: http.MethodPost,
		Check: checkFingerprint,
		Run: func(r *server.Request) (map[string]any, error) {
			m.setDeployment(text(r.Body["setDeploymentAs"]))
			return nil, nil
		},
	}
	if m.rel.Since("8.6") {
		e.Permission = manageCloud
	}
	return e
}

func checkFingerprint(r *server.Request) error {
	const code = "invalid-params"
	field := server.Field{Name: "setDeploymentAs", Type: "string"}
	if err := server.SchemaFields(code, r.Value, field); err != nil {
		return err
	}
	switch r.Body[field.Name] {
	case newWorkspace, updatedConfiguration:
		return nil
	}
	return &server.MeteorError{Code: code, Reason: "must be equal to one of the allowed values"}
}
