package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
)

// least is how many of a hundred mutants are to be killed.
const least = 85

// report is what a run has found.
type report struct {
	outcomes  []outcome
	leftOut   []mutant
	explained explanations
}

// survivors are those that no test has killed, explained or not.
func (r report) survivors(isExplained bool) (all []string) {
	for _, o := range r.outcomes {
		if _, ok := r.explained[o.key()]; ok != isExplained || o.verdict.isKilled() {
			continue
		}
		line := o.String()
		if o.verdict == notReached {
			line += " (not reached)"
		}
		all = append(all, line)
	}
	return all
}

// hasFailed tells whether there is something to do.
func (r report) hasFailed() bool {
	dead, _ := r.killed("")
	return len(r.survivors(false)) > 0 || 100*dead < least*len(r.outcomes)
}

// killed counts the mutants of a package, or of all, that were killed, and those there are.
func (r report) killed(pkg string) (dead, all int) {
	for _, o := range r.outcomes {
		if pkg != "" && o.pkg != pkg {
			continue
		}
		all++
		if o.verdict.isKilled() {
			dead++
		}
	}
	return dead, all
}

func (r report) write(out io.Writer) error {
	var packages, late, leftOut, outdated []string
	for _, o := range r.outcomes {
		if !slices.Contains(packages, o.pkg) {
			packages = append(packages, o.pkg)
		}
		if o.verdict == timedOut {
			late = append(late, o.String())
		}
		if _, ok := r.explained[o.key()]; ok && o.verdict.isKilled() {
			outdated = append(outdated, o.String())
		}
	}
	for _, m := range r.leftOut {
		leftOut = append(leftOut, m.String())
	}
	sections := []struct {
		title string
		lines []string
	}{
		{"survivors", r.survivors(false)}, {"survivors that are explained", r.survivors(true)}, {"explained, and killed", outdated},
		{"killed by their time", late}, {"left out, since the type is a named one", leftOut},
	}
	for _, section := range sections {
		if len(section.lines) == 0 {
			continue
		}
		fmt.Fprintf(out, "%s: %d\n", section.title, len(section.lines))
		for _, line := range section.lines {
			fmt.Fprintf(out, "  %s\n", line)
		}
		fmt.Fprintln(out)
	}
	return r.table(out, packages)
}

func (r report) table(out io.Writer, packages []string) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(table, "mutants\tkilled\tsurvived\tpercent\t\n")
	row := func(pkg, name string) {
		dead, all := r.killed(pkg)
		fmt.Fprintf(table, "%d\t%d\t%d\t%.1f\t  %s\n", all, dead, all-dead, 100*float64(dead)/float64(max(all, 1)), name)
	}
	for _, pkg := range packages {
		row(pkg, pkg)
	}
	row("", "all")
	return table.Flush()
}
