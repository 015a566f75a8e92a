package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sync/atomic"
)

// options say what to mutate, and which tests to hold against it.
type options struct {
	folder     string
	packages   []string
	then       []choice
	skip, only *regexp.Regexp
	number     int // of the one mutant to play, or 0
	workers    int
	progress   io.Writer // nil for none
}

// run mutates, compiles, learns what each test reaches, and plays.
func (o options) run(ctx context.Context) (found report, err error) {
	all, err := mutate(ctx, o.folder, o.packages)
	if err != nil {
		return report{}, err
	}
	chosen := o.chosen(all.mutants)
	if len(chosen) == 0 {
		return report{}, errors.New("there is no such mutant")
	}
	temp, err := os.MkdirTemp("", "mutation")
	if err != nil {
		return report{}, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
	list, err := overlay(temp, all.files)
	if err != nil {
		return report{}, err
	}
	suites, err := o.suites(ctx, temp, list, chosen)
	if err != nil {
		return report{}, err
	}
	outcomes := make([]outcome, len(chosen))
	tell := o.counter("mutants", len(chosen))
	err = each(ctx, o.workers, chosen, func(ctx context.Context, i int, m mutant) (err error) {
		outcomes[i], err = play(ctx, m, suites)
		tell()
		return err
	})
	return report{outcomes: outcomes, leftOut: all.leftOut}, err
}

// chosen are the mutants to be played.
func (o options) chosen(all []mutant) []mutant {
	return slices.DeleteFunc(slices.Clone(all), func(m mutant) bool {
		return o.number != 0 && o.number != m.number || o.only != nil && !o.only.MatchString(m.String())
	})
}

// suites compiles the test programs of the packages whose mutants are played, and of those after -then.
func (o options) suites(ctx context.Context, temp, overlay string, chosen []mutant) (all []suite, err error) {
	own, _, err := list(ctx, o.folder, o.packages)
	if err != nil {
		return nil, err
	}
	for _, p := range own {
		if !slices.ContainsFunc(chosen, func(m mutant) bool { return m.pkg == p.ImportPath }) {
			continue
		}
		s, err := o.suite(ctx, filepath.Join(temp, p.Name), overlay, p, choice{pkg: p.ImportPath, skip: o.skip})
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	for i, c := range o.then {
		then, _, err := list(ctx, o.folder, []string{c.pkg})
		if err != nil {
			return nil, err
		}
		c.pkg, c.skip = then[0].ImportPath, o.skip
		if slices.ContainsFunc(all, func(s suite) bool { return s.pkg == c.pkg }) {
			continue
		}
		s, err := o.suite(ctx, filepath.Join(temp, fmt.Sprintf("then%d", i)), overlay, then[0], c)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

// suite compiles one test program in a folder of its own, and runs each of its tests.
func (o options) suite(ctx context.Context, temp, overlay string, p listed, c choice) (suite, error) {
	s := suite{pkg: p.ImportPath, program: program{path: filepath.Join(temp, "test"), dir: p.Dir, memory: "8000000", temp: filepath.Join(temp, "temp")}}
	if err := os.MkdirAll(s.program.temp, 0o700); err != nil {
		return suite{}, err
	}
	if err := compile(ctx, o.folder, overlay, p.ImportPath, s.program.path); err != nil {
		return suite{}, err
	}
	names, err := c.names(ctx, s.program)
	if err != nil {
		return suite{}, err
	}
	s.tests = make([]test, len(names))
	tell := o.counter("tests of "+p.Name, len(names))
	err = each(ctx, o.workers, names, func(ctx context.Context, i int, name string) (err error) {
		s.tests[i], err = rehearse(ctx, s.program, name, filepath.Join(temp, name))
		tell()
		return err
	})
	return s, err
}

// counter shows how far it has come.
func (o options) counter(what string, all int) func() {
	var done atomic.Int64
	return func() {
		if n := done.Add(1); o.progress != nil {
			fmt.Fprintf(o.progress, "\r%s: %d of %d\033[K", what, n, all)
		}
	}
}
