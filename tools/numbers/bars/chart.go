// Package bars draws bars of numbers beside what was promised of them, as an SVG that is read on a light and on a dark page, loads nothing and runs nothing, and
// says in words what it shows.
//
//	chart := bars.Chart{Title: "Memory", Mark: "promised: at most", Rows: []bars.Row{{Label: "waiting", Value: 261, Text: "261 B", Mark: 1024}}}
//	svg, err := chart.SVG()
package bars

import (
	"bytes"
	"cmp"
	_ "embed" // the template
	"fmt"
	"math"
	"slices"
	"strings"
	"text/template"
)

// Chart is a chart of horizontal bars, which share one scale from 0 on.
type Chart struct {
	Title string
	// Mark tells what the marks stand for; with "" they are not explained.
	Mark string
	Rows []Row
}

// Row is one bar.
type Row struct {
	Label string
	// Value is the length of the bar.
	Value float64
	// Text is the value as people read it.
	Text string
	// Mark is where the promise is on the same scale; 0 draws none.
	Mark float64
	// Beside says that the bar is there to compare with.
	Beside bool
	// Broken says that the value does not keep the promise.
	Broken bool
}

// Says is what the chart shows, in words.
func (c Chart) Says() string {
	rows := make([]string, len(c.Rows))
	for i, row := range c.Rows {
		rows[i] = row.Label + ": " + row.Text
	}
	return c.Title + ". " + strings.Join(rows, "; ") + "."
}

//go:embed chart.svg.tmpl
var drawing string

// Where things are, in the units of the drawing.
const (
	left      = 270 // where bars begin
	longest   = 260 // how long a bar is at most
	above     = 48  // the first bar
	rowHeight = 26
)

// bar is a row with its place.
type bar struct {
	Row
	Top           int
	Width, MarkAt float64
}

// SVG draws the chart.
func (c Chart) SVG() ([]byte, error) {
	drawn, err := template.New("chart").Parse(drawing)
	if err != nil {
		return nil, fmt.Errorf("read the template of charts: %w", err)
	}
	all := make([]bar, len(c.Rows))
	scale := c.scale()
	for i, row := range c.Rows {
		all[i] = bar{Row: row, Top: above + i*rowHeight, Width: tenths(max(0, row.Value) * scale), MarkAt: tenths(left + row.Mark*scale)}
	}
	end := above + len(all)*rowHeight
	var svg bytes.Buffer
	err = drawn.Execute(&svg, map[string]any{"Chart": c, "Bars": all, "Left": left, "Values": left + longest + 12, "End": end, "Height": end + 34, "Inner": end + 33})
	if err != nil {
		return nil, fmt.Errorf("draw %q: %w", c.Title, err)
	}
	return svg.Bytes(), nil
}

// scale is how long a value of 1 is drawn.
func (c Chart) scale() float64 {
	far := func(r Row) float64 { return max(r.Value, r.Mark) }
	if len(c.Rows) == 0 {
		return 0
	}
	most := far(slices.MaxFunc(c.Rows, func(a, b Row) int { return cmp.Compare(far(a), far(b)) }))
	if most <= 0 {
		return 0
	}
	return longest / most
}

func tenths(v float64) float64 { return math.Round(v*10) / 10 }
