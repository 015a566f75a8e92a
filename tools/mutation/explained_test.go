package main

import (
	"maps"
	"os"
	"path/filepath"
	"testing"
)

func TestReadExplanations(t *testing.T) {
	t.Parallel()
	const key = "cloud/call.go Client.call never: a || b #2"
	for name, c := range map[string]struct {
		text string
		want explanations // nil for a refusal
	}{
		"one":                       {"# heading\n\n" + key + "\n    It cannot\n    fail.\n", explanations{key: "It cannot fail."}},
		"none":                      {"", explanations{}},
		"no reason":                 {key + "\n", nil},
		"twice":                     {key + "\n  Why.\n" + key + "\n  Why.\n", nil},
		"no mutant":                 {"  Why.\n", nil},
		"reasonless before another": {key + "\nother.go f call: act()\n  Why.\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "explained.txt")
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := readExplanations(path)
			if (err != nil) != (c.want == nil) || !maps.Equal(got, c.want) {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
}

func TestNoExplanations(t *testing.T) {
	t.Parallel()
	if got, err := readExplanations(filepath.Join(t.TempDir(), "absent.txt")); err != nil || len(got) != 0 {
		t.Errorf("got %v, %v", got, err)
	}
}
