package main

import (
	"errors"
	"slices"
	"testing"

	"golang.org/x/perf/benchfmt"
)

func TestRead(t *testing.T) {
	t.Parallel()
	r, err := read([]byte(`=== RUN   TestKilled
    BenchmarkKilled/moment=1 1 6 registered
=== NAME  TestKilled
    BenchmarkKilled/end 1 2000 registered
--- PASS: TestKilled (1.00s)
goos: linux
BenchmarkSpeed/in-flight/10-2         	       3	13648158233 ns/op	       136.5 µs/workspace
BenchmarkSpeed/in-flight/10-2         	       3	13648158233 ns/op	       150.5 µs/workspace
BenchmarkSpeed/in-flight/10-2         	       3	13648158233 ns/op	       136.1 µs/workspace
ok  	example.com/x	1s
`), "x.txt")
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"Killed/moment=1", "Killed/end", "Speed/in-flight/10"}; !slices.Equal(r.names, want) {
		t.Errorf("there are %q, want %q", r.names, want)
	}
	if got, err := r.medians("Speed/in-flight/10", "µs/workspace"); err != nil || got[0] != 136.5 {
		t.Errorf("the median is %v, %v, want 136.5", got, err)
	}
	if got, err := r.medians("Killed/end", "registered"); err != nil || got[0] != 2000 {
		t.Errorf("registered: %v, %v", got, err)
	}
	if got, err := r.under("Killed/"); err != nil || !slices.Equal(got, []string{"moment=1", "end"}) {
		t.Errorf("under Killed: %q, %v", got, err)
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	_, err := read([]byte("BenchmarkSpeed-2 3 fast ns/op\n"), "x.txt")
	var syntax *benchfmt.SyntaxError
	if !errors.As(err, &syntax) || syntax.Line != 1 || syntax.FileName != "x.txt" {
		t.Errorf("it says %v", err)
	}
	r, err := read([]byte("PASS\n"), "x.txt")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.medians("Speed", "ns/op"); !errors.Is(err, errNoValue) {
		t.Errorf("without a value: %v", err)
	}
	if _, err := r.under("Speed/"); !errors.Is(err, errNoValue) {
		t.Errorf("without a name: %v", err)
	}
}
