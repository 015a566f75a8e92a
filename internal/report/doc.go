// Package report writes what became of a fleet as one HTML page, for people: figures, charts, and a table to search, filter and sort.
//
//	err := report.Write(file, outcomes, time.Now())
//
// The page holds its own style and script and loads nothing: it can be mailed, archived and opened where there is no network. Its policy allows only
// those two parts, by their digests, so that nothing a workspace says of itself can run. Without scripts everything is still there to be read.
package report
