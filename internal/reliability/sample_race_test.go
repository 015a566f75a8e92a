//go:build race

package reliability_test

// every is how many cells there are for one that is played: the race detector makes them ten times as slow.
const every = 53
