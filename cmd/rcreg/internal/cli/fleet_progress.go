package cli

import (
	"io"
	"iter"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/command"
	"github.com/rcreg/registration/internal/outcome"
	"github.com/rcreg/registration/internal/progress"
	"github.com/rcreg/registration/internal/screen"
)

// follow takes the outcomes as they come and shows how far the run is: a bar on a terminal, lines elsewhere, and nothing beside JSON.
func (a *app) follow(outcomes iter.Seq[fleet.Outcome], total int) []fleet.Outcome {
	bar := a.StderrTerminal && !a.Verbose // a log would tear it
	p := &fleetProgress{
		Meter: progress.New(a.Stderr, bar, a.Style(a.StderrTerminal), a.system.Clock),
		count: progress.Count{Total: total},
	}
	seen := make([]fleet.Outcome, 0, total)
	for outcome := range outcomes {
		seen = append(seen, outcome)
		if a.Output != command.JSON {
			p.take(outcome)
		}
	}
	p.Clear()
	return seen
}

// fleetProgress is how far a run is.
type fleetProgress struct {
	*progress.Meter
	count progress.Count
}

// take counts an outcome and shows it.
func (p *fleetProgress) take(o fleet.Outcome) {
	if o.Class == fleet.Cancelled {
		return // it is no progress
	}
	p.count.Ended++
	if o.Resumed {
		p.count.Skipped++
	}
	if !outcome.IsWell(o.Class) {
		p.count.Troubled++
		_ = p.Say(func(out io.Writer, s style) { // the end of the run tells of it again
			screen.Printf(out, "%s %s: %s\n", s.Bad(string(o.Class)), o.Workspace, screen.OneLine(o.Message))
		})
	}
	p.Show(p.count)
}
