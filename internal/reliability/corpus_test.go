package reliability_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Every fuzz target of the module has inputs in the repository, which every run of the tests plays: without any it would pass, and look at nothing but its seeds.
func TestEveryFuzzTargetHasACorpus(t *testing.T) {
	t.Parallel()
	const root, least = "../..", 3
	target := regexp.MustCompile(`(?m)^func (Fuzz\w+)\(`)
	found := 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, match := range target.FindAllSubmatch(text, -1) {
			found++
			inputs, err := filepath.Glob(filepath.Join(filepath.Dir(path), "testdata", "fuzz", string(match[1]), "*"))
			if err != nil || len(inputs) < least {
				t.Errorf("%s in %s has %d inputs, %v", match[1], path, len(inputs), err)
			}
		}
		return nil
	})
	if err != nil || found < 40 {
		t.Errorf("%d targets, %v", found, err)
	}
}
