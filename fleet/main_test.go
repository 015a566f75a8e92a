package fleet_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// TestMain runs the tests; or a fleet, when a test has started this program again to kill it, or a workspace that holds its answers back.
func TestMain(m *testing.M) {
	if how, holds := os.LookupEnv(holdVariable); holds {
		holdAnswers(how)
		return
	}
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
