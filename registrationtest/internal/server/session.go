package server

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/rcreg/registration/registrationtest/internal/release"
)

// tokenLifetime is how long a token from a login is good: Accounts_LoginExpiration, in days.
const tokenLifetime = 90 * 24 * time.Hour

// credentials are what a user logs in with.
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
		if s.release.Has(release.EmptyLogout) {
			return reply{status: http.StatusOK, header: map[string]string{"Content-Type": "application/json"}}
		}
		return jsonReply(http.StatusOK, map[string]any{
			"status": "success", "data": map[string]any{"message": "You've been logged out!"},
		})
	}
	s.AddEndpoint(Endpoint{Path: "me", Verb: http.MethodGet, Run: func(r *Request) (map[string]any, error) {
		return r.Caller.me(), nil
	}})
	s.addRoute("/api/v1/logout", http.MethodPost, logout)
	s.addRoute("/api/v1/logout", http.MethodGet, logout)
}

func (s *Server) loginREST(r *Request) reply {
	user, token, err := s.login(restCredentials(r))
	if err != nil {
		return s.loginFailure(err)
	}
	body := map[string]any{
		"status": "success",
		"data":   map[string]any{"userId": user.ID, "authToken": token, "me": user.me()},
	}
	if s.newRouter() {
		body["success"] = true
	}
	return jsonReply(http.StatusOK, body)
}

// me is what a user is told about themselves.
func (u *User) me() map[string]any {
	role := "user"
	if u.Admin {
		role = "admin"
	}
	return map[string]any{
		"_id": u.ID, "username": u.Username, "active": true, "roles": []any{role},
		"emails": []any{map[string]any{"address": u.Email, "verified": true}},
	}
}

// restCredentials reads {user or username or email, password, code}, and {resume}. The header carries the code too.
func restCredentials(r *Request) credentials {
	c := credentials{code: r.Header["X-2fa-Code"]}
	c.setName(r.Body, "user", "username", "email")
	if who, ok := r.Body["user"].(map[string]any); ok {
		c.setName(who, "username", "email")
	}
	c.setPassword(r.Body["password"])
	if code, ok := r.Body["code"].(string); ok && code != "" {
		c.code = code
	}
	c.resume, _ = r.Body["resume"].(string)
	return c
}

// setName takes the first name among the keys.
func (c *credentials) setName(object map[string]any, keys ...string) {
	for _, key := range keys {
		if name, ok := object[key].(string); ok && c.name == "" {
			c.name = name
		}
	}
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

// Why no user is logged in. The REST API does not tell of a user that there is not.
var (
	errNoUser   = &MeteorError{Code: 403, Reason: "User not found"}
	errPassword = &MeteorError{Code: 403, Reason: "Incorrect password"}
	errResume   = &MeteorError{Code: 403, Reason: "You've been logged out by the server. Please log in again."}
	errOptions  = &MeteorError{Code: 400, Reason: "Unrecognized options for login request"}
)

// login returns the user and a token, or a *MeteorError: one of those above, or the question for a second factor.
func (s *Server) login(c credentials) (*User, string, error) {
	if c.resume != "" {
		user := s.accounts.byToken(c.resume)
		if user == nil {
			return nil, "", errResume
		}
		return user, c.resume, nil
	}
	if c.name == "" || c.password == "" {
		return nil, "", errOptions
	}
	user := s.accounts.byName(c.name)
	switch {
	case user == nil || user.Password == "":
		return nil, "", errNoUser
	case !user.hasPassword(c):
		return nil, "", errPassword
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
	if errors.As(err, &meteor) && meteor != errNoUser {
		body["error"], body["message"] = meteor.Code, meteor.Reason
		if meteor.Details != nil {
			body["details"] = meteor.Details
		}
	}
	switch {
	case s.release.Has(release.Forbidden): // it does not tell either that a second factor is asked for
		body = map[string]any{"success": false, "error": "unauthorized"}
	case s.newRouter():
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
	case errors.Is(err, errPassword), errors.Is(err, errOptions):
		return nil, "", nil, errNoUser
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
		c.setName(who, "username", "email")
	}
	c.setPassword(object["password"])
	return c, true
}
