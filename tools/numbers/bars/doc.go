// Package bars draws bars of numbers beside what was promised of them, as an SVG that is read on a light and on a dark page, loads nothing and runs nothing, and
// says in words what it shows.
//
//	chart := bars.Chart{Title: "Memory", Mark: "promised: at most", Rows: []bars.Row{{Label: "waiting", Value: 261, Text: "261 B", Mark: 1024}}}
//	svg, err := chart.SVG()
package bars
