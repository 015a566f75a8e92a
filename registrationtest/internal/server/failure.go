package server

import "fmt"

// MeteorError is Meteor.Error: the error that a handler throws on purpose.
type MeteorError struct {
	Code    any // text or number
	Reason  string
	Details map[string]any // may be nil
}

func (e *MeteorError) Error() string {
	if e.Reason == "" {
		return fmt.Sprintf("[%v]", e.Code)
	}
	return fmt.Sprintf("%s [%v]", e.Reason, e.Code)
}

// MatchError is Match.Error: an argument of the wrong type.
type MatchError struct {
	Message string // such as "Expected string, got number"
	Path    string
}

func (e *MatchError) Error() string {
	if e.Path == "" {
		return "Match error: " + e.Message
	}
	return "Match error: " + e.Message + " in field " + e.Path
}

// Failure is a REST reply that a handler chose itself: API.v1.failure and its kin.
type Failure struct { //nolint:errname // a reply before it is an error
	Status int            // 400 when zero
	Body   map[string]any // fields beside success: false
}

func (e *Failure) Error() string { return fmt.Sprintf("%d %v", e.Status, e.Body) }

// Refuse is what a handler answers to a caller whom it does not allow: API.v1.unauthorized, from 9.0 API.v1.forbidden.
func Refuse() error { return refusalError{} }

type refusalError struct{}

func (refusalError) Error() string { return "unauthorized" }

// notAllowed is the sentence of a permission that a route declares.
func notAllowed() *MeteorError {
	return &MeteorError{Code: "error-unauthorized", Reason: "User does not have the permissions required for this action"}
}
