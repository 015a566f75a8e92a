package server

import "fmt"

// MeteorError is Meteor.Error: the error that a handler throws on purpose.
type MeteorError struct {
	Code    any // text or number
	Reason  string
	Details map[string]any // may be nil
}

func (e *MeteorError) Error() string { return fmt.Sprintf("%s [%v]", e.Reason, e.Code) }

// MatchError is Match.Error: an argument of the wrong type.
type MatchError struct {
	Message string // such as "Expected string, got number"
	Path    string
}

func (e *MatchError) Error() string { return "Match error: " + e.Message }

// Failure is a REST reply that a handler chose itself: API.v1.failure and its kin.
type Failure struct {
	Status int            // 400 when zero
	Body   map[string]any // fields beside success: false
}

func (e *Failure) Error() string { return fmt.Sprintf("%d %v", e.Status, e.Body) }
