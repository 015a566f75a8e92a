package safedir

import (
	"io/fs"
	"runtime"
	"testing"
)

func TestIsReadableByOthers(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		return // what the file inherits is what protects it
	}
	for _, tt := range []struct {
		mode      fs.FileMode
		own, lent bool // refused, of this user's own files and of what root has lent it
	}{
		{0o600, false, false},
		{0o400, false, false},
		{0o440, true, false},
		{0o640, true, false},
		{0o660, true, true},
		{0o610, true, true},
		{0o644, true, true},
		{0o604, true, true},
		{0o602, true, true},
		{0o601, true, true},
		{fs.ModeSetgid | 0o600, false, false},
	} {
		if own, lent := isReadableByOthers(tt.mode, false), isReadableByOthers(tt.mode, true); own != tt.own || lent != tt.lent {
			t.Errorf("%v: refused %t, and when lent %t", tt.mode, own, lent)
		}
	}
}
