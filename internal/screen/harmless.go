package screen

import (
	"regexp"
	"strings"

	"github.com/rcreg/registration/internal/plain"
)

// Harmless replaces what could steer a terminal: what a workspace says of itself is printed, and may be hostile. Line ends, tabs and the colours of our own
// stay. A hostile value can colour itself, and nothing else.
func (s Style) Harmless(text string) string {
	if !s.Colours {
		return plain.Text(text)
	}
	ours := regexp.MustCompile("\x1b\\[(?:0|1|31|32|33|97;40)m")
	var clean strings.Builder
	at := 0
	for _, span := range ours.FindAllStringIndex(text, -1) {
		clean.WriteString(plain.Text(text[at:span[0]]))
		clean.WriteString(text[span[0]:span[1]])
		at = span[1]
	}
	clean.WriteString(plain.Text(text[at:]))
	return clean.String()
}
