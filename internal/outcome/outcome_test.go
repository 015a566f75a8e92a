package outcome_test

import (
	"slices"
	"testing"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/outcome"
)

// Where several exit codes apply, the first of 1, 5 and 3 counts.
func TestExitCode(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		classes []fleet.Class
		exit    int
	}{
		{nil, 0},
		{[]fleet.Class{fleet.Done, fleet.Unchanged}, 0},
		{[]fleet.Class{fleet.Done, fleet.Pending}, 3},
		{[]fleet.Class{fleet.Pending, fleet.Unknown}, 5},
		{[]fleet.Class{fleet.Pending, fleet.Unknown, fleet.Cancelled}, 1},
		{[]fleet.Class{fleet.Unknown, fleet.Failed}, 1},
	} {
		counts := map[fleet.Class]int{}
		for _, class := range c.classes {
			counts[class]++
		}
		if got := outcome.ExitCode(counts); got != c.exit {
			t.Errorf("%v: exit %d, want %d", c.classes, got, c.exit)
		}
	}
}

func TestIsWell(t *testing.T) {
	t.Parallel()
	var well []fleet.Class
	for _, class := range outcome.Classes() {
		if outcome.IsWell(class) {
			well = append(well, class)
		}
	}
	if !slices.Equal(well, []fleet.Class{fleet.Done, fleet.Unchanged}) {
		t.Errorf("well are %v", well)
	}
}

func TestSome(t *testing.T) {
	t.Parallel()
	names := []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"}
	for n, want := range map[int]string{0: "", 2: "a, b", 8: "a, b, c, d, e, f, g, h", 10: "a, b, c, d, e, f, g, h and 2 more"} {
		if got := outcome.Some(names[:n]); got != want {
			t.Errorf("%d names: %q, want %q", n, got, want)
		}
	}
}
