package screen

import (
	"io"
	"strings"
	"text/tabwriter"
)

// Print writes a text without what could steer a terminal. Errors: those of out.
func Print(out io.Writer, s Style, write func(io.Writer, Style)) error {
	var text strings.Builder
	write(&text, s)
	_, err := io.WriteString(out, s.Harmless(text.String()))
	return err
}

// Columns lays out rows of cells; a cell must not hold colours unless all cells of its column do. It is for use within [Print], which tells of errors.
func Columns(out io.Writer, rows [][]string) {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		for i, cell := range row {
			if i > 0 {
				_, _ = io.WriteString(table, "\t")
			}
			_, _ = io.WriteString(table, cell)
		}
		_, _ = io.WriteString(table, "\n")
	}
	_ = table.Flush()
}

// OneLine is a text without its line ends.
func OneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
