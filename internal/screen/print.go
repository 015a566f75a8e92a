// Package screen writes text for people: with colours on a terminal, and never with anything of others that could steer one.
//
//	style := screen.StyleFor(isTerminal, os.Getenv)
//	err := screen.Print(os.Stdout, style, func(out io.Writer, s screen.Style) {
//		screen.Columns(out, [][]string{{"State", s.Good("registered")}})
//	})
package screen

import (
	"fmt"
	"io"
	"reflect"
	"strings"
	"text/tabwriter"

	"github.com/rcreg/registration/internal/plain"
)

// Print writes a text without what could steer a terminal, in lines that fit one. What comes from outside has to be in a cell of [Columns] or a value of [Printf]: there it is kept on one line.
// Errors: those of out.
func Print(out io.Writer, s Style, write func(io.Writer, Style)) error {
	var text strings.Builder
	write(&text, s)
	var clean strings.Builder
	for line := range strings.Lines(text.String()) {
		line, end := strings.CutSuffix(line, "\n")
		clean.WriteString(wrap(s.Harmless(line), s.Width))
		if end {
			clean.WriteByte('\n')
		}
	}
	_, err := io.WriteString(out, clean.String())
	return err
}

// Columns lays out rows of cells, each of one line; a cell must not hold colours unless all cells of its column do. It is for use within [Print], which tells of errors.
func Columns(out io.Writer, rows [][]string) {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		for i, cell := range row {
			if i > 0 {
				_, _ = io.WriteString(table, "\t")
			}
			_, _ = io.WriteString(table, oneLine(cell))
		}
		_, _ = io.WriteString(table, "\n")
	}
	_ = table.Flush()
}

// Printf formats as fmt does, with each value on one line. It is for use within [Print], which tells of errors.
func Printf(out io.Writer, format string, values ...any) {
	shown := make([]any, len(values))
	for i, value := range values {
		switch text := value.(type) {
		case error:
			shown[i] = oneLine(OneLine(text.Error()))
		case fmt.Stringer:
			shown[i] = oneLine(text.String())
		default:
			shown[i] = value
			if named := reflect.ValueOf(value); named.Kind() == reflect.String {
				shown[i] = oneLine(named.String())
			}
		}
	}
	_, _ = fmt.Fprintf(out, format, shown...)
}

// oneLine is a value on one line, with the colours of our own.
func oneLine(text string) string { return Style{Colours: true}.Harmless(text) }

// OneLine is a message without its line ends: several errors that were joined are told one after the other.
func OneLine(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "; ")
}

// JSON is a stream for JSON: what could steer a terminal is escaped, which encoding/json leaves as it is. Each Write has to hold whole characters, as those of an encoder do.
func JSON(out io.Writer) io.Writer { return jsonWriter{out} }

type jsonWriter struct{ out io.Writer }

func (w jsonWriter) Write(p []byte) (int, error) {
	if _, err := io.WriteString(w.out, plain.JSON(string(p))); err != nil {
		return 0, err
	}
	return len(p), nil
}
