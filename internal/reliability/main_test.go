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
