//go:build unix

package safedir_test

import (
	"errors"
	"fmt"
	"os"
	"testing"

	"github.com/rcreg/registration/internal/safedir"
)

// What comes through a pipe is kept nowhere, whoever could read the pipe.
func TestReadPrivateFromAPipe(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]error{"secret": nil, string(make([]byte, limit+1)): safedir.ErrTooLarge} {
		out, in, err := os.Pipe()
		must(t, err)
		go func() {
			_, _ = in.WriteString(text) // a reader that gives up breaks the pipe
			_ = in.Close()
		}()
		got, err := safedir.ReadPrivate(fmt.Sprintf("/dev/fd/%d", out.Fd()), limit)
		if !errors.Is(err, want) || err == nil && string(got) != text {
			t.Errorf("%q, %v", got, err)
		}
		must(t, out.Close())
	}
}
