package screen

import (
	"errors"
	"io"
	"sync"
	"syscall"

	"github.com/rcreg/registration/internal/exitcode"
)

// Outlet is the stream for a command's answer. It remembers when something could not be written: whoever prints to a full disk has to learn of it, and not all that
// write there pass errors on.
type Outlet struct {
	out io.Writer
	mu  sync.Mutex
	err error
}

// NewOutlet makes an outlet into a stream.
func NewOutlet(out io.Writer) *Outlet { return &Outlet{out: out} }

// Write writes, unless a write has failed before.
func (o *Outlet) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err != nil {
		return 0, o.err
	}
	n, err := o.out.Write(p)
	o.err = err
	return n, err
}

// Lost is why the answer is not whole; nil when it is.
func (o *Outlet) Lost() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.err
}

// End tells on stderr that the answer was lost, where it was, and returns the exit code that this makes of the command's own. A reader that left, such as head, is told
// nothing.
func (o *Outlet) End(code int, stderr io.Writer, s Style) int {
	lost := o.Lost()
	if lost == nil {
		return code
	}
	if !errors.Is(lost, syscall.EPIPE) {
		_ = Print(stderr, s, func(out io.Writer, s Style) { // no reader is left
			Printf(out, "%s the output could not be written: %v\n%s  make room, or send it elsewhere; what the command did besides is done\n", s.Bad("Error:"), lost, s.Strong("Next:"))
		})
	}
	if code == exitcode.Done {
		return exitcode.Failed
	}
	return code
}
