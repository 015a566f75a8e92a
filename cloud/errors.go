package cloud

import (
	"errors"
	"fmt"
)

// The kinds of failure. Compare with errors.Is.
var (
	// ErrUnreachable: no reply came.
	ErrUnreachable = errors.New("Rocket.Chat Cloud cannot be reached")
	// ErrRefused: the Cloud answered with an error status.
	ErrRefused = errors.New("Rocket.Chat Cloud refused")
	// ErrBadReply: what answered is not the Cloud, or its reply is cut off, too large or of the wrong shape.
	ErrBadReply = errors.New("the reply is not one of Rocket.Chat Cloud")
)

// Error is a failed call to the Cloud. It unwraps to one of the Err… values of this package and to its cause. It never holds a secret.
type Error struct {
	Operation string // such as "GET supportedVersions"
	Status    int    // of the reply; 0 when there was none
	Code      string // the Cloud's own error code; often empty
	Kind      error
	Err       error // may be nil
}

// Error names the call and what went wrong.
func (e *Error) Error() string {
	text := e.Operation + ": " + e.Kind.Error()
	if e.Status != 0 {
		text += fmt.Sprintf(" (HTTP %d)", e.Status)
	}
	if e.Code != "" {
		text += ": " + e.Code
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns the kind and the cause.
func (e *Error) Unwrap() []error {
	if e.Err == nil {
		return []error{e.Kind}
	}
	return []error{e.Kind, e.Err}
}
