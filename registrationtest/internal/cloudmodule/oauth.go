package cloudmodule

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/url"

	"github.com/rcreg/registration/registrationtest/internal/server"
)

const (
	userScopes   = "openid offline_access"
	stateSetting = "Cloud_Workspace_Registration_State"
)

// cloudLogin is the link of a local user to an account of the Cloud.
type cloudLogin struct{ access, refresh string }

// authorizationURL is where a user would log in to the Cloud.
func (m *Module) authorizationURL() string {
	state := randomID()
	m.update(stateSetting, state)
	return m.cloudURL("/authorize") + "?response_type=code&client_id=" + text(m.settings.Get("Cloud_Workspace_Client_Id")) +
		"&redirect_uri=" + m.redirectURI() + "&scope=" + userScopes + "&state=" + state
}

// finishAuthorization exchanges the code that the Cloud gave the user.
func (m *Module) finishAuthorization(ctx context.Context, user *server.User, code, state string) (bool, error) {
	if m.settings.Get(stateSetting) != state {
		return false, methodError("error-invalid-state", "Invalid state provided", "cloud:finishOAuthAuthorization")
	}
	answer, err := m.getJSON(ctx, cloudCall{
		method: http.MethodPost,
		url:    m.cloudURL("/api/oauth/token"),
		form: url.Values{
			"client_id":     {text(m.settings.Get("Cloud_Workspace_Client_Id"))},
			"client_secret": {text(m.settings.Get("Cloud_Workspace_Client_Secret"))},
			"grant_type":    {"authorization_code"},
			"scope":         {userScopes},
			"code":          {code},
			"redirect_uri":  {m.redirectURI()},
		},
	})
	if err != nil {
		return false, nil
	}
	if _, err := m.readProperty(answer, "access_token"); err != nil {
		return false, err
	}
	access, _ := property(answer, "access_token").(string)
	refresh, _ := property(answer, "refresh_token").(string)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.logins[user.ID] = cloudLogin{access: access, refresh: refresh}
	return true, nil
}

// loggedIn reports whether a user is linked to an account of the Cloud.
func (m *Module) loggedIn(user *server.User) (bool, error) {
	status, err := m.registration()
	if err != nil || !m.connected(status) {
		return false, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.logins[user.ID].access != "", nil
}

// logout ends the link of a user. It is true for a user who has none, and an empty text on a workspace that is not
// connected.
func (m *Module) logout(ctx context.Context, user *server.User) (any, error) {
	status, err := m.registration()
	if err != nil {
		return nil, err
	}
	if !m.connected(status) {
		return "", nil
	}
	m.mu.Lock()
	login := m.logins[user.ID]
	delete(m.logins, user.ID)
	m.mu.Unlock()
	if login.refresh != "" {
		_, _ = m.send(ctx, cloudCall{ // what the Cloud says to it is only logged
			method: http.MethodPost,
			url:    m.cloudURL("/api/oauth/revoke"),
			form: url.Values{
				"client_id":       {text(m.settings.Get("Cloud_Workspace_Client_Id"))},
				"client_secret":   {text(m.settings.Get("Cloud_Workspace_Client_Secret"))},
				"token":           {login.refresh},
				"token_type_hint": {"refresh_token"},
			},
		})
	}
	return true, nil
}

// randomID is an id of 17 characters that are hard to mix up, as the server makes them.
func randomID() string {
	const alphabet = "23456789ABCDEFGHJKLMNPQRSTWXYZabcdefghijkmnopqrstuvwxyz"
	raw := make([]byte, 17)
	rand.Read(raw)
	for i, b := range raw {
		raw[i] = alphabet[int(b)%len(alphabet)]
	}
	return string(raw)
}
