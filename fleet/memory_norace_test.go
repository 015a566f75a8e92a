//go:build !race

package fleet_test

const raceFactor = 1
