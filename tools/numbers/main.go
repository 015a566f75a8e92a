// Command numbers draws what was measured: it reads the results in docs/numbers, which are the output of go test as it is, and writes a chart of each and the page
// docs/numbers.md.
//
//	go run ./tools/numbers
//
// With -check it writes nothing, and fails when a chart or the page is not what the results give.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

func main() {
	if err := run(os.Args[1:], os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// errStale is the error for a file that is not what the results give.
var errStale = errors.New("it is not what the results in docs/numbers give: go run ./tools/numbers")

func run(args []string, stderr io.Writer) error {
	flags := flag.NewFlagSet("numbers", flag.ContinueOnError)
	flags.SetOutput(stderr)
	docs := flags.String("docs", "docs", "the `folder` of the documents")
	check := flags.Bool("check", false, "write nothing, and fail when something is not what the results give")
	if err := flags.Parse(args); err != nil {
		return err
	}
	files, err := draw(*docs)
	if err != nil {
		return err
	}
	do := write
	if *check {
		do = compare
	}
	var all error
	for _, name := range slices.Sorted(maps.Keys(files)) {
		all = errors.Join(all, do(filepath.Join(*docs, name), files[name]))
	}
	return all
}

func write(path string, content []byte) error {
	return os.WriteFile(path, content, 0o644) //nolint:gosec // everybody may read the documents
}

func compare(path string, content []byte) error {
	found, err := os.ReadFile(path) //nolint:gosec // the folder is the caller's
	if err != nil {
		return err
	}
	if !bytes.Equal(found, content) {
		return fmt.Errorf("%s: %w", path, errStale)
	}
	return nil
}
