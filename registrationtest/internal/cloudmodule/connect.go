package cloudmodule

import (
	"context"
	"net/http"
)

// connect registers the workspace with a registration token, whether it is registered or not. It returns false for
// whatever went wrong; an error means that the server's code itself broke.
func (m *Module) connect(ctx context.Context, token any) (bool, error) {
	if m.offline() {
		return false, errOffline // the token is not spent
	}
	status, err := m.registration()
	if err != nil {
		return false, err
	}
	// A connect that then fails has all the same set the wish, and so revives an old registration.
	if m.hasWish() && !truthy(status.wish) {
		m.update("Register_Server", true)
	}
	answer, err := m.getJSON(ctx, cloudCall{
		method: http.MethodPost,
		url:    m.cloudURL("/api/oauth/clients"),
		bearer: token,
		json: map[string]any{
			"email":         m.settings.Get("Organization_Email"),
			"client_name":   m.settings.Get("Site_Name"),
			"redirect_uris": []string{m.redirectURI()},
		},
	})
	if err != nil || !truthy(answer) {
		return false, nil //nolint:nilerr // the reason is only logged
	}
	if err := m.saveGrant(ctx, answer); err != nil {
		if m.rel.Since("6.5") {
			return false, nil
		}
		return false, err
	}
	if m.rel.Before("3.18") {
		return m.proveCredentials(ctx)
	}
	return true, nil
}

// proveCredentials asks for an access token at once, as 3.0 and 3.1 do. Where the settings cache lags, the workspace
// does not know yet that it is registered, and the answer is false although it is.
func (m *Module) proveCredentials(ctx context.Context) (bool, error) {
	access, err := m.accessToken(ctx, tokenWish{fresh: true})
	return access != "", err
}
