package report

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/labels"
	"github.com/rcreg/registration/internal/plain"
)

// row is a workspace in the table.
type row struct {
	Workspace, URL, Version, State string
	Class                          fleet.Class
	Label                          string
	Rank                           int
	Kind, Message, Advice          string
	Notes                          []string
	Labels                         []string // as they are selected: tier=gold
	Until                          string   // a day, or that it is over; empty where nothing is known
	Writing                        string   // until when anybody can write; empty where nothing is known
	WritingDays                    string   // by which it is sorted
	Attempts                       int
	Took                           string
	TookMillis                     int64
	Resumed                        bool
}

// rowsOf are the rows of all outcomes, those first that ask for action.
func rowsOf(outcomes []fleet.Outcome) []row {
	sorted := slices.SortedFunc(slices.Values(outcomes), byClass)
	rows := make([]row, len(sorted))
	for i, o := range sorted {
		rows[i] = row{
			Workspace: plain.Text(o.Workspace), URL: plain.Text(o.URL), Version: plain.Text(o.Version), State: plain.Text(o.State),
			Class: o.Class, Label: labelOf(o.Class), Rank: rank(o.Class),
			Kind: strings.ReplaceAll(plain.Text(o.Kind), "_", " "), Message: plain.Text(withoutHeading(o)), Advice: plain.Text(o.Advice),
			Attempts: o.Attempts, Took: short(o.Took), TookMillis: o.Took.Milliseconds(), Resumed: o.Resumed,
		}
		if !o.ReadOnly.IsZero() {
			rows[i].Writing, rows[i].WritingDays = o.ReadOnly.String(), "1000" // what is licensed goes behind what counts
			if days, counting := o.ReadOnly.Days(); counting {
				rows[i].WritingDays = strconv.Itoa(days)
			}
		}
		for _, pair := range labels.Pairs(o.Labels) {
			rows[i].Labels = append(rows[i].Labels, plain.Text(pair))
		}
		for _, note := range o.Notes {
			rows[i].Notes = append(rows[i].Notes, plain.Text(note))
		}
		switch {
		case o.SupportUntil != nil && !o.SupportUntil.IsZero():
			rows[i].Until = o.SupportUntil.UTC().Format(time.DateOnly)
		case o.Support == registration.Unsupported:
			rows[i].Until = "has ended"
		}
	}
	return rows
}

// withoutHeading is a message without what the row says already: an error begins with operation, address and version.
func withoutHeading(o fleet.Outcome) string {
	heading, rest, found := strings.Cut(o.Message, ": ")
	if found && o.URL != "" && strings.Contains(heading, o.URL) {
		return rest
	}
	return o.Message
}

// short is a duration with no more digits than anybody reads.
func short(d time.Duration) string {
	switch {
	case d < time.Second:
		return d.Round(time.Millisecond).String()
	case d < time.Minute:
		return d.Round(100 * time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}
