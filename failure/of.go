package failure

import "errors"

// Decision is an error that says itself what it means, above what its causes say: that of an operation that has looked what really happened.
type Decision interface {
	error
	// Failure returns the kind, nil where the causes speak for themselves, and the ways out, none where those of the kind hold.
	Failure() (*Kind, []Remedy)
}

// decided finds what an operation decided.
func decided(err error) (*Kind, []Remedy) {
	var decision Decision
	if !errors.As(err, &decision) {
		return nil, nil
	}
	return decision.Failure()
}

// KindOf returns what kind of failure an error is: what an operation decided, else the cause that says most. It is nil for nil, and [Other] where nothing fits.
func KindOf(err error) *Kind {
	if err == nil {
		return nil
	}
	if kind, _ := decided(err); kind != nil {
		return kind
	}
	return narrowest(err, nil)
}

// narrowest finds the kind of an error within another one; within nil it may be any.
func narrowest(err error, within *Kind) *Kind {
	for _, k := range All() {
		if (within == nil || k != within && k.Is(within)) && k.in(err) {
			return k
		}
	}
	if within != nil {
		return within
	}
	return Other
}

// meaning is the kind of an error, narrowed by its causes: a rejection because of a used token is that of a used token.
func meaning(err error) *Kind { return narrowest(err, KindOf(err)) }

// Temporary reports whether a failure may pass by itself, so that another try may go better without anybody acting. It is the one list that waits, fleets and
// workflows go by. What an operation decided counts more than the causes underneath, such as a refused call.
func Temporary(err error) bool {
	if kind, _ := decided(err); kind != nil {
		return narrowest(err, kind).temporary
	}
	for _, k := range All() {
		if k.temporary && k.in(err) {
			return true
		}
	}
	return false
}

// Informed is a cause that knows its ways out better than its kind does, such as which second factor is asked for.
type Informed interface {
	error
	// WaysOut returns them, the likeliest first; none where those of the kind hold.
	WaysOut() []Remedy
}

// Remedies returns the ways out of a failure, the likeliest first; none for nil.
func Remedies(err error) []Remedy {
	if err == nil {
		return nil
	}
	if _, remedies := decided(err); len(remedies) > 0 {
		return remedies
	}
	kind := meaning(err)
	if informed := Informed(nil); errors.As(err, &informed) && meaning(informed) == kind {
		if ways := informed.WaysOut(); len(ways) > 0 {
			return ways
		}
	}
	return kind.Remedies()
}

// Remedies returns the ways out of a failure of this kind of which nothing more is known.
func (k *Kind) Remedies() []Remedy {
	if k == nil {
		return nil
	}
	return append([]Remedy(nil), k.remedies...)
}
