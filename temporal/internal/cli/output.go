package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/rcreg/registration/internal/screen"
)

const (
	outputText = "text"
	outputJSON = "json"
)

// view is an answer that can be printed both ways.
type view interface {
	text(out io.Writer, s screen.Style)
}

// show writes an answer to stdout.
func (a *app) show(v view) error {
	if a.output == outputJSON {
		return a.printJSON(v)
	}
	return screen.Print(a.system.Stdout, screen.StyleFor(a.system.StdoutTerminal, a.system.Getenv), v.text)
}

// say writes a text for people to stderr. That it cannot be written is no reason to stop.
func (a *app) say(write func(out io.Writer, s screen.Style)) {
	_ = screen.Print(a.system.Stderr, screen.StyleFor(a.system.StderrTerminal, a.system.Getenv), write)
}

// printJSON writes one object on one line.
func (a *app) printJSON(v any) error {
	encoder := json.NewEncoder(screen.JSON(a.system.Stdout))
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}

// text says why a command failed.
func (v errorBody) text(out io.Writer, s screen.Style) {
	screen.Printf(out, "%s %s\n", s.Bad("Error:"), screen.OneLine(v.Message))
	if v.Advice != "" {
		screen.Printf(out, "%s  %s\n", s.Strong("Next:"), v.Advice)
	}
}

// checkOutput refuses outputs that a command does not have.
func (a *app) checkOutput(known ...string) error {
	if !slices.Contains(known, a.output) {
		return fmt.Errorf("unknown output %q: it is %s", a.output, strings.Join(known, " or "))
	}
	return nil
}
