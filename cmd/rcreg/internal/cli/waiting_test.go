package cli

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestWaiting shows a call that hangs for longer than a second, clears it at its end, and steers no terminal.
func TestWaiting(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		took time.Duration
		want string
	}{
		"answered at once": {999 * time.Millisecond, ""},
		"it hangs":         {3 * time.Second, "\r\x1b[KWaiting for GET info\\x1b[2J …\r\x1b[K"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var out strings.Builder
				end := (&waiting{out: &out}).call("GET info\x1b[2J")
				time.Sleep(tc.took) //nolint:forbidigo // of a bubble
				end()
				time.Sleep(time.Hour) //nolint:forbidigo // of a bubble
				if out.String() != tc.want {
					t.Errorf("got %q, want %q", out.String(), tc.want)
				}
			})
		})
	}
}
