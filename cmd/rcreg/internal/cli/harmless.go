package cli

import (
	"regexp"
	"strings"
	"unicode"
)

// harmless replaces what could steer a terminal: what a workspace says of itself is printed, and may be hostile. Line ends, tabs and the colours of our own
// stay. A hostile value can colour itself, and nothing else.
func harmless(text string, s style) string {
	if !s.colours {
		return plainly(text)
	}
	ours := regexp.MustCompile("\x1b\\[(?:0|1|31|32|33|97;40)m")
	var clean strings.Builder
	at := 0
	for _, span := range ours.FindAllStringIndex(text, -1) {
		clean.WriteString(plainly(text[at:span[0]]))
		clean.WriteString(text[span[0]:span[1]])
		at = span[1]
	}
	clean.WriteString(plainly(text[at:]))
	return clean.String()
}

// plainly replaces control characters, and those that turn the direction of writing or take no room.
func plainly(text string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
			return unicode.ReplacementChar
		}
		return r
	}, text)
}
