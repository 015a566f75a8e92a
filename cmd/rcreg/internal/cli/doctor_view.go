package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/diagnose"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/advice"
	"github.com/rcreg/registration/internal/screen"
	"github.com/rcreg/registration/workspace"
)

// doctorView is what a diagnosis has found. As text it is short: what is wrong, and how much is not.
type doctorView struct {
	Workspace string           `json:"workspace"`
	Version   string           `json:"version,omitempty"`
	Findings  []finding        `json:"findings"`
	Transport string           `json:"transport,omitempty"`
	Calls     []workspace.Call `json:"calls"`

	support registration.Support
	all     bool // each finding is shown
}

// finding is one of a diagnosis, with the next step in flags.
type finding struct {
	ID       diagnose.Check    `json:"id"`
	Severity diagnose.Severity `json:"severity"`
	Evidence string            `json:"evidence"`
	Next     string            `json:"next,omitempty"`

	remedies []failure.Remedy
}

func viewOfReport(found diagnose.Report, all bool) doctorView {
	view := doctorView{Workspace: found.Workspace, Version: found.Version, Findings: make([]finding, len(found.Findings)), Transport: found.Transport, Calls: found.Calls, support: found.Support, all: all}
	for i, f := range found.Findings {
		view.Findings[i] = finding{f.ID, f.Severity, f.Evidence, advice.InFlags(f.Remedies), f.Remedies}
	}
	return view
}

func (v doctorView) text(out io.Writer, s style) {
	screen.Printf(out, "%s: %s\n\n", s.Strong(v.Workspace), v.server())
	if v.all {
		v.list(out, s)
	} else {
		v.summary(out, s)
	}
	switch v.Transport {
	case viaRelay, viaOffline:
		screen.Printf(out, "\nRecommended transport: %s (%s)\n", v.Transport, advice.Via(v.Transport))
	}
}

// server says what runs there, and until when that is supported.
func (v doctorView) server() string {
	text := "Rocket.Chat " + v.Version
	if v.Version == "" {
		text = "Rocket.Chat of an unknown version"
	}
	if v.support.State == registration.Supported && !v.support.Until.IsZero() {
		text += ", supported until " + v.support.Until.UTC().Format("2 January 2006")
	}
	return text
}

// summary tells what is wrong, the worst first, and counts the rest.
func (v doctorView) summary(out io.Writer, s style) {
	for _, severity := range []diagnose.Severity{diagnose.Problem, diagnose.Unknown, diagnose.Warning} {
		for _, f := range v.Findings {
			if f.Severity == severity {
				f.explain(out, s)
			}
		}
	}
	well, skipped := 0, []finding(nil)
	for _, f := range v.Findings {
		switch f.Severity {
		case diagnose.OK, diagnose.Info:
			well++
		case diagnose.Skipped:
			skipped = append(skipped, f)
		}
	}
	words := []string{counted(well, "check is well.", "checks are well.")}
	if len(skipped) > 0 {
		words = append(words, counted(len(skipped), "was not made", "were not made")+consent(skipped))
	}
	screen.Printf(out, "%s\n", strings.Join(append(words, "--all lists everything."), " "))
}

// consent names the flags that allow more than was looked at.
func consent(skipped []finding) string {
	var flags []string
	for _, flag := range []struct {
		act  failure.Act
		text string
	}{{failure.AllowCloud, "--with-cloud asks the Cloud"}, {failure.AllowSync, "--with-sync syncs once"}} {
		if slices.ContainsFunc(skipped, func(f finding) bool { return slices.Contains(f.remedies, failure.Remedy{Act: flag.act}) }) {
			flags = append(flags, flag.text)
		}
	}
	if len(flags) == 0 {
		return "."
	}
	return ": " + strings.Join(flags, ", ") + "."
}

// explain tells one finding and its next steps.
func (f finding) explain(out io.Writer, s style) {
	const indent = "         "
	screen.Printf(out, "%s  %s\n", paintSeverity(s, f.Severity), sentence(f.Evidence))
	steps := advice.Steps(f.remedies)
	widest := 0
	for _, step := range steps {
		if step.Text != "" {
			widest = max(widest, len(step.Command))
		}
	}
	for i, step := range steps {
		switch {
		case step.Command == "" && i > 0 && !strings.HasPrefix(step.Text, "if "):
			screen.Printf(out, "%sOr %s\n", indent, stopped(step.Text))
		case step.Command == "":
			screen.Printf(out, "%s%s\n", indent, sentence(step.Text))
		case step.Text == "":
			screen.Printf(out, "%s%s\n", indent, s.Strong(step.Command))
		default:
			screen.Printf(out, "%s%s%s  %s\n", indent, s.Strong(step.Command), strings.Repeat(" ", widest-len(step.Command)), step.Text)
		}
	}
	screen.Printf(out, "\n")
}

// list tells all findings, from the outside in.
func (v doctorView) list(out io.Writer, s style) {
	const widest = 23 // workspace-reaches-cloud
	for _, f := range v.Findings {
		screen.Printf(out, "%s  %-*s  %s\n", paintSeverity(s, f.Severity), widest, f.ID, f.Evidence)
		if f.Next != "" {
			screen.Printf(out, "%s  Next: %s\n", strings.Repeat(" ", len("problem")+2+widest), f.Next)
		}
	}
}

// counted is a number with its words.
func counted(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}

// sentence is a text with a capital letter and a full stop.
func sentence(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + stopped(text[size:])
}

// stopped is a text with a full stop.
func stopped(text string) string { return strings.TrimSuffix(text, ".") + "." }

// paintSeverity colours how much a finding matters, and pads it to the longest.
func paintSeverity(s style, severity diagnose.Severity) string {
	text := fmt.Sprintf("%-7s", severity)
	switch severity {
	case diagnose.OK:
		return s.Good(text)
	case diagnose.Warning, diagnose.Unknown:
		return s.Warn(text)
	case diagnose.Problem:
		return s.Bad(text)
	}
	return text
}
