package registration_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestThreatModelNamesItsTests: what docs/threat-model.md says is defended names tests that exist where it says, and nothing else claims to be.
func TestThreatModelNamesItsTests(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("docs/threat-model.md")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`\[((?:Test|Fuzz)\w+)\]\(\.\.(?:/([^)]+))?\)`)
	found := 0
	for line := range strings.Lines(string(text)) {
		tests := named.FindAllStringSubmatch(line, -1)
		for _, test := range tests {
			found++
			if !declares(t, filepath.FromSlash(test[2]), test[1]) {
				t.Errorf("there is no %s in %q", test[1], test[2])
			}
		}
		open := strings.Contains(line, "**not defended**") || strings.HasSuffix(line, "| `.ci/run` |\n")
		if isRow := strings.HasPrefix(line, "| ") && !strings.HasPrefix(line, "| attempt"); isRow && (len(tests) == 0) != open {
			t.Errorf("neither shown nor open, or both: %s", line)
		}
	}
	if found < 80 {
		t.Errorf("only %d tests are named", found)
	}
}

// declares reports whether a test file of a folder declares a test.
func declares(t *testing.T, folder, name string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "\nfunc "+name+"(") {
			return true
		}
	}
	return false
}
