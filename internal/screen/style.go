package screen

import "github.com/rcreg/registration/internal/plain"

const endOfPaint = "\x1b[0m"

// Style colours text for people and breaks it where their terminal ends, and leaves it as it is for everything else.
type Style struct {
	Colours bool
	// Width and Height are those of the terminal, in characters; 0 where they are not known.
	Width, Height int
}

// StyleFor is the style of a stream: colours only on a terminal, and not where NO_COLOR asks for none (https://no-color.org).
func StyleFor(terminal bool, getenv func(name string) string) Style {
	return Style{Colours: terminal && getenv("NO_COLOR") == "" && getenv("TERM") != "dumb"}
}

func (s Style) paint(code, text string) string {
	if !s.Colours {
		return text
	}
	return "\x1b[" + code + "m" + plain.Text(text) + endOfPaint
}

// Strong makes a text bold.
func (s Style) Strong(text string) string { return s.paint("1", text) }

// Good paints what is well green.
func (s Style) Good(text string) string { return s.paint("32", text) }

// Warn paints yellow what needs attention.
func (s Style) Warn(text string) string { return s.paint("33", text) }

// Bad paints what went wrong red.
func (s Style) Bad(text string) string { return s.paint("31", text) }

// Code paints a line of a QR code white on black, whatever the colours of the terminal: scanners do not read it the other way round.
func (s Style) Code(line string) string { return s.paint("97;40", line) }
