package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// scripted is a suite with one test that reaches mutant 1, whose program is a shell script.
func scripted(t *testing.T, pkg, script string) suite {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "test")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return suite{
		pkg: pkg, program: program{path: path, dir: dir, temp: dir, patience: 10 * time.Second},
		tests: []test{{name: "TestIt", reaches: map[int]bool{1: true}}},
	}
}

func TestPlay(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	passing := scripted(t, "other", `test "$MUTATION_ACTIVE" = 1`)
	failing := scripted(t, "own", "echo failed; exit 1")
	endless := scripted(t, "own", "while :; do :; done")
	endless.program.patience = 50 * time.Millisecond
	for name, c := range map[string]struct {
		number int
		suites []suite
		want   verdict
		output string
	}{
		"killed":          {1, []suite{failing}, killed, "failed\n"},
		"survived":        {1, []suite{passing}, survived, ""},
		"timed out":       {1, []suite{endless}, timedOut, ""},
		"own tests first": {1, []suite{passing, failing}, killed, "failed\n"},
		"further tests":   {1, []suite{passing, scripted(t, "third", "exit 1")}, killed, ""},
		"not reached":     {2, []suite{failing}, notReached, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := play(ctx, mutant{number: c.number, pkg: "own"}, c.suites)
			if err != nil || got.verdict != c.want || string(got.output) != c.output {
				t.Errorf("got %s, %q, %v", got.verdict, got.output, err)
			}
		})
	}
}

// TestPlayIsStopped reports no verdict when somebody stops the run: a program that was killed with it has said nothing.
func TestPlayIsStopped(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := play(ctx, mutant{number: 1, pkg: "own"}, []suite{scripted(t, "own", "exit 1")}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestReaching(t *testing.T) {
	t.Parallel()
	reaches := map[int]bool{1: true}
	s := suite{tests: []test{
		{"Long", 2 * time.Second, reaches}, {"Second", 700 * time.Millisecond, reaches}, {"Third", 800 * time.Millisecond, reaches},
		{"First", 100 * time.Millisecond, reaches}, {"Elsewhere", 0, map[int]bool{2: true}},
	}}
	var got []string
	for _, part := range s.reaching(1) {
		for _, one := range part {
			got = append(got, one.name)
		}
		got = append(got, "|")
	}
	if want := "First Second | Third Long |"; strings.Join(got, " ") != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestHasFailed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		dead, survivors, explained int
		want                       bool
	}{
		"all are killed":      {dead: 100},
		"a survivor":          {dead: 99, survivors: 1, want: true},
		"explained":           {dead: 95, explained: 5},
		"too many, explained": {dead: 94, explained: 6, want: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := report{explained: explanations{" explained : ": "It cannot be seen."}}
			for _, group := range []struct {
				count   int
				outcome outcome
			}{
				{c.dead, outcome{verdict: killed}}, {c.survivors, outcome{verdict: survived}},
				{c.explained, outcome{verdict: notReached, mutant: mutant{function: "explained"}}},
			} {
				for range group.count {
					r.outcomes = append(r.outcomes, group.outcome)
				}
			}
			if got := r.hasFailed(); got != c.want {
				t.Errorf("got %t", got)
			}
		})
	}
}
