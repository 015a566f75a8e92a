package cli

import "github.com/rcreg/registration"

// style colours text for people, and leaves it as it is for everything else.
type style struct{ colours bool }

// style is for a stream: colours only on a terminal, and not where NO_COLOR asks for none (https://no-color.org).
func (a *app) style(terminal bool) style {
	return style{colours: terminal && a.system.Getenv("NO_COLOR") == "" && a.system.Getenv("TERM") != "dumb"}
}

func (s style) paint(code, text string) string {
	if !s.colours {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (s style) strong(text string) string { return s.paint("1", text) }
func (s style) good(text string) string   { return s.paint("32", text) }
func (s style) warn(text string) string   { return s.paint("33", text) }
func (s style) bad(text string) string    { return s.paint("31", text) }

// code paints a line of a QR code white on black, whatever the colours of the terminal: scanners do not read it the other way round.
func (s style) code(line string) string { return s.paint("97;40", line) }

// state colours a registration state by how it is.
func (s style) state(state registration.State) string {
	if state == registration.Registered {
		return s.good(string(state))
	}
	return s.warn(string(state))
}
