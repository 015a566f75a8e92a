package cli

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/command"
	"github.com/rcreg/registration/internal/exitcode"
	"github.com/rcreg/registration/internal/outcome"
	"github.com/rcreg/registration/internal/release"
	"github.com/rcreg/registration/internal/screen"
)

// fleetView is what became of a fleet.
type fleetView struct {
	Operation string              `json:"operation"`
	Counts    map[fleet.Class]int `json:"counts"`
	// Versions counts the outcomes of each version; that of workspaces which did not tell is empty.
	Versions  map[string]map[fleet.Class]int `json:"versions"`
	Took      time.Duration                  `json:"took_ns"`
	*poolView                                // nil for a command that takes no tokens
	// Journal is there where the same command goes on with it.
	Journal  string          `json:"journal,omitempty"`
	Report   string          `json:"report,omitempty"`
	Outcomes []fleet.Outcome `json:"outcomes"`
	// Error is why the run could not do its work.
	Error *errorBody `json:"error,omitempty"`

	all        bool // workspaces are listed, not only those that are not well
	unfinished int  // how many another run goes on with
}

// poolView is what the pool of tokens has left.
type poolView struct {
	Left    int `json:"tokens_left"`
	InDoubt int `json:"tokens_in_doubt"`
}

func (v poolView) tokens() string {
	if v.InDoubt == 0 {
		return strconv.Itoa(v.Left)
	}
	return fmt.Sprintf("%d, in doubt %d", v.Left, v.InDoubt)
}

func fleetViewOf(f *fleetFlags, list fleet.List, outcomes []fleet.Outcome) fleetView {
	inListOrder(list, outcomes)
	v := fleetView{
		Operation: f.command.operation.Name, Counts: map[fleet.Class]int{}, Versions: map[string]map[fleet.Class]int{}, Outcomes: outcomes,
		all: !f.command.operation.Writes,
	}
	for _, class := range outcome.Classes() {
		v.Counts[class] = 0
	}
	for _, o := range outcomes {
		v.Counts[o.Class]++
		if v.Versions[o.Version] == nil {
			v.Versions[o.Version] = map[fleet.Class]int{}
		}
		v.Versions[o.Version][o.Class]++
	}
	return v
}

// showFleet prints what became of a fleet, and returns how the command ends. The error is why the run could not do its work.
func (a *app) showFleet(v fleetView, err error) error {
	var printed error
	switch a.Output {
	case command.JSON:
		if err != nil {
			body := explain(err)
			v.Error = &body
		}
		printed = a.PrintJSON(v)
		if printed == nil && err != nil {
			return command.ExitError(exitOf(err))
		}
	case outputCSV:
		printed = writeCSV(a.Stdout, v.Outcomes)
	default:
		printed = a.show(v)
	}
	switch {
	case printed != nil:
		return printed
	case err != nil:
		return err
	}
	if code := outcome.ExitCode(v.Counts); code != exitcode.Done {
		return command.ExitError(code)
	}
	return nil
}

func (v fleetView) text(out io.Writer, s style) {
	v.list(out)
	v.summary(out)
	v.trouble(out, s)
	v.notes(out, s)
	var facts [][]string
	if v.poolView != nil {
		facts = append(facts, []string{"Tokens left", v.tokens()})
	}
	if v.Journal != "" {
		facts = append(facts, []string{"Journal", v.Journal})
	}
	if v.Report != "" {
		facts = append(facts, []string{"Report", v.Report})
	}
	if len(facts) > 0 {
		_, _ = fmt.Fprintln(out)
		screen.Columns(out, facts)
	}
}

// list has a line for each workspace, for a command that only shows.
func (v fleetView) list(out io.Writer) {
	if !v.all {
		return
	}
	rows := [][]string{{"WORKSPACE", "VERSION", "STATE", "SUPPORT", "WRITING", "ADDRESS"}}
	for _, o := range v.Outcomes {
		state, until := o.State, cmp.Or(string(o.Support), "-")
		if !outcome.IsWell(o.Class) {
			state = string(o.Class)
		}
		if o.SupportUntil != nil {
			until = "until " + day(*o.SupportUntil)
		}
		rows = append(rows, []string{o.Workspace, cmp.Or(o.Version, "-"), state, until, cmp.Or(o.ReadOnly.String(), "-"), o.URL})
	}
	screen.Columns(out, rows)
	_, _ = fmt.Fprintln(out)
}

// summary counts outcomes by version; classes that did not come are left out.
func (v fleetView) summary(out io.Writer) {
	classes := slices.DeleteFunc(outcome.Classes(), func(class fleet.Class) bool { return v.Counts[class] == 0 })
	head := append(make([]string, 0, len(classes)+2), "VERSION", "WORKSPACES")
	for _, class := range classes {
		head = append(head, strings.ToUpper(string(class)))
	}
	rows := [][]string{head}
	line := func(label string, counts map[fleet.Class]int) {
		total, cells := 0, append(make([]string, 0, len(classes)+2), label, "")
		for _, class := range classes {
			total += counts[class]
			cells = append(cells, strconv.Itoa(counts[class]))
		}
		cells[1] = strconv.Itoa(total)
		rows = append(rows, cells)
	}
	for _, version := range slices.SortedFunc(maps.Keys(v.Versions), lastEmpty) {
		line(cmp.Or(version, "not told"), v.Versions[version])
	}
	line("all", v.Counts)
	screen.Columns(out, rows)
	screen.Printf(out, "\n%s of %d workspaces in %s\n", v.Operation, len(v.Outcomes), roundly(v.Took))
}

// trouble names what is not well, by what is to be done about it.
func (v fleetView) trouble(out io.Writer, s style) {
	type reason struct{ class, kind, advice string }
	names := map[reason][]string{}
	var order []reason
	for _, o := range v.Outcomes {
		if outcome.IsWell(o.Class) || o.Class == fleet.Cancelled { // the end of the run says why
			continue
		}
		why := reason{string(o.Class), strings.ReplaceAll(o.Kind, "_", " "), o.Advice}
		if names[why] == nil {
			order = append(order, why)
		}
		names[why] = append(names[why], o.Workspace)
	}
	for _, why := range order {
		screen.Printf(out, "\n%s %s: %s\n", s.Bad(why.class), why.kind, outcome.Some(names[why]))
		if why.advice != "" {
			screen.Printf(out, "%s  %s\n", s.Strong("Next:"), why.advice)
		}
	}
}

// notes tells what is to be known besides, each once with those whom it is about.
func (v fleetView) notes(out io.Writer, s style) {
	const most = 20
	names := map[string][]string{}
	var order []string
	for _, o := range v.Outcomes {
		for _, note := range o.Notes {
			if names[note] == nil {
				order = append(order, note)
			}
			names[note] = append(names[note], o.Workspace)
		}
	}
	for i, note := range order {
		if i == most {
			screen.Printf(out, "\n%s %d more; --output json and --report have all of them\n", s.Strong("Notes:"), len(order)-most)
			return
		}
		screen.Printf(out, "\n%s %s: %s\n", s.Strong("Note"), outcome.Some(names[note]), note)
	}
}

// roundly is a duration with no more digits than anybody reads.
func roundly(d time.Duration) time.Duration {
	if d < time.Minute {
		return d.Round(100 * time.Millisecond)
	}
	return d.Round(time.Second)
}

// lastEmpty sorts versions, and an empty one last.
func lastEmpty(a, b string) int {
	if a == "" || b == "" {
		return len(b) - len(a)
	}
	return release.Compare(a, b)
}
