package cloudmodule

import (
	"net/http"

	"github.com/rcreg/registration/registrationtest/internal/release"
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

// fingerprintEndpoint is open to any user who is logged in where it asks for no permission.
func (m *Module) fingerprintEndpoint() server.Endpoint {
	e := server.Endpoint{
		Path: "fingerprint", Verb: http.MethodPost,
		Schema: true,
		Check: func(r *server.Request) error {
			return server.SchemaFields(m.rel, invalidParams, r.Value, server.Field{
				Name: "setDeploymentAs", Type: "string", OneOf: []string{newWorkspace, updatedConfiguration},
			})
		},
		Run: func(r *server.Request) (map[string]any, error) {
			m.setDeployment(text(r.Body["setDeploymentAs"]))
			return nil, nil
		},
	}
	if m.rel.Has(release.FingerprintGuarded) {
		e.Permission, e.Declared = manageCloud, true
	}
	return e
}
