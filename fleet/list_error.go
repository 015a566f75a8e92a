package fleet

import (
	"fmt"
	"strings"

	"github.com/rcreg/registration"
)

// Problem is one thing that is wrong with a list. It never repeats a text that may be a secret.
type Problem struct {
	Line      int    // from 1
	Workspace string // the name of the entry; empty when it has none
	Text      string // what is wrong, and what to write instead
}

// String gives line, workspace and text.
func (p Problem) String() string {
	if p.Workspace == "" {
		return fmt.Sprintf("line %d: %s", p.Line, p.Text)
	}
	return fmt.Sprintf("line %d: %s: %s", p.Line, p.Workspace, p.Text)
}

// ListError is all that is wrong with a list, in the order of its lines. It is an [registration.ErrInvalidInput]; nothing was sent.
type ListError struct {
	Path     string // empty when the list came from no file
	Problems []Problem
}

// maxPrinted is how many problems Error prints: a screen full.
const maxPrinted = 20

// Error prints the first problems, each on its line, and counts the others.
func (e *ListError) Error() string {
	var text strings.Builder
	text.WriteString("the list")
	if e.Path != "" {
		text.WriteString(" " + e.Path)
	}
	text.WriteString(" is not valid; nothing was sent")
	for _, problem := range e.Problems[:min(len(e.Problems), maxPrinted)] {
		text.WriteString("\n  " + problem.String())
	}
	if more := len(e.Problems) - maxPrinted; more > 0 {
		fmt.Fprintf(&text, "\n  and %d more", more)
	}
	return text.String()
}

// Unwrap returns the kind.
func (e *ListError) Unwrap() error { return registration.ErrInvalidInput }
