package cloudmodule

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/rcreg/registration/registrationtest/internal/release"
)

const (
	tokenSetting  = "Cloud_Workspace_Access_Token"
	expirySetting = "Cloud_Workspace_Access_Token_Expires_At"

	// workspaceScopes are what a workspace asks for when it names no scope.
	workspaceScopes = "workspace:license:read workspace:client:write workspace:stats:write workspace:push:send " +
		"marketplace:read marketplace:download fedhub:register"

	// removedCode is the one answer by which a workspace learns that the Cloud has dropped it.
	removedCode = "oauth_invalid_client_credentials"
)

// tokenWish says what kind of access token is wanted.
type tokenWish struct {
	fresh   bool   // not the cached one
	scope   string // "" for the usual ones
	unsaved bool   // do not cache it
}

// accessGrant is the Cloud's answer to a request for an access token.
type accessGrant struct {
	token   any // undefined when the answer had none
	expires time.Time
	scope   any
}

// usable is the token as text, or "".
func (g accessGrant) usable() string {
	token, _ := g.token.(string)
	return token
}

// accessToken returns an access token, or "" when there is none to be had. Its error is errTokenRefused, which callers
// before 6.5 do not meet, or that of the status.
func (m *Module) accessToken(ctx context.Context, wish tokenWish) (string, error) {
	status, err := m.registration()
	if err != nil || !m.connected(status) {
		return "", err
	}
	if wish.scope == "" {
		wish.scope = workspaceScopes
	}
	if !wish.fresh {
		if token, cached := m.cachedToken(wish.scope); cached {
			return token, nil
		}
	}
	grant, err := m.requestToken(ctx, wish.scope)
	failed := err != nil
	if failed {
		grant = accessGrant{token: "", expires: m.now(), scope: ""}
	}
	// Before 3.18 a failure leaves the cached token alone; later it is overwritten with an empty one.
	if !wish.unsaved && (!failed || m.rel.Since("3.18")) {
		m.saveToken(grant)
	}
	return grant.usable(), nil
}

// cachedToken returns the cached token while it is good. Its expiry is read from the database, but the token itself
// from the cache, which may still hold an older one.
func (m *Module) cachedToken(scope string) (string, bool) {
	if m.keepsCredentials() {
		m.mu.Lock()
		defer m.mu.Unlock()
		grant, known := m.credentials[scope]
		return grant.usable(), known && m.now().Before(grant.expires)
	}
	expires, ok := m.settings.Stored(expirySetting).(time.Time)
	if !ok || !m.now().Before(expires) {
		return "", false
	}
	return m.settings.String(tokenSetting), true
}

// keepsCredentials reports whether access tokens live in a collection of their own, by scope, instead of in settings.
func (m *Module) keepsCredentials() bool { return m.rel.Has(release.CredentialsByScope) }

// dropCredentials forgets the access tokens that are no settings.
func (m *Module) dropCredentials() {
	m.mu.Lock()
	defer m.mu.Unlock()
	clear(m.credentials)
}

func (m *Module) saveToken(grant accessGrant) {
	if m.keepsCredentials() {
		m.mu.Lock()
		defer m.mu.Unlock()
		scope, ok := grant.scope.(string)
		if ok {
			m.credentials[scope] = grant
			return
		}
		// The database leaves out what is undefined, so that an answer without a scope is written over the first token that
		// there is: its text stays, its time is that of the answer.
		if first, known := m.credentials[workspaceScopes]; known {
			first.expires = grant.expires
			m.credentials[workspaceScopes] = first
		}
		return
	}
	m.update(tokenSetting, grant.token)
	m.update(expirySetting, grant.expires)
}

// requestToken asks the Cloud for an access token, and forgets the registration when the Cloud has.
func (m *Module) requestToken(ctx context.Context, scope string) (accessGrant, error) {
	call := cloudCall{
		method: http.MethodPost,
		url:    m.cloudURL("/api/oauth/token"),
		form: url.Values{
			"client_id":     {text(m.settings.Get("Cloud_Workspace_Client_Id"))},
			"client_secret": {text(m.settings.Get("Cloud_Workspace_Client_Secret"))},
			"scope":         {scope},
			"grant_type":    {"client_credentials"},
			"redirect_uri":  {m.redirectURI()},
		},
		timeout: m.tokenTimeout(),
	}
	if m.rel.Before("6.4") {
		return m.requestTokenMeteor(ctx, call)
	}
	reply, err := m.send(ctx, call)
	if err != nil {
		return accessGrant{}, err
	}
	answer, err := m.json(reply)
	if err != nil {
		return accessGrant{}, err
	}
	// 6.4 does not look whether the answer is an error, and so never learns that it was dropped.
	if m.rel.Since("6.5") && reply.status >= http.StatusBadRequest && property(answer, "error") == removedCode {
		m.forget()
		return accessGrant{}, errTokenRefused
	}
	if answer == nil {
		return accessGrant{}, errTokenEmpty
	}
	return m.grantOf(answer), nil
}

func (m *Module) tokenTimeout() time.Duration {
	switch {
	case m.rel.Since("6.8"):
		return 5 * time.Second
	case m.rel.Since("6.5"):
		return 3 * time.Second
	}
	return 0
}

func (m *Module) requestTokenMeteor(ctx context.Context, call cloudCall) (accessGrant, error) {
	answer, err := m.meteorHTTP(ctx, call)
	if refused, ok := err.(*statusError); ok && refused.code() == removedCode { //nolint:errorlint // never wrapped
		m.drop()
	}
	if err != nil {
		return accessGrant{}, err
	}
	if answer == nil {
		return accessGrant{}, errTokenEmpty
	}
	return m.grantOf(answer), nil
}

// grantOf reads the answer. One without a lifetime makes an invalid date, which is stored as the epoch.
func (m *Module) grantOf(answer any) accessGrant {
	grant := accessGrant{
		token:   property(answer, "access_token"),
		expires: time.Unix(0, 0).UTC(),
		scope:   property(answer, "scope"),
	}
	if seconds, ok := property(answer, "expires_in").(float64); ok {
		grant.expires = m.now().Add(time.Duration(seconds * float64(time.Second)))
	}
	return grant
}
