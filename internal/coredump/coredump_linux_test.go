package coredump_test

import (
	"os"
	"os/exec"
	"regexp"
	"testing"

	"github.com/rcreg/registration/internal/coredump"
)

// asChild is the variable with which the test runs itself: what Disable does to a process is for good.
const asChild = "COREDUMP_TEST_CHILD"

func TestDisable(t *testing.T) {
	t.Parallel()
	if os.Getenv(asChild) != "" {
		if err := coredump.Disable(); err != nil {
			t.Fatal(err)
		}
		limits, err := os.ReadFile("/proc/self/limits")
		if err != nil {
			t.Fatal(err)
		}
		if !regexp.MustCompile(`Max core file size +0 +0 `).Match(limits) {
			t.Errorf("a core dump is not limited to nothing:\n%s", limits)
		}
		return
	}
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestDisable$")
	child.Env = append(os.Environ(), asChild+"=1")
	if out, err := child.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}
