package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/perf/benchfmt"
	"golang.org/x/perf/benchmath"
)

// A record is the output of go test: for each benchmark its values by unit, one for each time that it ran.
type record struct {
	names  []string // in order
	values map[string]map[string][]float64
}

// errNoValue is the error for a result that is not in a file.
var errNoValue = errors.New("it is not among the results")

// read reads the results in an output. Tests print them as benchmarks do, but indented.
func read(output []byte, file string) (*record, error) {
	var lines bytes.Buffer
	for line := range bytes.Lines(output) {
		lines.Write(bytes.TrimLeft(line, " \t"))
	}
	r := &record{values: map[string]map[string][]float64{}}
	reader := benchfmt.NewReader(&lines, file)
	for reader.Scan() {
		switch result := reader.Result().(type) {
		case *benchfmt.SyntaxError:
			return nil, result
		case *benchfmt.Result:
			r.add(result)
		}
	}
	if err := reader.Err(); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	return r, nil
}

func (r *record) add(result *benchfmt.Result) {
	name := result.Name.String()
	if _, parts := result.Name.Parts(); len(parts) > 0 {
		if last := string(parts[len(parts)-1]); strings.HasPrefix(last, "-") { // how many processors there were
			name = strings.TrimSuffix(name, last)
		}
	}
	if r.values[name] == nil {
		r.names = append(r.names, name)
		r.values[name] = map[string][]float64{}
	}
	for _, value := range result.Values {
		r.values[name][value.Unit] = append(r.values[name][value.Unit], value.Value)
	}
}

// medians returns what a benchmark gave in each of some units.
func (r *record) medians(name string, units ...string) ([]float64, error) {
	all := make([]float64, len(units))
	for i, unit := range units {
		values := r.values[name][unit]
		if len(values) == 0 {
			return nil, fmt.Errorf("%s in %s: %w", name, unit, errNoValue)
		}
		sample := benchmath.NewSample(values, &benchmath.DefaultThresholds)
		all[i] = benchmath.AssumeNothing.Summary(sample, 0.95).Center
	}
	return all, nil
}

// under returns what follows a prefix in the names that have it, in order. It fails when none has it.
func (r *record) under(prefix string) ([]string, error) {
	var all []string
	for _, name := range r.names {
		if rest, ok := strings.CutPrefix(name, prefix); ok {
			all = append(all, rest)
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("%s: %w", prefix, errNoValue)
	}
	return all, nil
}
