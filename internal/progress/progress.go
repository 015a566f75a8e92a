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
		_, _ = fmt.Fprintln(m.out, m.numbers(c, now, unlimited))
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

// unlimited is the room of what is no terminal.
const unlimited = 1 << 10

// drawing is the bar with its numbers, without an end of line, as far as the terminal has room for them: what is too wide would leave a line behind at each drawing.
func (m *Meter) drawing(c Count, now time.Time) string {
	const usual, shortest = 24, 6
	room := unlimited
	if m.style.Width > 0 {
		room = m.style.Width - 1 // the last column may begin another line
	}
	numbers := m.numbers(c, now, room)
	width := min(usual, room-1-len(numbers))
	if width < shortest {
		return numbers
	}
	full := min(width*c.Ended/c.Total, width)
	return m.style.Good(strings.Repeat("█", full)) + strings.Repeat("░", width-full) + " " + numbers
}

// numbers are how much is done, how many are not well, how long it will take, and how fast it goes, as far as there is room.
func (m *Meter) numbers(c Count, now time.Time, room int) string {
	parts := []string{fmt.Sprintf("%d of %d (%d %%)", c.Ended, c.Total, 100*c.Ended/c.Total), "", "", ""}
	if elapsed, worked := now.Sub(m.began), c.Ended-c.Skipped; worked > 0 && elapsed >= time.Second {
		rate := float64(worked) / elapsed.Seconds()
		left := time.Duration(float64(c.Total-c.Ended) / rate * float64(time.Second))
		parts[1], parts[2] = fmt.Sprintf(", %.1f a second", rate), fmt.Sprintf(", %s left", left.Round(time.Second))
	}
	if c.Troubled > 0 {
		parts[3] = fmt.Sprintf(", %d not well", c.Troubled)
	}
	for _, least := range []int{1, 2, 3} {
		if len(strings.Join(parts, "")) > room {
			parts[least] = ""
		}
	}
	text := strings.Join(parts, "")
	return text[:min(len(text), max(room, 0))]
}
