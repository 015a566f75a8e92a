package rocketcloud

import (
	"net/http"
	"strings"
	"time"
)

// accessLifetime is how long an access token works.
const accessLifetime = 24 * time.Hour

// access is an access token of a workspace.
type access struct {
	workspace *Registration
	scope     string
	expires   time.Time
}

// createClient registers a workspace with a registration token: the connect of every version, and the relay's.
func (c *Cloud) createClient(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Email        string   `json:"email"`
		ClientName   string   `json:"client_name"`
		RedirectURIs []string `json:"redirect_uris"`
	}
	if !read(w, r, &body) {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch code := c.spend(bearer(r)); code {
	case "":
		answer(w, http.StatusCreated, c.enrol(applicant{body.ClientName, body.Email, body.RedirectURIs}))
	case "invalid_token":
		refuse(w, http.StatusUnauthorized, code)
	default:
		refuse(w, http.StatusBadRequest, code)
	}
}

// createAccessToken gives a workspace an access token for its client id and secret.
func (c *Cloud) createAccessToken(w http.ResponseWriter, r *http.Request) {
	id, secret, scope := r.PostFormValue("client_id"), r.PostFormValue("client_secret"), r.PostFormValue("scope")
	if r.PostFormValue("grant_type") != "client_credentials" {
		refuse(w, http.StatusBadRequest, "unsupported_grant_type")
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	workspace := c.client(id, secret)
	if workspace == nil {
		refuse(w, http.StatusBadRequest, "oauth_invalid_client_credentials")
		return
	}
	token := c.name(NameAccessToken)
	c.access[token] = access{workspace: workspace, scope: scope, expires: c.clock.Now().Add(accessLifetime)}
	answer(w, http.StatusOK, map[string]any{
		"access_token": token,
		"expires_in":   int(accessLifetime.Seconds()),
		"scope":        scope,
		"token_type":   "bearer",
	})
}

// revokeAccessToken forgets an access token. As RFC 7009 asks, an unknown token is no error.
func (c *Cloud) revokeAccessToken(w http.ResponseWriter, r *http.Request) {
	id, secret, token := r.PostFormValue("client_id"), r.PostFormValue("client_secret"), r.PostFormValue("token")
	c.mu.Lock()
	defer c.mu.Unlock()
	workspace := c.client(id, secret)
	if workspace == nil {
		refuse(w, http.StatusBadRequest, "oauth_invalid_client_credentials")
		return
	}
	if c.access[token].workspace == workspace {
		delete(c.access, token)
	}
	answer(w, http.StatusOK, map[string]any{})
}

// client finds a workspace by its credentials, or returns nil. The lock must be held.
func (c *Cloud) client(id, secret string) *Registration {
	workspace := c.clients[id]
	if workspace == nil || workspace.Removed || workspace.secret != secret {
		return nil
	}
	return workspace
}

// caller finds the workspace that an access token belongs to. It answers the request itself and returns nil when there
// is none, or when it is not the workspace of the path. The lock must be held.
func (c *Cloud) caller(w http.ResponseWriter, r *http.Request) *Registration {
	a, known := c.access[bearer(r)]
	id := r.PathValue("id")
	if !known || !c.clock.Now().Before(a.expires) || (id != "" && id != a.workspace.ID) {
		refuse(w, http.StatusUnauthorized, "unauthorized")
		return nil
	}
	return a.workspace
}

// bearer returns the token of the Authorization header, or "".
func bearer(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}
