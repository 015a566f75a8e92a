// Package failure is the vocabulary of all that can go wrong: what a failure is called, whether it may pass by itself, and the ways out. Every Err… value of the
// packages beside it is a [Kind] of it, made once where the fact is known. Retries, exit codes, JSON, and the advice of the library and of both command lines
// read the Kind, and no sentence.
//
//	if failure.Temporary(err) { … }                    // another try may go better
//	name := failure.KindOf(err).Name()                 // "unauthorized", for scripts
//	for _, way := range failure.Remedies(err) { … }    // the likeliest first
package failure

import "errors"

// Kind is a kind of failure, and an error: compare with errors.Is.
type Kind struct {
	name string // of the first broader kind when empty
	text string
	// broader are kinds that this one is as well, such as a used token, which is a rejection.
	broader   []*Kind
	foreign   error // of another package, that is this kind too
	temporary bool
	remedies  []Remedy
}

// Other is the kind of an error that no other kind fits.
var Other = &Kind{name: "failed", text: "it failed", remedies: Ways(ShowCalls)}

// Name names the kind for scripts, reports and metrics, such as "unauthorized": it does not change with releases. A kind that is narrower than another one may
// share its name. It is empty for nil.
func (k *Kind) Name() string {
	switch {
	case k == nil:
		return ""
	case k.name == "":
		return k.broader[0].Name()
	}
	return k.name
}

// Error says in a few words what went wrong.
func (k *Kind) Error() string { return k.text }

// Is reports whether the kind is the target, or narrower than it.
func (k *Kind) Is(target error) bool {
	if only, ok := target.(exactly); ok {
		return k == only.kind
	}
	if target == error(k) {
		return true
	}
	for _, wider := range k.broader {
		if wider.Is(target) {
			return true
		}
	}
	return false
}

// Broadest is the kind that this one is narrower than in the end, often itself.
func (k *Kind) Broadest() *Kind {
	if k == nil || len(k.broader) == 0 {
		return k
	}
	return k.broader[0].Broadest()
}

// exactly is a target of errors.Is that finds a kind, and none that is narrower.
type exactly struct{ kind *Kind }

func (exactly) Error() string { return "a kind of failure" }

// in reports whether an error is of this very kind.
func (k *Kind) in(err error) bool {
	return errors.Is(err, exactly{k}) || k.foreign != nil && errors.Is(err, k.foreign)
}

// Named returns the kind of a name, such as one from JSON; [Other] where there is none.
func Named(name string) *Kind {
	for _, k := range All() {
		if k.name == name {
			return k
		}
	}
	return Other
}
