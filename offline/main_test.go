package offline_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// TestMain runs the tests; or a single registration, when a test has started this program again to kill it.
func TestMain(m *testing.M) {
	text, isChild := os.LookupEnv(killedVariable)
	if !isChild {
		goleak.VerifyTestMain(m)
		return
	}
	err := runKilled(context.Background(), text)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(exitCode(err))
}
