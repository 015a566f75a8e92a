package server

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"
)

// tokenLifetime is how long a token from a login is good: Accounts_LoginExpiration, in days.
const tokenLifetime = 90 * 24 * time.Hour

// credentials are what somebody logs in with.
type credentials struct {
	name     string
	password string // in clear, or its SHA-256 in hex
	digest   bool   // which of the two
	code     string // of the second factor
	resume   string // an auth token, in the place of all that
}

// addSessionEndpoints mounts login and logout. Their success bodies say "status", not "success".
func (s *Server) addSessionEndpoints() {
	s.addRoute("/api/v1/login", http.MethodPost, func(c *call) reply {
		r := s.newRequest(c)
		header, limited := s.limitREST(Endpoint{Path: "login", Verb: http.MethodPost}, r)
		if limited != nil {
			return s.restFailure(limited, true).withAll(header)
		}
		return s.loginREST(r).withAll(header)
	})
	logout := func(c *call) reply {
		r := s.newRequest(c)
		if r.Caller == nil {
			return s.notLoggedIn()
		}
		s.accounts.close(r.Header["X-Auth-Token"])
		if s.release.Since("7.6") { // the handler's answer gets lost on its way out
			return reply{status: http.StatusOK, header: map[string]string{"Content-Type": "application/json"}}
		}
		return jsonReply(http.StatusOK, map[string]any{
			"status": "success", "data": map[string]any{"message": "You've been logged out!"},
		})
	}
	s.addRoute("/api/v1/logout", http.MethodPost, logout)
	s.addRoute("/api/v1/logout", http.MethodGet, logout)
}

func (s *Server) loginREST(r *Request) reply {
	user, token, err := s.login(restCredentials(r))
	if err != nil {
		return s.loginFailure(err)
	}
	return jsonReply(http.StatusOK, map[string]any{
		"status": "success",
		"data": map[string]any{
			"userId":    user.ID,
			"authToken": token,
			"me":        map[string]any{"_id": user.ID, "username": user.Username, "active": true},
		},
	})
}

// restCredentials reads {user or username or email, password, code}, and {resume}. The header carries the code too.
func restCredentials(r *Request) credentials {
	c := credentials{code: r.Header["X-2fa-Code"]}
	for _, key := range []string{"user", "username", "email"} {
		if name, ok := r.Body[key].(string); ok && c.name == "" {
			c.name = name
		}
	}
	c.setPassword(r.Body["password"])
	if code, ok := r.Body["code"].(string); ok && code != "" {
		c.code = code
	}
	c.resume, _ = r.Body["resume"].(string)
	return c
}

// setPassword takes a password in clear, or as {digest, algorithm: "sha-256"}.
func (c *credentials) setPassword(value any) {
	switch password := value.(type) {
	case string:
		c.password = password
	case map[string]any:
		c.password, c.digest = asText(password["digest"]), true
	}
}

var errLogin = errors.New("Unauthorized")

// login returns the user and a token, or errLogin, or a *MeteorError that asks for a second factor.
func (s *Server) login(c credentials) (*User, string, error) {
	if c.resume != "" {
		user := s.accounts.byToken(c.resume)
		if user == nil {
			return nil, "", errLogin
		}
		return user, c.resume, nil
	}
	user := s.accounts.byName(c.name)
	if user == nil || user.Password == "" || !user.hasPassword(c) {
		return nil, "", errLogin
	}
	// A login never falls back on the password as the second factor: it has just been given.
	if factor := s.accounts.factorOf(user); factor.Method != "" {
		switch {
		case c.code == "":
			return nil, "", s.codeRequired(user)
		case !user.rightCode(factor, c.code):
			return nil, "", s.codeInvalid(user)
		}
	}
	return user, s.accounts.open(user), nil
}

func (u *User) hasPassword(c credentials) bool {
	given := c.password
	if !c.digest {
		given = hexDigest(given)
	}
	return given == hexDigest(u.Password)
}

// loginFailure is the 401 of a failed login.
func (s *Server) loginFailure(err error) reply {
	body := map[string]any{"status": "error", "error": "Unauthorized", "message": "Unauthorized"}
	var meteor *MeteorError
	if errors.As(err, &meteor) {
		body["error"], body["message"], body["details"] = meteor.Code, meteor.Reason, meteor.Details
	}
	switch {
	case s.release.Since("9.0") && meteor == nil:
		body = map[string]any{"success": false, "error": "unauthorized"}
	case s.release.Since("9.0"):
		delete(body, "status")
		delete(body, "message")
		body["success"] = false
	case s.honest():
		body["success"] = false
	}
	return jsonReply(http.StatusUnauthorized, body)
}

// loginMethod is the method login of a WebSocket. Its own errors are of the kind that callers see.
func (s *Server) loginMethod(params []json.RawMessage) (user *User, token string, result any, err error) {
	c, ok := socketCredentials(params)
	if !ok {
		return nil, "", nil, &MatchError{Message: "Expected object, got undefined"}
	}
	user, token, err = s.login(c)
	switch {
	case errors.Is(err, errLogin) && c.resume != "":
		return nil, "", nil, &MeteorError{Code: 403, Reason: "You've been logged out by the server. Please log in again."}
	case errors.Is(err, errLogin):
		return nil, "", nil, &MeteorError{Code: 403, Reason: "User not found"}
	case err != nil:
		return nil, "", nil, err
	}
	kind := "password"
	if c.resume != "" {
		kind = "resume"
	}
	return user, token, map[string]any{
		"id": user.ID, "token": token, "type": kind, "tokenExpires": s.clock.Now().Add(tokenLifetime),
	}, nil
}

// socketCredentials reads {resume}, {user: {username or email}, password}, and both with a code:
// {totp: {code, login: …}}.
func socketCredentials(params []json.RawMessage) (credentials, bool) {
	var object map[string]any
	if len(params) == 0 || json.Unmarshal(params[0], &object) != nil {
		return credentials{}, false
	}
	var c credentials
	if totp, ok := object["totp"].(map[string]any); ok {
		c.code = asText(totp["code"])
		object, _ = totp["login"].(map[string]any)
	}
	c.resume, _ = object["resume"].(string)
	if who, ok := object["user"].(map[string]any); ok {
		for _, key := range []string{"username", "email"} {
			if name, ok := who[key].(string); ok && c.name == "" {
				c.name = name
			}
		}
	}
	c.setPassword(object["password"])
	return c, true
}
