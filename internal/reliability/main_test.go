// Package reliability holds the proof, by machine, that the module never lies and never loses: it has tests only.
//
//	go test ./internal/reliability -run Matrix -v -matrix.full
//
// The matrix runs every operation, on every dialect, over every transport, and lets every exchange of it fail in every way. After each run it compares what the fake
// workspace and the fake Cloud hold with what the SDK reported.
package reliability_test

import (
	"runtime/debug"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	// The matrix makes thousands of small worlds: memory is cheaper here than the time to look for garbage.
	debug.SetGCPercent(400)
	goleak.VerifyTestMain(m)
}
