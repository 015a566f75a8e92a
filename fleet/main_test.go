package fleet_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// TestMain runs the tests; or a fleet, when a test has started this program again to kill it.
func TestMain(m *testing.M) {
	text, isChild := os.LookupEnv(killedVariable)
	if !isChild {
		goleak.VerifyTestMain(m)
		return
	}
	if err := runKilled(context.Background(), text); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
