package cli

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/rcreg/registration/workspace"
)

// countdown is a clock that shows a person that it waits.
type countdown struct {
	workspace.Clock
	out io.Writer
}

// Sleep waits as the clock underneath does, and counts the seconds down on one line that it clears afterwards.
func (c countdown) Sleep(ctx context.Context, d time.Duration) error {
	if d < time.Second {
		return c.Clock.Sleep(ctx, d)
	}
	defer func() { _, _ = fmt.Fprint(c.out, "\r\x1b[K") }()
	for d > 0 {
		_, _ = fmt.Fprintf(c.out, "\r\x1b[KNext look in %s", d.Round(time.Second))
		step := min(d, time.Second)
		if err := c.Clock.Sleep(ctx, step); err != nil {
			return err
		}
		d -= step
	}
	return nil
}

// waits prepares a command that may wait for a person: no time limit, and a countdown where a person watches.
func (c *connection) waits(wait bool) {
	if !wait {
		return
	}
	c.endless = true
	if c.app.StderrTerminal {
		c.clock = countdown{c.clock, c.app.Stderr}
	}
}
