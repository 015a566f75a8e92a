package screen

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// wrap breaks a line at its words where it is wider than a terminal. What follows stands under the last column of the line. A word that fits no line, such as a token,
// stays behind the word before it: the terminal breaks it, and it can be copied.
func wrap(line string, width int) string {
	if width <= 0 || visible(line) <= width {
		return line
	}
	var out strings.Builder
	indent, at := hanging(line, width), 0
	for _, part := range words.FindAllString(line, -1) {
		word := strings.TrimLeft(part, " ")
		if room := width - indent; at > indent && at+visible(part) > width && visible(word) <= room {
			out.WriteString("\n" + strings.Repeat(" ", indent))
			part, at = word, indent
		}
		out.WriteString(part)
		at += visible(part)
	}
	return out.String()
}

// hanging is where the last column of a line begins that leaves room for its text.
func hanging(line string, width int) int {
	plain, indent := paint.ReplaceAllString(line, ""), 0
	for _, gap := range gaps.FindAllStringIndex(plain, -1) {
		if at := utf8.RuneCountInString(plain[:gap[1]]); at <= width/2 {
			indent = at
		}
	}
	return indent
}

// visible is how many columns a text takes.
func visible(text string) int { return utf8.RuneCountInString(paint.ReplaceAllString(text, "")) }

var (
	words = regexp.MustCompile(` *[^ ]+`)
	gaps  = regexp.MustCompile(`^ +|  +`)
	paint = regexp.MustCompile("\x1b\\[[0-9;]*m") // the colours of our own
)
