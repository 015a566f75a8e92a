package screen

import (
	"regexp"
	"strings"

	"github.com/rcreg/registration/internal/plain"
)

// Harmless is a line in which nothing steers a terminal but the colours of our own: what a workspace says of itself is printed, and may be hostile. A hostile value can
// colour itself, and nothing else.
func (s Style) Harmless(line string) string {
	if !s.Colours || !strings.Contains(line, "\x1b") {
		return plain.Text(line)
	}
	ours := regexp.MustCompile("\x1b\\[(?:0|1|31|32|33|97;40)m")
	var clean strings.Builder
	at, open := 0, false
	for _, span := range ours.FindAllStringIndex(line, -1) {
		clean.WriteString(plain.Text(line[at:span[0]]))
		clean.WriteString(line[span[0]:span[1]])
		at, open = span[1], line[span[0]:span[1]] != endOfPaint
	}
	clean.WriteString(plain.Text(line[at:]))
	if open {
		clean.WriteString(endOfPaint)
	}
	return clean.String()
}
