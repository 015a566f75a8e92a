package cli

import (
	"io"
	"sync"
	"time"

	"github.com/rcreg/registration/internal/plain"
)

// waiting shows a person at a terminal what is waited for, on one line that is cleared again. A call that is answered at once shows nothing.
type waiting struct {
	out io.Writer
	mu  sync.Mutex
}

// clearLine begins the line of a terminal anew.
const clearLine = "\r\x1b[K"

// hangsAfter is for how long a call shows nothing.
const hangsAfter = time.Second

// call begins to watch a call; the function that it returns ends that.
func (w *waiting) call(operation string) (end func()) {
	over, shown := false, false
	timer := time.AfterFunc(hangsAfter, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if !over {
			_, _ = io.WriteString(w.out, clearLine+"Waiting for "+plain.Text(operation)+" …")
			shown = true
		}
	})
	return func() {
		timer.Stop()
		w.mu.Lock()
		defer w.mu.Unlock()
		if over = true; shown {
			_, _ = io.WriteString(w.out, clearLine)
		}
	}
}
