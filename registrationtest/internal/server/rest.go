package server

import (
	"errors"
	"net"
	"net/http"

	"github.com/rcreg/registration/registrationtest/internal/release"
)

// restHandler wraps an endpoint in what the release does around each of them.
func (s *Server) restHandler(e Endpoint) handler {
	return func(c *call) reply { return s.serveEndpoint(e, s.newRequest(c)) }
}

func (s *Server) newRequest(c *call) *Request {
	object, _ := c.body.(map[string]any)
	header := map[string]string{}
	for name := range c.request.Header {
		header[name] = c.request.Header.Get(name)
	}
	return &Request{
		Context: s.ctx,
		Caller:  s.accounts.byCredentials(header["X-User-Id"], header["X-Auth-Token"]),
		Address: callerAddress(c.request),
		Path:    c.path,
		Query:   c.request.URL.Query(),
		Body:    object,
		Value:   c.body,
		Header:  header,
	}
}

func callerAddress(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// serveEndpoint asks who calls, whether they may, whether they may so often, and for a second factor, in the order of
// the release.
func (s *Server) serveEndpoint(e Endpoint, r *Request) reply {
	if r.Caller == nil && !e.Anonymous {
		return s.notLoggedIn()
	}
	first := s.release.Has(release.PermissionFirst)
	if first && !e.allows(r.Caller) {
		return s.restFailure(notAllowed(), false).withAll(e.Deprecated)
	}
	if first && e.Schema { // what the schema refuses does not count
		if err := e.Check(r); err != nil {
			return s.restFailure(err, true)
		}
	}
	header, limited := s.limitREST(e, r)
	out := s.runEndpoint(e, r, limited)
	return out.withAll(header).withAll(e.Deprecated)
}

func (s *Server) runEndpoint(e Endpoint, r *Request, limited error) reply {
	if limited != nil {
		return s.restFailure(limited, true)
	}
	factor := func(r *Request) error { return s.secondFactor(r, e.EachTime) }
	late := s.release.Has(release.LateSecondFactor)
	for _, step := range []struct {
		when, declared bool
		run            func(*Request) error
	}{
		{when: e.TwoFactor && !late, run: factor},
		{when: e.Schema, run: e.Check},
		{when: e.Declared, run: e.declaredPermission, declared: true},
		{when: e.TwoFactor && late, run: factor},
		{when: !e.Schema && e.Check != nil, run: e.Check},
		{when: true, run: e.ownPermission},
	} {
		if !step.when {
			continue
		}
		if err := step.run(r); err != nil {
			return s.restFailure(err, !step.declared)
		}
	}
	fields, err := e.Run(r)
	if err != nil {
		return s.restFailure(err, true)
	}
	return jsonReply(http.StatusOK, withSuccess(fields, true))
}

// declaredPermission is the refusal of the route, ownPermission that of its handler.
func (e Endpoint) declaredPermission(r *Request) error {
	if !e.allows(r.Caller) {
		return notAllowed()
	}
	return nil
}

func (e Endpoint) ownPermission(r *Request) error {
	if !e.allows(r.Caller) {
		return Refuse()
	}
	return nil
}

// allows looks at the permission alone.
func (e Endpoint) allows(user *User) bool {
	if e.AdminOnly && (user == nil || !user.Admin) {
		return false
	}
	return e.Permission == "" || user.Can(e.Permission)
}

func withSuccess(fields map[string]any, success bool) map[string]any {
	all := make(map[string]any, len(fields)+1)
	for name, value := range fields {
		all[name] = value
	}
	all["success"] = success
	return all
}

// notLoggedIn is the 401 of the release.
func (s *Server) notLoggedIn() reply {
	const sentence = "You must be logged in to do this."
	body := map[string]any{}
	if s.newRouter() {
		body["success"], body["error"] = false, sentence
	}
	if !s.release.Has(release.Forbidden) {
		body["status"], body["message"] = "error", sentence
	}
	return jsonReply(http.StatusUnauthorized, body)
}

// restFailure is the reply to an error; thrown tells that a handler threw it, not the router.
func (s *Server) restFailure(err error, thrown bool) reply {
	var (
		chosen *Failure
		meteor *MeteorError
	)
	switch {
	case errors.As(err, &chosen):
		status := chosen.Status
		if status == 0 {
			status = http.StatusBadRequest
		}
		return jsonReply(status, withSuccess(chosen.Body, false))
	case errors.As(err, &refusalError{}):
		return s.refused()
	case errors.As(err, &meteor):
		return s.meteorFailure(meteor, thrown)
	}
	return jsonReply(http.StatusBadRequest, map[string]any{"success": false, "error": err.Error()})
}

// refused is the 403 that says one word.
func (s *Server) refused() reply {
	word := "unauthorized"
	if s.release.Has(release.Forbidden) {
		word = "forbidden"
	}
	return jsonReply(http.StatusForbidden, map[string]any{"success": false, "error": word})
}

func (s *Server) meteorFailure(e *MeteorError, thrown bool) reply {
	body := map[string]any{"success": false, "error": e.Error()}
	switch e.Code {
	case "error-too-many-requests":
		return jsonReply(http.StatusTooManyRequests, body)
	case "error-unauthorized", "unauthorized":
		if thrown && s.release.Has(release.Forbidden) {
			body["errorType"] = "error-forbidden"
		}
		return jsonReply(http.StatusForbidden, body)
	case "error-not-allowed", "not-allowed", "not-authorized", "no-permission":
		if s.release.Has(release.Forbidden) {
			body["errorType"] = "error-forbidden"
			return jsonReply(http.StatusForbidden, body)
		}
	case "invalid-params", "error-invalid-params":
		if s.release.Has(release.BareSentences) {
			body["error"] = e.Reason
		}
	}
	body["errorType"] = e.Code
	if e.Details != nil {
		body["details"] = e.Details
	}
	return jsonReply(http.StatusBadRequest, body)
}
