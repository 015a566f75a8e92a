package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// suite is the test program of a package, with what each of its tests does when nothing is mutated.
type suite struct {
	pkg     string
	program program
	tests   []test
}

// test is one that is run when a mutant is played which it reaches.
type test struct {
	name    string
	took    time.Duration
	reaches map[int]bool
}

// choice is which tests of a package are of use.
type choice struct {
	pkg  string
	only *regexp.Regexp // by name
	skip *regexp.Regexp // by the package's name, a dot and the name
}

func (c choice) has(name string) bool {
	if strings.HasPrefix(name, "Benchmark") || c.only != nil && !c.only.MatchString(name) {
		return false
	}
	return c.skip == nil || !c.skip.MatchString(filepath.Base(c.pkg)+"."+name)
}

// names asks a test program for its tests.
func (c choice) names(ctx context.Context, p program) ([]string, error) {
	output, err := p.run(ctx, nil, "-test.list", ".")
	if err != nil {
		return nil, fmt.Errorf("list the tests of %s: %w\n%s", c.pkg, err, output)
	}
	var names []string
	for name := range strings.Lines(string(output)) {
		if name = strings.TrimSpace(name); c.has(name) {
			names = append(names, name)
		}
	}
	return names, nil
}

// rehearse runs one test with no mutant, and learns which it reaches.
func rehearse(ctx context.Context, p program, name, record string) (test, error) {
	began := time.Now()
	output, err := p.run(ctx, []string{recordVariable + "=" + record}, "-test.run", pattern(name))
	if err != nil {
		return test{}, fmt.Errorf("%s fails with nothing mutated: %w\n%s", name, err, output)
	}
	t := test{name: name, took: time.Since(began), reaches: map[int]bool{}}
	numbers, err := os.ReadFile(record) //nolint:gosec // the file is one of this run
	if err != nil && !os.IsNotExist(err) {
		return test{}, err
	}
	for line := range bytes.Lines(numbers) {
		number, err := strconv.Atoi(string(bytes.TrimSpace(line)))
		if err != nil {
			return test{}, fmt.Errorf("%s: read what it reaches: %w", name, err)
		}
		t.reaches[number] = true
	}
	return t, nil
}

// pattern is what the flag -test.run takes for some tests.
func pattern(names ...string) string { return "^(" + strings.Join(names, "|") + ")$" }

// reaching returns the tests that reach a mutant in two parts: quick ones, which mostly suffice, and the others.
func (s suite) reaching(number int) (parts [][]test) {
	const quick = time.Second
	tests := slices.DeleteFunc(slices.Clone(s.tests), func(t test) bool { return !t.reaches[number] })
	slices.SortStableFunc(tests, func(a, b test) int { return cmp.Compare(a.took, b.took) })
	total, n := time.Duration(0), 0
	for ; n < len(tests) && total+tests[n].took <= quick; n++ {
		total += tests[n].took
	}
	for _, part := range [][]test{tests[:n], tests[n:]} {
		if len(part) > 0 {
			parts = append(parts, part)
		}
	}
	return parts
}
