package tiny

import (
	"os"
	"testing"
)

func TestFee(t *testing.T) {
	if Fee(true, 5) != 0 || Fee(false, 5) != 5 || Fee(false, 1) != 1 {
		t.Error("the fee is wrong")
	}
}

// TestStarts would fail if nobody left it out.
func TestStarts(t *testing.T) {
	if os.Getenv("NEVER_SET") == "" {
		t.Error("this test was not to be run")
	}
}
