// Package exitcode holds the exit codes of the commands; docs/cli.md promises them.
//
//	os.Exit(exitcode.OfKind(registration.KindName(err)))
package exitcode

// The exit codes.
const (
	Done           = 0
	Failed         = 1
	Usage          = 2 // nothing was changed
	Pending        = 3 // somebody has to act
	Unsupported    = 4 // by this version of the workspace
	OutcomeUnknown = 5
)

// OfKind is the exit code for a kind of failure, as registration.KindName names it; "usage" is a wrong command line.
func OfKind(kind string) int {
	switch kind {
	case "usage", "invalid_input", "unknown_request", "readable_by_others":
		return Usage
	case "pending":
		return Pending
	case "unsupported", "unsupported_version":
		return Unsupported
	case "outcome_unknown":
		return OutcomeUnknown
	}
	return Failed
}
