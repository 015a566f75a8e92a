package cli

import (
	"io"
	"strconv"
	"time"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/outcome"
	"github.com/rcreg/registration/internal/screen"
	"github.com/rcreg/registration/temporal"
)

// workspaceView is how far a workflow for one workspace is, or what became of it.
type workspaceView struct {
	ID string `json:"id"`
	// Started reports whether this command has begun it.
	Started bool `json:"started,omitempty"`
	// Ended reports whether it has ended: well with an outcome, or with an error.
	Ended    bool               `json:"ended,omitempty"`
	Progress *temporal.Progress `json:"progress,omitempty"`
	Outcome  *fleet.Outcome     `json:"outcome,omitempty"`
	failing
}

func (v *workspaceView) text(out io.Writer, s screen.Style) {
	switch {
	case v.Outcome != nil:
		screen.Columns(out, v.ended(s))
		return
	case v.Ended && v.Error == nil:
		screen.Printf(out, "%s has ended\n", v.ID)
		return
	case v.Progress == nil:
		return
	}
	pending := v.Error != nil && v.Error.Kind == kindPending
	if pending {
		screen.Printf(out, "%s %s.\n", s.Warn("Pending:"), v.Error.Message)
	}
	screen.Columns(out, v.rows())
	if pending {
		screen.Printf(out, "%s  %s\n", s.Strong("Next:"), v.Error.Advice)
	}
}

// rows are what is known of a workflow that is under way. What is empty is left out.
func (v *workspaceView) rows() [][]string {
	p := v.Progress
	r := rows{{"Workflow", v.ID}}
	r.add("Workspace", p.Workspace+" "+p.URL)
	r.add("Phase", string(p.Phase)+since(p.Since))
	r.add("Address", p.Email)
	if p.Phase != temporal.PhaseDone { // then they are of no use any more
		r.add("Code", p.UserCode)
		r.add("Link", p.VerificationURL)
		r.add("Request", p.Request)
		r.add("Expires", moment(p.Expires))
	}
	r.add("Asked", times(p.Messages))
	r.add("Looked", times(p.Looks))
	r.add("Next", moment(p.Next))
	if p.Kind != "" {
		r.add("Last failure", p.Kind+": "+screen.OneLine(p.Message))
	}
	return r
}

// ended is what became of the workspace.
func (v *workspaceView) ended(s screen.Style) [][]string {
	o := v.Outcome
	class := s.Good(string(o.Class))
	if !outcome.IsWell(o.Class) {
		class = s.Bad(string(o.Class))
	}
	r := rows{{"Workflow", v.ID}}
	r.add("Workspace", o.Workspace+" "+o.URL)
	r.add("Outcome", class)
	r.add("State", o.State)
	r.add("Version", o.Version)
	r.add("Remark", screen.OneLine(o.Message))
	return r
}

// rows are labels and values; what is empty is left out.
type rows [][]string

func (r *rows) add(label, value string) {
	if value != "" {
		*r = append(*r, []string{label, value})
	}
}

// times counts for people; empty for never.
func times(n int) string {
	switch n {
	case 0:
		return ""
	case 1:
		return "once"
	}
	return strconv.Itoa(n) + " times"
}

// moment is a time as people read it; empty for none.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04:05 UTC")
}

func since(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return " since " + moment(t)
}
