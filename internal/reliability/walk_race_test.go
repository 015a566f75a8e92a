//go:build race

package reliability_test

// With the race detector a walk is slow, and two programs at once work as they like, so that it has something to look at.
const (
	usualSteps = 500
	freely     = true
)
