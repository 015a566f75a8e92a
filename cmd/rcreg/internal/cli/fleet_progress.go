package cli

import (
	"fmt"
	"io"
	"iter"
	"strings"
	"time"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/outcome"
	"github.com/rcreg/registration/internal/screen"
)

// watch takes the outcomes as they come and shows how far the run is: a bar on a terminal, lines elsewhere, and nothing beside JSON.
func (a *app) watch(outcomes iter.Seq[fleet.Outcome], total int) []fleet.Outcome {
	p := &fleetProgress{app: a, total: total, began: a.system.Clock.Now()}
	p.style = a.style(a.system.StderrTerminal)
	seen := make([]fleet.Outcome, 0, total)
	for outcome := range outcomes {
		seen = append(seen, outcome)
		if a.output != outputJSON {
			p.take(outcome)
		}
	}
	p.clear()
	return seen
}

// fleetProgress is how far a run is.
type fleetProgress struct {
	app   *app
	style style
	total int
	began time.Time

	ended, resumed, troubled int
	shown                    time.Time // when the bar was drawn
	tenths                   int       // that lines have told of
	drawn                    bool
}

// take counts an outcome and shows it.
func (p *fleetProgress) take(o fleet.Outcome) {
	if o.Class == fleet.Cancelled {
		return // it is no progress
	}
	a := p.app
	p.ended++
	if o.Resumed {
		p.resumed++
	}
	now := a.system.Clock.Now()
	if !outcome.IsWell(o.Class) {
		p.troubled++
		p.clear()
		_ = screen.Print(a.system.Stderr, p.style, func(out io.Writer, s style) {
			_, _ = fmt.Fprintf(out, "%s %s: %s\n", s.Bad(string(o.Class)), o.Workspace, screen.OneLine(o.Message))
		})
	}
	if a.system.StderrTerminal && !a.verbose { // a log would tear the bar
		const often = 100 * time.Millisecond // more is a flicker
		if !p.drawn || now.Sub(p.shown) >= often || p.ended == p.total {
			p.clear()
			_, _ = io.WriteString(a.system.Stderr, p.bar(now))
			p.shown, p.drawn = now, true
		}
		return
	}
	if tenths := 10 * p.ended / p.total; tenths > p.tenths && tenths < 10 {
		p.tenths = tenths
		_, _ = fmt.Fprintln(a.system.Stderr, p.numbers(now))
	}
}

// clear wipes the bar away.
func (p *fleetProgress) clear() {
	if p.drawn {
		_, _ = io.WriteString(p.app.system.Stderr, "\r\x1b[K")
		p.drawn = false
	}
}

// bar is the bar with its numbers, without an end of line.
func (p *fleetProgress) bar(now time.Time) string {
	const width = 24
	full := width * p.ended / p.total
	return p.style.Good(strings.Repeat("█", full)) + strings.Repeat("░", width-full) + " " + p.numbers(now)
}

// numbers are how much is done, how fast it goes, and how long it will take.
func (p *fleetProgress) numbers(now time.Time) string {
	text := fmt.Sprintf("%d of %d (%d %%)", p.ended, p.total, 100*p.ended/p.total)
	if elapsed, worked := now.Sub(p.began), p.ended-p.resumed; worked > 0 && elapsed >= time.Second {
		rate := float64(worked) / elapsed.Seconds()
		left := time.Duration(float64(p.total-p.ended) / rate * float64(time.Second))
		text += fmt.Sprintf(", %.1f a second, %s left", rate, left.Round(time.Second))
	}
	if p.troubled > 0 {
		text += fmt.Sprintf(", %d not well", p.troubled)
	}
	return text
}
