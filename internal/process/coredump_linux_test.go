package process

import (
	"os"
	"os/exec"
	"regexp"
	"testing"
)

// asDumpChild is the variable with which the test runs itself: what disableCoreDumps does to a process is for good.
const asDumpChild = "PROCESS_TEST_DUMP_CHILD"

func TestCoreDumpsAreDisabled(t *testing.T) {
	t.Parallel()
	if os.Getenv(asDumpChild) != "" {
		if err := disableCoreDumps(); err != nil {
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
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestCoreDumpsAreDisabled$")
	child.Env = append(os.Environ(), asDumpChild+"=1")
	if out, err := child.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}
