package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// documents is a folder of documents with results, and with what they give.
func documents(t *testing.T, leftOut ...string) string {
	t.Helper()
	docs := t.TempDir()
	if err := os.Mkdir(filepath.Join(docs, "numbers"), 0o700); err != nil {
		t.Fatal(err)
	}
	all := results()
	for _, name := range leftOut {
		delete(all, name)
	}
	for name, output := range all {
		put(t, filepath.Join(docs, "numbers", name+".txt"), output)
	}
	if err := run([]string{"-docs", docs}, io.Discard); err != nil {
		t.Fatal(err)
	}
	return docs
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		file, text string
		want       error
	}{
		"as drawn":            {},
		"another result":      {"numbers/growth.txt", "BenchmarkGrowth/1000-2 3 1 ns/op 99 µs/workspace\n", errStale},
		"another chart":       {"numbers/growth.svg", "<svg/>", errStale},
		"another page":        {"numbers.md", "# Numbers\n", errStale},
		"no results any more": {"numbers/memory.txt", "FAIL\n", errNoValue},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			docs := documents(t)
			if test.file != "" {
				put(t, filepath.Join(docs, test.file), test.text)
			}
			if err := run([]string{"-docs", docs, "-check"}, io.Discard); !errors.Is(err, test.want) {
				t.Errorf("it ends with %v, want %v", err, test.want)
			}
		})
	}
}

func TestPage(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		leftOut []string
		want    bool
	}{
		"with results from Temporal":    {nil, true},
		"without results from Temporal": {[]string{"temporal"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			docs := documents(t, test.leftOut...)
			page, err := os.ReadFile(filepath.Join(docs, "numbers.md"))
			if err != nil {
				t.Fatal(err)
			}
			for _, part := range []string{"## On Temporal", "Measured: **30.00 ms", "> docs/numbers/temporal.txt", "](numbers/temporal.svg)"} {
				if strings.Contains(string(page), part) != test.want {
					t.Errorf("%q is on the page: %v, want %v", part, !test.want, test.want)
				}
			}
			if !strings.Contains(string(page), "![Memory of a workspace, as a share of its limit. waiting: 256 B of 1.0 KiB;") {
				t.Errorf("the chart has no text alternative: %s", page)
			}
			_, err = os.Stat(filepath.Join(docs, "numbers", "temporal.svg"))
			if (err == nil) != test.want {
				t.Errorf("the chart: %v", err)
			}
		})
	}
}

func TestUsage(t *testing.T) {
	t.Parallel()
	var said bytes.Buffer
	if err := run([]string{"-draw"}, &said); err == nil || !strings.Contains(said.String(), "-check") {
		t.Errorf("it ends with %v and says %q", err, said.String())
	}
}
