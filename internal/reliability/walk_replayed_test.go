//go:build !race

package reliability_test

const (
	// usualSteps are how many steps all walks take together, unless -walk.steps says it.
	usualSteps = 1_000
	// freely lets two programs at once work as they like. Otherwise they take turns that are drawn, so that a walk can be replayed.
	freely = false
)
