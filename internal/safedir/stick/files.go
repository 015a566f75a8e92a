package stick

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

const partPrefix = ".part-"

// EachAct tries an operation again and again, with a failure at each of its acts, until it is done without one.
func EachAct(t *testing.T, try func(at int64) (done bool)) {
	t.Helper()
	const tooMany = 100 // more than any operation has
	for at := int64(1); at < tooMany; at++ {
		if try(at) {
			return
		}
	}
	t.Error("it fails for ever")
}

// Files lists the files below a folder.
func Files(t *testing.T, path string) []string {
	t.Helper()
	var files []string
	err := fs.WalkDir(os.DirFS(path), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() {
			files = append(files, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// LeavePart takes its name from a file, as a writer leaves it that was killed before it gave the file its name.
func LeavePart(t *testing.T, path, name, part string, age time.Duration) {
	t.Helper()
	left := filepath.Join(filepath.Dir(filepath.Join(path, name)), partPrefix+part)
	if err := os.Rename(filepath.Join(path, name), left); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(left, time.Time{}, time.Now().Add(-age)); err != nil {
		t.Fatal(err)
	}
}

// ExpectParts looks for the files below a folder that have no name of their own.
func ExpectParts(t *testing.T, path string, want ...string) {
	t.Helper()
	var parts []string
	for _, name := range Files(t, path) {
		if part, ok := strings.CutPrefix(filepath.Base(name), partPrefix); ok {
			parts = append(parts, part)
		}
	}
	if !slices.Equal(parts, want) {
		t.Errorf("the parts are %v, want %v", parts, want)
	}
}
