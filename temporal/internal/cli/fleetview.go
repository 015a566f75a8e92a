package cli

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/outcome"
	"github.com/rcreg/registration/internal/screen"
	"github.com/rcreg/registration/temporal"
)

// fleetView is how far a fleet is, or what became of it.
type fleetView struct {
	ID        string `json:"id"`
	Operation string `json:"operation"`
	// Started reports whether this command has begun it.
	Started bool `json:"started,omitempty"`
	// Ended reports whether it has ended.
	Ended bool           `json:"ended,omitempty"`
	Tally temporal.Tally `json:"tally"`
	failing
}

func newFleetView(id string) *fleetView {
	return &fleetView{ID: id, Operation: strings.TrimPrefix(id, temporal.FleetID(""))}
}

// count gives those that were not begun a class: a fleet that was cancelled leaves them.
func (v *fleetView) count() {
	if left := v.Tally.Total - v.Tally.Ended; left > 0 {
		classes := maps.Clone(v.Tally.Classes)
		if classes == nil {
			classes = map[fleet.Class]int{}
		}
		classes[fleet.Cancelled] += left
		v.Tally.Classes = classes
	}
}

// troubled counts what is not well.
func (v *fleetView) troubled() int {
	n := 0
	for class, count := range v.Tally.Classes {
		if !outcome.IsWell(class) {
			n += count
		}
	}
	return n
}

func (v *fleetView) text(out io.Writer, s screen.Style) {
	if v.Tally.Total == 0 {
		if !v.Ended && v.Error == nil {
			screen.Printf(out, "%s is under way; its list was not read yet\n", v.ID)
		}
		return
	}
	rows := [][]string{{"OUTCOME", "WORKSPACES"}}
	for _, class := range outcome.Classes() {
		if n := v.Tally.Classes[class]; n > 0 {
			rows = append(rows, []string{string(class), strconv.Itoa(n)})
		}
	}
	if !v.Ended {
		rows = append(rows, []string{"in flight", strconv.Itoa(v.Tally.InFlight)}, []string{"to come", strconv.Itoa(v.Tally.Total - v.Tally.Ended - v.Tally.InFlight)})
	}
	screen.Columns(out, append(rows, []string{"all", strconv.Itoa(v.Tally.Total)}))
	v.trouble(out, s)
	screen.Printf(out, "\n%s of %d workspaces\n", v.Operation, v.Tally.Total)
	if v.Operation == temporal.FleetRegister && len(v.Tally.Kinds) > 0 {
		_, _ = fmt.Fprintln(out, "See why with rcreg-worker status NAME.")
	}
	if n := v.Tally.Classes[fleet.Pending]; n > 0 {
		screen.Printf(out, "%d wait for confirmation, in workflows %s\n", n, temporal.WaitID("NAME"))
	}
}

// trouble names what is not well, by the kind of failure.
func (v *fleetView) trouble(out io.Writer, s screen.Style) {
	names := map[string][]string{}
	for _, t := range v.Tally.Troubled {
		names[t.Kind] = append(names[t.Kind], t.Workspace)
	}
	for _, kind := range slices.Sorted(maps.Keys(v.Tally.Kinds)) {
		count := v.Tally.Kinds[kind]
		text := outcome.Some(names[kind])
		if text == "" {
			text = fmt.Sprintf("%d workspaces", count) // only the first hundred have names
		}
		screen.Printf(out, "\n%s (%d): %s\n", s.Bad(strings.ReplaceAll(kind, "_", " ")), count, text)
	}
}
