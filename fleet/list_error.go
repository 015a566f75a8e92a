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

// Error prints the first problems, each on its line, and counts the others.
func (e *ListError) Error() string {
	where := ""
	if e.Path != "" {
		where = " " + e.Path
	}
	return "the list" + where + " is not valid; nothing was sent" + listed(e.Problems)
}

// Unwrap returns the kind.
func (e *ListError) Unwrap() error { return registration.ErrInvalidInput }

// listed is the text of problems, each on its line.
func listed(problems []Problem) string {
	const most = 20 // a screen full
	var text strings.Builder
	for _, problem := range problems[:min(len(problems), most)] {
		text.WriteString("\n  " + problem.String())
	}
	if more := len(problems) - most; more > 0 {
		fmt.Fprintf(&text, "\n  and %d more", more)
	}
	return text.String()
}
