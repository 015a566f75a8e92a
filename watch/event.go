package watch

import (
	"slices"
	"strings"
	"time"
)

// Event is one change for the worse, or one that has mended.
type Event struct {
	Workspace string    `json:"workspace"` // its name in the list
	URL       string    `json:"url"`
	At        time.Time `json:"at"` // when it was told
	// Mended: the trouble is over, and no other one about the same has come in its place.
	Mended bool     `json:"mended"`
	Name   Name     `json:"name"`
	Level  Severity `json:"severity"`
	// Since is when the trouble was seen first.
	Since time.Time `json:"since"`
	// Text says what is so now; Advice is the next step at a command line, and empty of what has mended.
	Text   string `json:"text"`
	Advice string `json:"advice,omitempty"`
}

// news are the differences between what is so and what was told of a workspace.
func (r *record) news(now time.Time) []Event {
	if !r.fresh {
		return nil
	}
	var events []Event
	about := map[subject]bool{}
	for _, t := range r.Troubles {
		known, _ := describe(t.Name)
		about[known.subject] = true
		if _, told := r.Told[t.Name]; !told && !t.unsure {
			events = append(events, Event{Workspace: r.Workspace, URL: r.URL, At: now, Name: t.Name, Level: t.Severity, Since: t.Since, Text: t.Text, Advice: t.Advice})
		}
	}
	for _, name := range r.over() {
		known, ok := describe(name)
		if !ok || about[known.subject] {
			continue
		}
		about[known.subject] = true // once is enough
		events = append(events, Event{Workspace: r.Workspace, URL: r.URL, At: now, Mended: true, Name: name, Level: known.severity, Since: r.Told[name], Text: known.mended})
	}
	return events
}

// over are the troubles that were told and are not so any more, the gravest first.
func (r *record) over() []Name {
	var names []Name
	for name := range r.Told {
		if _, still := r.has(name); !still {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b Name) int { return rank(a) - rank(b) })
	return names
}

// told notes that events were told. What was told and is over is forgotten with them.
func (r *record) told(events []Event) {
	for _, name := range r.over() {
		known, _ := describe(name)
		if mended := slices.ContainsFunc(events, func(e Event) bool { return e.Mended && e.Name == name }); mended || r.isAbout(known.subject) {
			r.forget(known.subject)
		}
	}
	for _, e := range events {
		if e.Mended {
			continue
		}
		if r.Told == nil {
			r.Told = map[Name]time.Time{}
		}
		r.Told[e.Name] = e.Since
	}
}

// isAbout reports whether there is a trouble about a subject.
func (r *record) isAbout(s subject) bool {
	return slices.ContainsFunc(r.Troubles, func(t Trouble) bool { known, _ := describe(t.Name); return known.subject == s })
}

// forget drops what was told about a subject and is over.
func (r *record) forget(s subject) {
	for _, name := range r.over() {
		if known, _ := describe(name); known.subject == s {
			delete(r.Told, name)
		}
	}
}

// String says it on one line.
func (e Event) String() string {
	var line strings.Builder
	line.WriteString(e.Workspace + " (" + e.URL + "): " + e.Text)
	if e.Advice != "" {
		line.WriteString(". Next: " + e.Advice)
	}
	return line.String()
}
