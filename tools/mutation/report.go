package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// least is how many of a hundred mutants are to be killed.
const least = 95

// report is what a run has found.
type report struct {
	outcomes  []outcome
	mutants   []mutant // all, played or not
	leftOut   []mutant // what could not become mutants
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

// hasFailed reports whether there is something to do.
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

// write lists what there is to do, and what to know, with a table at the end.
func (r report) write(out io.Writer) error {
	sections := []struct {
		title string
		lines []string
	}{
		{"survivors", r.survivors(false)},
		{"survivors that are explained", r.survivors(true)},
		{"explained, but killed or gone", r.outdated()},
		{"killed by their time", r.late()},
		{"left out, since the type is a named one", lines(r.leftOut)},
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
	return r.table(out)
}

// late are those whose tests did not come to an end.
func (r report) late() (all []string) {
	for _, o := range r.outcomes {
		if o.verdict == timedOut {
			all = append(all, o.String())
		}
	}
	return all
}

// outdated are the explanations of what was killed, and of what there is no longer in a file that was mutated.
func (r report) outdated() (all []string) {
	files, keys := map[string]bool{}, map[string]bool{}
	for _, m := range r.mutants {
		files[m.file], keys[m.key()] = true, true
	}
	for _, o := range r.outcomes {
		if o.verdict.isKilled() {
			delete(keys, o.key())
		}
	}
	for key := range r.explained {
		if file, _, _ := strings.Cut(key, " "); files[file] && !keys[key] {
			all = append(all, key)
		}
	}
	slices.Sort(all)
	return all
}

func lines(mutants []mutant) (all []string) {
	for _, m := range mutants {
		all = append(all, m.String())
	}
	return all
}

// table counts by package.
func (r report) table(out io.Writer) error {
	var packages []string
	for _, o := range r.outcomes {
		if !slices.Contains(packages, o.pkg) {
			packages = append(packages, o.pkg)
		}
	}
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
