package offline

import (
	"go/parser"
	"go/token"
	"os"
	"strconv"
	"strings"
	"testing"
)

// TestNoNetwork keeps everything that can send something out of this package.
func TestNoNetwork(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir(".")
	must(t, err)
	files := 0
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ".go") || strings.HasSuffix(entry.Name(), "_test.go") {
			continue
		}
		files++
		file, err := parser.ParseFile(token.NewFileSet(), entry.Name(), nil, parser.ImportsOnly)
		must(t, err)
		for _, spec := range file.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			must(t, err)
			if !mayImport(path) {
				t.Errorf("%s imports %s", entry.Name(), path)
			}
		}
	}
	if files < 10 {
		t.Errorf("only %d files were looked at", files)
	}
}

// mayImport lists what sends nothing: net/url only takes addresses apart.
func mayImport(path string) bool {
	const module = "github.com/rcreg/registration/"
	if ours, ok := strings.CutPrefix(path, module); ok {
		return ours == "cloud" || ours == "internal/safedir" || ours == "internal/secret" || ours == "internal/clock" || ours == "internal/pasted"
	}
	if strings.HasPrefix(path, "filippo.io/age") {
		return true
	}
	return path == "net/url" || path != "net" && !strings.HasPrefix(path, "net/") && path != "os/exec" && !strings.Contains(path, ".")
}
