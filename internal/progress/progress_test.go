package progress_test

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rcreg/registration/internal/clock"
	"github.com/rcreg/registration/internal/progress"
	"github.com/rcreg/registration/internal/screen"
)

// step shows a count some time after the one before.
type step struct {
	after time.Duration
	count progress.Count
	want  string
}

func TestMeter(t *testing.T) {
	t.Parallel()
	const wiped = "\r\x1b[K"
	bar := func(full int, numbers string) string {
		return strings.Repeat("█", full) + strings.Repeat("░", 24-full) + " " + numbers
	}
	for name, tc := range map[string]struct {
		bar   bool
		width int
		steps []step
	}{
		"a line for each tenth": {false, 0, []step{
			{0, progress.Count{}, ""},
			{time.Second, progress.Count{Total: 100, Ended: 9}, ""},
			{time.Second, progress.Count{Total: 100, Ended: 10}, "10 of 100 (10 %), 5.0 a second, 18s left\n"},
			{time.Second, progress.Count{Total: 100, Ended: 19}, ""},
			{time.Second, progress.Count{Total: 100, Ended: 40, Troubled: 3}, "40 of 100 (40 %), 10.0 a second, 6s left, 3 not well\n"},
			{time.Second, progress.Count{Total: 100, Ended: 100}, ""},
		}},
		"what took no time": {false, 0, []step{
			{time.Second, progress.Count{Total: 10, Ended: 5, Skipped: 5}, "5 of 10 (50 %)\n"},
			{time.Second, progress.Count{Total: 10, Ended: 7, Skipped: 5}, "7 of 10 (70 %), 1.0 a second, 3s left\n"},
		}},
		"a bar": {true, 0, []step{
			{0, progress.Count{}, ""},
			{0, progress.Count{Total: 4, Ended: 1}, bar(6, "1 of 4 (25 %)")},
			{50 * time.Millisecond, progress.Count{Total: 4, Ended: 2}, ""},
			{50 * time.Millisecond, progress.Count{Total: 4, Ended: 3}, wiped + bar(18, "3 of 4 (75 %)")},
			{time.Millisecond, progress.Count{Total: 4, Ended: 4}, wiped + bar(24, "4 of 4 (100 %)")},
		}},
		"more than there are": {true, 0, []step{{0, progress.Count{Total: 1, Ended: 2}, bar(24, "2 of 1 (200 %)")}}},
		"40 columns": {true, 40, []step{
			{time.Second, progress.Count{Total: 30, Ended: 15}, "15 of 30 (50 %), 15.0 a second, 1s left"},
			{time.Second, progress.Count{Total: 3000, Ended: 1500, Troubled: 3}, wiped + strings.Repeat("█", 3) + strings.Repeat("░", 4) + " 1500 of 3000 (50 %), 3 not well"},
		}},
		"10 columns": {true, 10, []step{{0, progress.Count{Total: 30, Ended: 15}, "15 of 30 "}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { follow(t, tc.bar, tc.width, tc.steps) })
		})
	}
}

// follow shows a meter some counts, in virtual time.
func follow(t *testing.T, bar bool, width int, steps []step) {
	t.Helper()
	var out strings.Builder
	c := clock.System()
	meter := progress.New(&out, bar, screen.Style{Width: width}, c)
	for _, s := range steps {
		if err := c.Sleep(t.Context(), s.after); err != nil {
			t.Fatal(err)
		}
		out.Reset()
		meter.Show(s.count)
		if out.String() != s.want {
			t.Errorf("%+v shows %q, want %q", s.count, out.String(), s.want)
		}
	}
}

// What is said takes the place of the bar, and steers no terminal.
func TestSay(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	meter := progress.New(&out, true, screen.Style{}, clock.System())
	meter.Show(progress.Count{Total: 2, Ended: 1})
	out.Reset()
	err := meter.Say(func(out io.Writer, _ screen.Style) { _, _ = fmt.Fprintln(out, "alpha\x1b[2J") })
	meter.Clear() // there is none any more
	if want := "\r\x1b[Kalpha\\x1b[2J\n"; err != nil || out.String() != want {
		t.Errorf("got %q (%v), want %q", out.String(), err, want)
	}
}
