package registration

import "errors"

// meaning is what a failure beneath a transport means to the caller.
type meaning struct {
	from, to error // to may be nil
	advice   string
}

// translate makes the error of a transport that failed before it asked the workspace to change anything. The first meaning that fits counts.
func translate(err error, otherwise string, meanings ...meaning) error {
	for _, m := range meanings {
		if errors.Is(err, m.from) {
			return &Error{Kind: m.to, Err: err, Advice: m.advice}
		}
	}
	return &Error{Err: err, Advice: otherwise}
}
