// Package progress shows how far work on many things is: a bar on a terminal, and a line for each tenth elsewhere.
//
//	meter := progress.New(os.Stderr, isTerminal, style, clock.System())
//	meter.Show(progress.Count{Total: 2000, Ended: 600})
//	meter.Clear()
package progress

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/rcreg/registration/internal/clock"
	"github.com/rcreg/registration/internal/screen"
)

// Count is how much is done.
type Count struct {
	Total int // nothing is shown while it is 0: it is not known yet
	Ended int
	// Skipped are those of Ended that took no time: they do not count for the rate.
	Skipped int
	// Troubled are those of Ended that are not well.
	Troubled int
}

// Meter shows counts as they grow. It is for one goroutine.
type Meter struct {
	out   io.Writer
	bar   bool
	style screen.Style
	clock clock.Clock
	began time.Time

	shown  time.Time // when the bar was drawn
	tenths int       // that lines have told of
	drawn  bool
}

// New makes a meter that measures the rate from now on.
func New(out io.Writer, bar bool, style screen.Style, c clock.Clock) *Meter {
	return &Meter{out: out, bar: bar, style: style, clock: c, began: c.Now()}
}

// Show tells of a count. A bar is not drawn more often than anybody can see.
func (m *Meter) Show(c Count) {
	if c.Total <= 0 {
		return
	}
	now := m.clock.Now()
	if m.bar {
		const often = 100 * time.Millisecond // more is a flicker
		if !m.drawn || now.Sub(m.shown) >= often || c.Ended == c.Total {
			m.Clear()
			_, _ = io.WriteString(m.out, m.drawing(c, now))
			m.shown, m.drawn = now, true
		}
		return
	}
	if tenths := 10 * c.Ended / c.Total; tenths > m.tenths && tenths < 10 {
		m.tenths = tenths
		_, _ = fmt.Fprintln(m.out, m.numbers(c, now))
	}
}

// Say writes lines in the place of the bar, which comes back with the next count. Errors: those of the writer.
func (m *Meter) Say(write func(io.Writer, screen.Style)) error {
	m.Clear()
	return screen.Print(m.out, m.style, write)
}

// Clear wipes the bar away.
func (m *Meter) Clear() {
	if m.drawn {
		_, _ = io.WriteString(m.out, "\r\x1b[K")
		m.drawn = false
	}
}

// drawing is the bar with its numbers, without an end of line.
func (m *Meter) drawing(c Count, now time.Time) string {
	const width = 24
	full := min(width*c.Ended/c.Total, width)
	return m.style.Good(strings.Repeat("█", full)) + strings.Repeat("░", width-full) + " " + m.numbers(c, now)
}

// numbers are how much is done, how fast it goes, and how long it will take.
func (m *Meter) numbers(c Count, now time.Time) string {
	text := fmt.Sprintf("%d of %d (%d %%)", c.Ended, c.Total, 100*c.Ended/c.Total)
	if elapsed, worked := now.Sub(m.began), c.Ended-c.Skipped; worked > 0 && elapsed >= time.Second {
		rate := float64(worked) / elapsed.Seconds()
		left := time.Duration(float64(c.Total-c.Ended) / rate * float64(time.Second))
		text += fmt.Sprintf(", %.1f a second, %s left", rate, left.Round(time.Second))
	}
	if c.Troubled > 0 {
		text += fmt.Sprintf(", %d not well", c.Troubled)
	}
	return text
}
