package fleet

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
)

// List is a validated list of workspaces, in the order of its file.
type List struct {
	Workspaces []Workspace
}

const (
	maxList       = 32 << 20 // bytes
	maxWorkspaces = 250_000
)

// Load reads a list from a file and validates it whole: whatever it accepts can be opened, as long as the files and variables that it refers to stay as they are.
// No secret is kept. Errors: [*ListError], with all problems at once, and those of the file system.
func Load(path string) (List, error) { return load(path, newReader(filepath.Dir(path))) }

// LoadUnresolved is Load where the secrets are on other machines: it checks where they are said to be, and reads none. Its errors are those of Load.
func LoadUnresolved(path string) (List, error) {
	r := newReader(filepath.Dir(path))
	r.unresolved = true
	return load(path, r)
}

func load(path string, r *reader) (List, error) {
	text, err := readList(path)
	if err != nil {
		return List{}, fmt.Errorf("read the list: %w", err)
	}
	list, err := r.parse(text)
	var invalid *ListError
	if errors.As(err, &invalid) {
		invalid.Path = path
	}
	return list, err
}

func readList(path string) ([]byte, error) {
	file, err := os.Open(path) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	return io.ReadAll(io.LimitReader(file, maxList+1)) // Parse refuses what is longer
}

// Select returns the workspaces that have all of the labels. No labels select all.
func (l List) Select(labels map[string]string) List {
	return List{Workspaces: slices.DeleteFunc(slices.Clone(l.Workspaces), func(w Workspace) bool {
		for key, want := range labels {
			if value, ok := w.Labels[key]; !ok || value != want {
				return true
			}
		}
		return false
	})}
}
