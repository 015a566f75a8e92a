package cli

import (
	"fmt"
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
	// Started tells whether this command has begun it.
	Started  bool               `json:"started,omitempty"`
	Progress *temporal.Progress `json:"progress,omitempty"`
	Outcome  *fleet.Outcome     `json:"outcome,omitempty"`
	failing
}

func (v *workspaceView) text(out io.Writer, s screen.Style) {
	if v.Outcome != nil {
		v.ended(out, s)
		return
	}
	if v.Progress == nil {
		return
	}
	pending := v.Error != nil && v.Error.Kind == kindPending
	if pending {
		_, _ = fmt.Fprintf(out, "%s %s.\n", s.Warn("Pending:"), v.Error.Message)
	}
	screen.Columns(out, v.rows())
	if pending {
		_, _ = fmt.Fprintf(out, "%s  %s\n", s.Strong("Next:"), v.Error.Advice)
	}
}

// rows are what is known of a workflow that is under way. What is empty is left out.
func (v *workspaceView) rows() [][]string {
	p := v.Progress
	rows := [][]string{{"Workflow", v.ID}}
	add := func(label, value string) {
		if value != "" {
			rows = append(rows, []string{label, value})
		}
	}
	add("Workspace", p.Workspace+" "+p.URL)
	add("Phase", string(p.Phase)+since(p.Since))
	add("Address", p.Email)
	add("Code", p.UserCode)
	add("Link", p.VerificationURL)
	add("Request", p.Request)
	add("Expires", moment(p.Expires))
	if p.Messages > 0 {
		add("Asked", strconv.Itoa(p.Messages)+" times")
	}
	if p.Looks > 0 {
		add("Looked", strconv.Itoa(p.Looks)+" times")
	}
	add("Next", moment(p.Next))
	if p.Kind != "" {
		add("Last failure", p.Kind+": "+screen.OneLine(p.Message))
	}
	return rows
}

// ended is what became of the workspace.
func (v *workspaceView) ended(out io.Writer, s screen.Style) {
	o := v.Outcome
	class := s.Good(string(o.Class))
	if !outcome.IsWell(o.Class) {
		class = s.Bad(string(o.Class))
	}
	_, _ = fmt.Fprintf(out, "%s %s of %s %s", class, o.Operation, o.Workspace, o.URL)
	if o.State != "" {
		_, _ = fmt.Fprintf(out, ", which is %s", o.State)
	}
	if o.Version != "" {
		_, _ = fmt.Fprintf(out, " (Rocket.Chat %s)", o.Version)
	}
	_, _ = fmt.Fprintln(out)
	if o.Message != "" {
		_, _ = fmt.Fprintln(out, o.Message)
	}
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
