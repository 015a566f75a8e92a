// Package plain makes text that others wrote safe to look at.
//
//	fmt.Fprintln(out, plain.Text(message))
package plain

import (
	"strings"
	"unicode"
)

// Text replaces control characters, and those that turn the direction of writing or take no room: what a workspace says of itself is shown to people, and may
// be hostile. Line ends and tabs stay.
func Text(text string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}
