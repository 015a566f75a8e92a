//go:build !race

package reliability_test

// every is how many cells there are for one that is played: all of them are.
const every = 1
