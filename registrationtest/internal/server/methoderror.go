package server

import "errors"

// meteorError is the object that a Meteor.Error becomes on the wire.
func meteorError(e *MeteorError) map[string]any {
	object := map[string]any{
		"isClientSafe": true,
		"error":        e.Code,
		"reason":       e.Reason,
		"message":      e.Error(),
		"errorType":    "Meteor.Error",
	}
	if e.Details != nil {
		object["details"] = e.Details
	}
	return object
}

func matchFailed() *MeteorError { return &MeteorError{Code: 400, Reason: "Match failed"} }

// wireError is an error of the server's own code whose class has properties that survive being sent.
type wireError interface {
	error
	WireFields() map[string]any
}

// restMethodError is the error of a method as method.call hands it on: an error that was not thrown for callers to see
// has nothing in it, or the few properties of its class.
func restMethodError(err error) map[string]any {
	var (
		meteor *MeteorError
		match  *MatchError
		wire   wireError
	)
	switch {
	case errors.As(err, &meteor):
		return meteorError(meteor)
	case errors.As(err, &match):
		return map[string]any{
			"message":        match.Error(),
			"path":           match.Path,
			"sanitizedError": meteorError(matchFailed()),
			"errorType":      "Match.Error",
		}
	case errors.As(err, &wire):
		return wire.WireFields()
	}
	return map[string]any{}
}

// socketMethodError is the same as a WebSocket hands it on: sanitised.
func socketMethodError(err error) map[string]any {
	var (
		meteor *MeteorError
		match  *MatchError
	)
	switch {
	case errors.As(err, &meteor):
		return meteorError(meteor)
	case errors.As(err, &match):
		return meteorError(matchFailed())
	}
	return meteorError(&MeteorError{Code: 500, Reason: "Internal server error"})
}

func noSuchMethod(name string) *MeteorError {
	return &MeteorError{Code: 404, Reason: "Method '" + name + "' not found"}
}
