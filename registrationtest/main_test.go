package registrationtest_test

import (
	"os"
	"testing"

	"go.uber.org/goleak"
)

// TestMain runs the tests; or the conformance test alone, when a test has started this program again with a transport that lies.
func TestMain(m *testing.M) {
	if lie, isChild := os.LookupEnv(lieVariable); isChild {
		tryLie(lie)
	}
	goleak.VerifyTestMain(m)
}
