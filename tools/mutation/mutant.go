package main

import (
	"fmt"
	"strings"
)

// kind is what a mutant changes; see the package comment.
type kind string

const (
	never        kind = "never"
	always       kind = "always"
	operand      kind = "operand"
	caseNever    kind = "case"
	boundary     kind = "boundary"
	returnsFalse kind = "false"
	returnsTrue  kind = "true"
	callDeleted  kind = "call"
	deferDeleted kind = "defer"
)

// mutant is one change, behind its own switch.
type mutant struct {
	number       int    // of the switch, unique in a run
	pkg          string // import path
	file         string // below the folder of the run, with slashes
	line, column int
	function     string // with its receiver's type
	kind         kind
	text         string // what is changed
	nth          int    // among those that are called the same, from 1
}

// key names a mutant in a way that survives changes elsewhere.
func (m mutant) key() string { return m.file + " " + m.name() }

// String names a mutant with the place where it is now.
func (m mutant) String() string {
	return fmt.Sprintf("%s:%d:%d %s", m.file, m.line, m.column, m.name())
}

func (m mutant) name() string {
	name := fmt.Sprintf("%s %s: %s", m.function, m.kind, m.text)
	if m.nth > 1 {
		name += fmt.Sprintf(" #%d", m.nth)
	}
	return name
}

// shorten brings a piece of source onto one line of a readable length.
func shorten(source string) string {
	const most = 100
	text := []rune(strings.Join(strings.Fields(source), " "))
	if len(text) > most {
		return string(text[:most]) + "…"
	}
	return string(text)
}
