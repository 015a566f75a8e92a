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
	"strconv"
	"sync/atomic"
	"time"
)

// options say what to mutate, and which tests to hold against it.
type options struct {
	folder     string
	packages   []string
	then       []further
	skip, only *regexp.Regexp
	number     int // of the one mutant to play, or 0
	workers    int
	progress   io.Writer // nil for none
	survivors  io.Writer // gets each survivor as soon as it is known; nil for none
}

// further are packages whose tests the survivors face.
type further struct {
	pkg  string
	only *regexp.Regexp // the tests of them that are of use; nil for all
}

// patience is what a mutant gets above four times the time of its tests.
const patience = 5 * time.Second

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
		if err == nil && o.survivors != nil && !outcomes[i].verdict.isKilled() {
			fmt.Fprintf(o.survivors, "%s (%s)\n", m, outcomes[i].verdict)
		}
		tell()
		return err
	})
	return report{outcomes: outcomes, mutants: all.mutants, leftOut: all.leftOut}, err
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
		if slices.ContainsFunc(chosen, func(m mutant) bool { return m.pkg == p.ImportPath }) {
			if all, err = o.join(ctx, all, temp, overlay, p, nil); err != nil {
				return nil, err
			}
		}
	}
	for _, further := range o.then {
		named, _, err := list(ctx, o.folder, []string{further.pkg})
		if err != nil {
			return nil, err
		}
		for _, p := range named {
			if all, err = o.join(ctx, all, temp, overlay, p, further.only); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// join compiles the test program of a package that has none yet, and runs each of its tests alone.
func (o options) join(ctx context.Context, all []suite, temp, overlay string, p listed, only *regexp.Regexp) ([]suite, error) {
	if slices.ContainsFunc(all, func(s suite) bool { return s.pkg == p.ImportPath }) {
		return all, nil
	}
	folder := filepath.Join(temp, strconv.Itoa(len(all)))
	s := suite{pkg: p.ImportPath, program: program{path: filepath.Join(folder, "test"), dir: p.Dir, temp: filepath.Join(folder, "temp"), patience: patience}}
	if err := os.MkdirAll(s.program.temp, 0o700); err != nil {
		return nil, err
	}
	if err := compile(ctx, o.folder, overlay, p.ImportPath, s.program.path); err != nil {
		return nil, err
	}
	names, err := choice{pkg: p.ImportPath, only: only, skip: o.skip}.names(ctx, s.program)
	if err != nil {
		return nil, err
	}
	s.tests = make([]test, len(names))
	tell := o.counter("tests of "+p.Name, len(names))
	err = each(ctx, o.workers, names, func(ctx context.Context, i int, name string) (err error) {
		s.tests[i], err = rehearse(ctx, s.program, name, filepath.Join(folder, name))
		tell()
		return err
	})
	return append(all, s), err
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
