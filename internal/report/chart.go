package report

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/fleet"
)

// chart is a set of bars under one title.
type chart struct {
	Title string
	Bars  []bar
	// Note is said in the place of bars.
	Note string
}

// bar is a group of workspaces, as long as its share of the largest, in pieces by class.
type bar struct {
	Label  string
	Count  int
	Share  string
	Pieces []piece
}

func (b bar) Number() string { return thousands(b.Count) }

// piece is a part of a bar, in the units of its drawing.
type piece struct {
	Class       fleet.Class
	Left, Width string
	Says        string
}

// barWidth is the length of the longest bar in the units of its drawing.
const barWidth = 1000

// barOf draws a group against the size of the largest.
func barOf(label string, group []fleet.Outcome, longest int) bar {
	b := bar{Label: label, Count: len(group)}
	var widths []float64
	for _, f := range count(group).figures() {
		if f.Count > 0 {
			b.Pieces = append(b.Pieces, piece{Class: f.Class, Says: f.Label + ": " + thousands(f.Count)})
			widths = append(widths, barWidth*float64(f.Count)/float64(longest))
		}
	}
	left := 0.0
	for i, width := range seen(widths) {
		b.Pieces[i].Left, b.Pieces[i].Width = units(left), units(width)
		left += width
	}
	return b
}

// seen widens what is too narrow to be seen, at the cost of the widest: one failure among thousands must show.
func seen(widths []float64) []float64 {
	const narrowest = 8
	for i, width := range widths {
		if width < narrowest {
			widest := slices.Index(widths, slices.Max(widths))
			widths[i] = narrowest
			widths[widest] = max(widths[widest]-(narrowest-width), narrowest)
		}
	}
	return widths
}

func units(x float64) string { return strconv.FormatFloat(x, 'f', 2, 64) }

// chartsOf draws the fleet three ways.
func chartsOf(outcomes []fleet.Outcome, when time.Time) []chart {
	if len(outcomes) == 0 {
		return nil
	}
	support := grouped("By support window", outcomes, func(o fleet.Outcome) string { return windowOf(o, when) }, inOrder(windows()))
	if len(support.Bars) == 1 && support.Bars[0].Label == notKnown {
		support.Bars, support.Note = nil, "No end of support was read in this run. rcreg fleet status reads it."
		if slices.ContainsFunc(outcomes, func(o fleet.Outcome) bool { return o.Support == registration.SupportUnknown }) {
			support.Note = "The list of supported versions was asked and says nothing of these: see that this machine reaches https://releases.rocket.chat. For the servers of rcreg sim, export the " +
				"RCREG_RELEASES_URL and RCREG_SUPPORT_KEY that it prints."
		}
	}
	writing := grouped("By days until read-only", outcomes, writingOf, inOrder(countdowns()))
	if len(writing.Bars) == 1 && writing.Bars[0].Label == notKnown {
		writing.Bars, writing.Note = nil, "No countdown was read in this run. rcreg fleet status reads it, from 7.0."
	}
	return []chart{
		grouped("By version", outcomes, releases(outcomes), newestFirst),
		grouped("By state", outcomes, stateOf, inOrder([]string{"registered", "disconnected", "unregistered"})),
		support,
		writing,
	}
}

// countdowns are the groups of days until a workspace is read-only, the most urgent first.
func countdowns() []string {
	return []string{"read-only", "in 3 days or fewer", "in 7 days or fewer", "later", "kept by a license"}
}

func writingOf(o fleet.Outcome) string {
	names := countdowns()
	days, counting := o.ReadOnly.Days()
	switch {
	case o.ReadOnly.IsZero():
		return notKnown
	case !counting:
		return names[len(names)-1]
	}
	for i, limit := range []int{0, 3, 7} {
		if days <= limit {
			return names[i]
		}
	}
	return names[3]
}

// grouped draws a bar for each group of outcomes.
func grouped(title string, outcomes []fleet.Outcome, groupOf func(fleet.Outcome) string, order func(a, b string) int) chart {
	groups := map[string][]fleet.Outcome{}
	var labels []string
	longest := 0
	for _, o := range outcomes {
		label := groupOf(o)
		if groups[label] == nil {
			labels = append(labels, label)
		}
		groups[label] = append(groups[label], o)
		longest = max(longest, len(groups[label]))
	}
	slices.SortFunc(labels, func(a, b string) int {
		if a == notKnown || b == notKnown { // what is not known goes last
			return last(a) - last(b)
		}
		return order(a, b)
	})
	drawn := chart{Title: title}
	for _, label := range labels {
		b := barOf(label, groups[label], longest)
		b.Share = share(b.Count, len(outcomes))
		drawn.Bars = append(drawn.Bars, b)
	}
	return drawn
}

const notKnown = "not known"

func last(label string) int {
	if label == notKnown {
		return 1
	}
	return 0
}

// inOrder sorts labels as a list has them; others follow by the alphabet.
func inOrder(list []string) func(a, b string) int {
	place := func(label string) int {
		if at := slices.Index(list, label); at >= 0 {
			return at
		}
		return len(list)
	}
	return func(a, b string) int {
		if byPlace := place(a) - place(b); byPlace != 0 {
			return byPlace
		}
		return strings.Compare(a, b)
	}
}

func stateOf(o fleet.Outcome) string {
	if o.State == "" {
		return notKnown
	}
	return o.State
}

// windows lists how long a version may still be supported, from the most pressing.
func windows() []string {
	return []string{"has ended", "ends in 30 days", "ends in 90 days", "ends in 180 days", "ends later"}
}

func windowOf(o fleet.Outcome, when time.Time) string {
	const day = 24 * time.Hour
	names := windows()
	switch until := o.SupportUntil; {
	case o.Support == registration.Unsupported:
		return names[0]
	case until == nil || until.IsZero():
		return notKnown
	}
	left := o.SupportUntil.Sub(when)
	for i, limit := range []time.Duration{0, 30 * day, 90 * day, 180 * day} {
		if left <= limit {
			return names[i]
		}
	}
	return names[len(names)-1]
}
