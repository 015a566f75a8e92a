package server

import (
	"bytes"
	"encoding/json"
	"net/http"

	"github.com/rcreg/registration/registrationtest/internal/release"
)

// addMethodCalls mounts method.call and method.callAnon, which 3.0 does not have.
func (s *Server) addMethodCalls() {
	if s.release.Before("3.1") {
		return
	}
	s.addRoute("/api/v1/method.call/:method", http.MethodPost, func(c *call) reply {
		r := s.newRequest(c)
		if r.Caller == nil {
			return s.notLoggedIn()
		}
		return s.callMethod(r, r.Header["X-Auth-Token"])
	})
	s.addRoute("/api/v1/method.callAnon/:method", http.MethodPost, func(c *call) reply {
		r := s.newRequest(c)
		if !s.release.Has(release.AnonymousMethods) {
			r.Caller = nil // these releases do not even look who calls
		}
		return s.callMethod(r, "anonymous "+r.Address)
	})
}

// methodMessage is the JSON text inside a method call.
type methodMessage struct {
	ID     json.RawMessage   // nil when absent
	Name   string            // "undefined" when absent, as JavaScript would have it
	Params []json.RawMessage // nil when they are no list
}

// callMethod runs the method that the message names; the one in the URL is ignored.
func (s *Server) callMethod(r *Request, connection string) reply {
	text, err := s.messageText(r)
	if err != nil {
		return s.restFailure(err, true)
	}
	message, err := s.parseMessage(text)
	if err != nil {
		return s.restFailure(err, true)
	}
	result, err := s.runMethod(r, message, connection)
	return s.methodReply(message, result, err)
}

// messageText returns the text in the body's only key.
func (s *Server) messageText(r *Request) (string, error) {
	field := Field{Name: "message", Type: "string"}
	check := func() error { return MatchFields(r.Value, field) }
	if s.release.Since("5.0") {
		check = func() error { return SchemaFields(s.release, "invalid-params", r.Value, field) }
	}
	if err := check(); err != nil {
		return "", err
	}
	return asText(r.Body["message"]), nil
}

// parseMessage reads the message. From 5.4 to 8.2 it must be a method's, whole and with nothing else in it.
func (s *Server) parseMessage(text string) (methodMessage, error) {
	value, err := ParseJSON(s.release, text)
	if err != nil {
		return methodMessage{}, err
	}
	object, isObject := value.(map[string]any)
	if s.release.Has(release.StrictMethodCalls) {
		if !isObject || !strictMessage(object) {
			return methodMessage{}, &Failure{Body: map[string]any{"error": "Invalid method call"}}
		}
		object["id"] = asText(object["id"])
	}
	if value == nil {
		return methodMessage{}, &Failure{Body: map[string]any{"error": "Cannot destructure property 'method' of 'data' as it is null."}}
	}
	return newMethodMessage(object), nil
}

func newMethodMessage(object map[string]any) methodMessage {
	m := methodMessage{Name: "undefined"}
	if name, present := object["method"]; present {
		m.Name = asText(name)
	}
	if id, present := object["id"]; present {
		m.ID, _ = encodeJSON(id) // it came from JSON
	}
	list, ok := object["params"].([]any)
	if !ok {
		return m
	}
	m.Params = make([]json.RawMessage, 0, len(list))
	for _, param := range list {
		raw, _ := encodeJSON(param) // it came from JSON
		m.Params = append(m.Params, raw)
	}
	return m
}

// strictMessage reports whether a message has the four keys of a method call, each of its type, and no other.
func strictMessage(object map[string]any) bool {
	_, list := object["params"].([]any)
	_, name := object["method"].(string)
	id, hasID := object["id"]
	return len(object) == 4 && object["msg"] == "method" && list && name && hasID && coercible("string", id, true)
}

// asText is what the validator makes of a value where a text is expected.
func asText(value any) string {
	switch v := value.(type) {
	case nil:
		return ""
	case string:
		return v
	}
	raw, _ := encodeJSON(value) // it came from JSON
	return string(raw)
}

// runMethod counts the call and runs the method.
func (s *Server) runMethod(r *Request, message methodMessage, connection string) (any, error) {
	if err := s.limitMethod(message.Name, connection); err != nil {
		return nil, err
	}
	if message.Params == nil {
		return nil, errNoParams
	}
	method, ok := s.method(message.Name)
	if !ok {
		return nil, noSuchMethod(message.Name)
	}
	r.Params = message.Params
	return method.Run(r)
}

// methodReply wraps a method's answer. From 8.0 one that failed is an HTTP 400.
func (s *Server) methodReply(message methodMessage, result any, err error) reply {
	inner := map[string]any{"msg": "result"}
	if message.ID != nil {
		inner["id"] = message.ID
	}
	failed := err != nil
	switch result.(type) {
	case Undefined:
	default:
		inner["result"] = ejsonTimes(result)
	}
	if failed {
		delete(inner, "result")
		inner["error"] = restMethodError(err)
	}
	text, err := encodeJSON(inner)
	if err != nil {
		return s.restFailure(err, true)
	}
	body := map[string]any{"success": true, "message": string(bytes.TrimSpace(text))}
	if failed && s.release.Has(release.FailedMethods400) {
		body["success"] = false
		return jsonReply(http.StatusBadRequest, body)
	}
	return jsonReply(http.StatusOK, body)
}
