package main

import (
	"context"
	"io"
	"regexp"
	"strings"
	"testing"
)

// TestTiny mutates a module of its own from end to end.
func TestTiny(t *testing.T) {
	t.Parallel()
	skip := regexp.MustCompile(`tiny\.TestStarts`)
	found, err := options{folder: "testdata/tiny", packages: []string{"."}, skip: skip, workers: 2, progress: io.Discard}.run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	found.explained = explanations{"tiny.go Fee boundary: amount < 1": "The same is returned for 1.", "tiny.go Fee never: isMember": "It is killed."}
	var text strings.Builder
	if err := found.write(&text); err != nil {
		t.Fatal(err)
	}
	const want = `survivors: 3
  tiny.go:9:5 Fee never: amount < 1
  tiny.go:16:42 Forgotten false: amount == 7 (not reached)
  tiny.go:16:42 Forgotten true: amount == 7 (not reached)

survivors that are explained: 1
  tiny.go:9:5 Fee boundary: amount < 1

explained, but killed or gone: 1
  tiny.go Fee never: isMember

  mutants  killed  survived  percent
        7       3         4     42.9  example.test/tiny
        7       3         4     42.9  all
`
	if got := text.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if !found.hasFailed() {
		t.Error("the run passes")
	}
}

// TestFailing refuses to judge mutants by tests that fail without any.
func TestFailing(t *testing.T) {
	t.Parallel()
	_, err := options{folder: "testdata/tiny", packages: []string{"."}, workers: 1}.run(t.Context())
	if err == nil || !strings.Contains(err.Error(), "TestStarts fails with nothing mutated") {
		t.Errorf("got %v", err)
	}
}

func TestCommandRefuses(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"no flag":         {"-unknown"},
		"no expression":   {"-only", "("},
		"no package":      {"./testdata/absent"},
		"no expression 2": {"-then", ".:("},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := command(context.Background(), args, io.Discard, io.Discard); err == nil {
				t.Error("it is taken")
			}
		})
	}
}
