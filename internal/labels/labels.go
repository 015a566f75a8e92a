// Package labels reads which workspaces of a list a command line selects, and writes labels in the same way.
//
//	labels, err := labels.Parse([]string{"tier=gold"})
package labels

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Error is a text that selects nothing.
type Error struct{ Text string }

// Error repeats the text.
func (e *Error) Error() string { return fmt.Sprintf("--select %q selects nothing", e.Text) }

// Advice says what to write in its place.
func (e *Error) Advice() string {
	return "pass a label and its value, such as --select tier=gold; each label once"
}

// Pairs writes labels as they are selected, LABEL=VALUE, in the order of the alphabet.
func Pairs(labels map[string]string) []string {
	pairs := make([]string, 0, len(labels))
	for _, label := range slices.Sorted(maps.Keys(labels)) {
		pairs = append(pairs, label+"="+labels[label])
	}
	return pairs
}

// Parse reads texts of the form LABEL=VALUE, for fleet.List.Select. The value may be empty. Errors: *Error for a text that is none, and for one that gives a
// label another value than one before it.
func Parse(selected []string) (map[string]string, error) {
	labels := map[string]string{}
	for _, text := range selected {
		label, value, found := strings.Cut(text, "=")
		if before, twice := labels[label]; !found || label == "" || twice && before != value {
			return nil, &Error{text}
		}
		labels[label] = value
	}
	return labels, nil
}
