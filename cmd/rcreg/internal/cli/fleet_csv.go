package cli

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/labels"
	"github.com/rcreg/registration/internal/plain"
)

const outputCSV = "csv"

// writeCSV writes a header and a line for each workspace (RFC 4180).
func writeCSV(out io.Writer, outcomes []fleet.Outcome) error {
	table := csv.NewWriter(out)
	table.UseCRLF = true
	if err := table.Write([]string{
		"workspace", "url", "operation", "class", "version", "state", "kind", "message", "advice", "changed", "attempts", "began", "took_seconds", "resumed", "support", "support_until", "notes", "read_only", "deployment_unconfirmed", "labels",
	}); err != nil {
		return err
	}
	for _, o := range outcomes {
		until, unconfirmed := "", ""
		if o.Unconfirmed {
			unconfirmed = "true"
		}
		if o.SupportUntil != nil {
			until = timeCell(*o.SupportUntil)
		}
		cells := []string{
			o.Workspace, o.URL, o.Operation, string(o.Class), o.Version, o.State, o.Kind, o.Message, o.Advice, strconv.FormatBool(o.Changed), strconv.Itoa(o.Attempts),
			timeCell(o.Began), strconv.FormatFloat(o.Took.Seconds(), 'f', 3, 64), strconv.FormatBool(o.Resumed), string(o.Support), until, strings.Join(o.Notes, "; "),
			o.ReadOnly.String(), unconfirmed, strings.Join(labels.Pairs(o.Labels), "; "),
		}
		for i := range cells {
			cells[i] = cell(cells[i])
		}
		if err := table.Write(cells); err != nil {
			return err
		}
	}
	table.Flush()
	return table.Error()
}

// cell makes a text safe for those who open the file in a spreadsheet, which takes what begins like a formula for one: what a workspace says of itself may be
// hostile (OWASP, "CSV Injection").
func cell(text string) string {
	text = plain.Text(text)
	if begins := strings.TrimLeft(text, " "); begins != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(begins)[0]) {
		return "'" + text
	}
	return text
}

func timeCell(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}
