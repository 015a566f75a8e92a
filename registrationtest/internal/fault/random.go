package fault

import (
	"math/rand/v2"
	"slices"
)

// draw decides about an exchange by lot. The lot is drawn anew for each, from the seed and its number, so that what
// became of the exchanges before it makes no difference.
func (p *Plan) draw(s Step, at place) Fault {
	lot := rand.New(rand.NewPCG(p.seed, uint64(s.N))) //nolint:gosec // it has to be repeatable
	if lot.Float64() >= p.probability {
		return Fault{Kind: None}
	}
	fitting := slices.DeleteFunc(All(), func(f Fault) bool { return !f.Fits(s) || !at.shows(f) })
	if fault := fitting[lot.IntN(len(fitting))]; p.canShow(fault, s, at) {
		return fault
	}
	return Fault{Kind: None}
}
