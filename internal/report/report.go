// Package report writes what became of a fleet as one HTML page, for people: figures, charts, and a table to search, filter and sort.
//
//	err := report.About{List: "fleet.yaml"}.Write(file, outcomes, time.Now())
//
// The page holds its own style and script and loads nothing: it can be mailed, archived and opened where there is no network. Its policy allows only
// those two parts, by their digests, so that nothing a workspace says of itself can run. Without scripts everything is still there to be read.
package report

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"
	"time"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/plain"
)

//go:embed page/page.html
var pageHTML string

//go:embed page/page.css
var pageCSS string

//go:embed page/page.js
var pageJS string

// page is what the template shows.
type page struct {
	About     About
	CSS       template.CSS
	JS        template.JS
	Policy    string
	Operation string
	Written   string
	Span      string
	Total     int
	Number    string // the same, for people
	Count     string // with what it counts
	Known     string // how many the journal knew
	Share     string // of those that are well
	Verdict   string
	Figures   []figure
	Outcomes  chart // all of them, as one bar
	Charts    []chart
	Causes    []cause
	Rows      []row
}

// Begins reports whether a text begins as a page of Write does. It looks at the first 4 KiB.
func Begins(text []byte) bool {
	const enough = 4 << 10
	return bytes.HasPrefix(text, []byte("<!DOCTYPE html>\n")) && bytes.Contains(text[:min(len(text), enough)], []byte("<title>Fleet report"))
}

// About says what a page is of, in its head and on each printed page. What is empty is left out.
type About struct {
	List    string // the name of the list
	Command string // with which it was made, as it can be run again
	Program string // and its version
}

// Write writes the page of these outcomes. The time is that of writing: support windows are measured from it. Errors are those of w.
func (a About) Write(w io.Writer, outcomes []fleet.Outcome, when time.Time) error {
	t, err := template.New("page").Parse(pageHTML)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	p := pageOf(outcomes, when)
	p.About = About{List: plain.Text(a.List), Command: plain.Text(a.Command), Program: plain.Text(a.Program)}
	if err := t.Execute(out, p); err != nil {
		return err
	}
	return out.Flush()
}

func pageOf(outcomes []fleet.Outcome, when time.Time) page {
	counted := count(outcomes)
	return page{
		CSS:       template.CSS(pageCSS), //nolint:gosec // our own, embedded
		JS:        template.JS(pageJS),   //nolint:gosec // likewise
		Policy:    policy(),
		Operation: operationOf(outcomes),
		Written:   moment(when),
		Span:      spanOf(outcomes),
		Total:     len(outcomes),
		Number:    thousands(len(outcomes)),
		Count:     workspaces(len(outcomes)),
		Known:     known(outcomes),
		Share:     share(counted.well(), len(outcomes)),
		Verdict:   counted.verdict(),
		Figures:   counted.figures(),
		Outcomes:  chart{Bars: []bar{barOf("all", outcomes, len(outcomes))}},
		Charts:    chartsOf(outcomes, when),
		Causes:    causesOf(outcomes),
		Rows:      rowsOf(outcomes),
	}
}

// policy forbids everything but the page's own style and script, which it knows by their digests.
func policy() string {
	return "default-src 'none'; style-src '" + digest(pageCSS) + "'; script-src '" + digest(pageJS) + "'; base-uri 'none'; form-action 'none'"
}

// digest is the source expression of an inline part (CSP level 2, "hash-source").
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// operationOf is what was done with the workspaces; empty when it was not one thing.
func operationOf(outcomes []fleet.Outcome) string {
	if len(outcomes) == 0 {
		return ""
	}
	for _, o := range outcomes {
		if o.Operation != outcomes[0].Operation {
			return ""
		}
	}
	return outcomes[0].Operation
}

// known says how many outcomes the journal knew; empty where there are none.
func known(outcomes []fleet.Outcome) string {
	n := 0
	for _, o := range outcomes {
		if o.Resumed {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return thousands(n) + " of them known from the journal of an earlier run"
}

// spanOf says when this run began and how long it took; empty where the journal knew everything.
func spanOf(outcomes []fleet.Outcome) string {
	var began, ended time.Time
	for _, o := range outcomes {
		if o.Resumed || o.Began.IsZero() {
			continue
		}
		if began.IsZero() || o.Began.Before(began) {
			began = o.Began
		}
		if end := o.Began.Add(o.Took); end.After(ended) {
			ended = end
		}
	}
	if began.IsZero() {
		return ""
	}
	return "began " + moment(began) + ", took " + short(ended.Sub(began))
}

func moment(at time.Time) string { return at.UTC().Format("2 January 2006, 15:04 UTC") }
