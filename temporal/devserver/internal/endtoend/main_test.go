// Package endtoend has the tests of workers against a real Temporal server: that of the package devserver, with fake workspaces and a fake Cloud.
//
//	go test ./temporal/devserver/internal/endtoend -run Killed -killed.workspaces 500
//
// Workers run in this process, or in one of their own that is killed. Days are skipped: the server, the workers and the fakes go by one clock that jumps.
package endtoend_test

import (
	"fmt"
	"os"
	"testing"
)

// TestMain runs the tests, or a worker, when a test has started this program again. It does not look for goroutines that stay: the embedded server leaves some of
// its own behind when it stops.
func TestMain(m *testing.M) {
	text, isChild := os.LookupEnv(childVariable)
	if !isChild {
		os.Exit(m.Run())
	}
	if err := runChild(text); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
