package main

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// explanations say why mutants may survive, by their keys.
type explanations map[string]string

// readExplanations reads a file in which a line names a mutant, and those beneath it, which are indented, say why. Lines with # in front are for readers.
func readExplanations(path string) (explanations, error) {
	file, err := os.Open(path) //nolint:gosec // the caller names the file
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	all, key := explanations{}, ""
	lines := bufio.NewScanner(file)
	for n := 1; lines.Scan(); n++ {
		line := lines.Text()
		text := strings.TrimSpace(line)
		switch {
		case text == "" || strings.HasPrefix(line, "#"):
		case text == line:
			if err := all.close(key); err != nil {
				return nil, err
			}
			if _, ok := all[text]; ok {
				return nil, fmt.Errorf("%s:%d: it is explained twice: %s", path, n, text)
			}
			key, all[text] = text, ""
		case key == "":
			return nil, fmt.Errorf("%s:%d: this explains nothing: %s", path, n, text)
		default:
			all[key] = strings.TrimSpace(all[key] + " " + text)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	if err := all.close(key); err != nil {
		return nil, err
	}
	return all, nil
}

// close sees to it that a mutant is followed by a reason.
func (e explanations) close(key string) error {
	if key != "" && e[key] == "" {
		return fmt.Errorf("no reason is given for: %s", key)
	}
	return nil
}
