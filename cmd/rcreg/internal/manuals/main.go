// Command manuals writes the man pages of rcreg and the completions of its shells into a folder: what packages bring along.
//
//	go run ./cmd/rcreg/internal/manuals manuals
//
// The date of the pages is SOURCE_DATE_EPOCH where that is set, and today otherwise.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra/doc"

	"github.com/rcreg/registration/cmd/rcreg/internal/cli"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "name the folder to write to")
		os.Exit(2)
	}
	if err := write(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// write writes man/*.1 and completions/rcreg.SHELL. Errors are those of the file system.
func write(folder string) error {
	man, completions := filepath.Join(folder, "man"), filepath.Join(folder, "completions")
	for _, dir := range []string{man, completions} {
		if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // to be read by all
			return err
		}
	}
	tree := cli.Tree()
	tree.DisableAutoGenTag = true
	if err := doc.GenManTree(tree, &doc.GenManHeader{Title: "RCREG", Section: "1", Source: "rcreg", Manual: "Rocket.Chat registration"}, man); err != nil {
		return err
	}
	const described = true
	for shell, generate := range map[string]func(string) error{
		"bash": func(file string) error { return tree.GenBashCompletionFileV2(file, described) },
		"zsh":  tree.GenZshCompletionFile,
		"fish": func(file string) error { return tree.GenFishCompletionFile(file, described) },
	} {
		if err := generate(filepath.Join(completions, "rcreg."+shell)); err != nil {
			return err
		}
	}
	return nil
}
