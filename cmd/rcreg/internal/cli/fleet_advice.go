package cli

import (
	"iter"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/advice"
)

// inFlags gives the outcomes of a fleet the advice that the other commands give.
func inFlags(outcomes iter.Seq[fleet.Outcome]) iter.Seq[fleet.Outcome] {
	return func(yield func(fleet.Outcome) bool) {
		for o := range outcomes {
			if o.Err != nil {
				o.Advice = advice.With(advice.InFlags(o.Remedies), o.Certain)
			}
			if !yield(o) {
				return
			}
		}
	}
}
