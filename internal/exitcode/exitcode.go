// Package exitcode holds the exit codes of the commands; docs/cli.md promises them.
//
//	os.Exit(exitcode.Of(failure.KindOf(err)))
package exitcode

import (
	"errors"

	"github.com/rcreg/registration/failure"
)

// The exit codes.
const (
	Done           = 0
	Failed         = 1
	Usage          = 2 // nothing was changed
	Pending        = 3 // a person has to act
	Unsupported    = 4 // by this version of the workspace
	OutcomeUnknown = 5
)

// Of is the exit code for a kind of failure; nil is none.
func Of(kind *failure.Kind) int {
	switch {
	case kind == nil:
		return Done
	case errors.Is(kind, failure.InvalidInput):
		return Usage
	case errors.Is(kind, failure.Pending):
		return Pending
	case errors.Is(kind, failure.Unsupported):
		return Unsupported
	case errors.Is(kind, failure.OutcomeUnknown):
		return OutcomeUnknown
	}
	return Failed
}
