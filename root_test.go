package registration_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/rcreg/registration"

// TestWhoImportsTheRoot brings no exchange folders, no encryption, and nothing of a command line along.
func TestWhoImportsTheRoot(t *testing.T) {
	t.Parallel()
	expectNoImports(t, ".", module+"/grants", module+"/offline", module+"/relay", module+"/fleet", module+"/registrationtest",
		"filippo.io/", "github.com/spf13/", "gopkg.in/yaml", "go.yaml.in/", "github.com/goccy/go-yaml")
}

// TestImportsRunOneWay: leaves do not know the root, and transports not each other.
func TestImportsRunOneWay(t *testing.T) {
	t.Parallel()
	for dir, unwanted := range map[string][]string{
		"./relay":     {module + "/offline", module + "/fleet", module + "/registrationtest"},
		"./offline":   {module + "/relay", module + "/fleet", module + "/registrationtest"},
		"./grants":    {module, module + "/workspace", module + "/offline", module + "/relay"},
		"./cloud":     {module, module + "/workspace", module + "/grants"},
		"./workspace": {module, module + "/cloud", module + "/grants"},
	} {
		t.Run(dir, func(t *testing.T) { t.Parallel(); expectNoImports(t, dir, unwanted...) })
	}
}

// expectNoImports looks at all that a package brings along: the module's root is unwanted by itself, anything else with what is below it.
func expectNoImports(t *testing.T, dir string, unwanted ...string) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", dir).Output()
	if err != nil {
		t.Fatal(err)
	}
	deps := strings.Fields(string(out))
	for _, dep := range deps {
		if slices.ContainsFunc(unwanted, func(u string) bool { return dep == u || u != module && strings.HasPrefix(dep, u) }) {
			t.Errorf("%s imports %s", dir, dep)
		}
	}
	if len(deps) < 50 {
		t.Errorf("only %d packages were looked at", len(deps))
	}
}

// TestSizeOfTheRoot keeps what a reader meets first small: files of production code, exported names at the top level, and lines of a file.
func TestSizeOfTheRoot(t *testing.T) {
	t.Parallel()
	const mostFiles, mostNames, mostLines = 18, 75, 400
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var files, names int
	set := token.NewFileSet()
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		files++
		file, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			names += exportedBy(decl)
		}
		if lines := set.File(file.Pos()).LineCount(); lines > mostLines {
			t.Errorf("%s has %d lines, at most %d wanted", path, lines, mostLines)
		}
	}
	if files > mostFiles || names > mostNames {
		t.Errorf("the root has %d files and %d exported names, at most %d and %d wanted", files, names, mostFiles, mostNames)
	}
}

// exportedBy counts the names that a declaration adds to the package.
func exportedBy(decl ast.Decl) (n int) {
	count := func(names ...*ast.Ident) {
		for _, name := range names {
			if name.IsExported() {
				n++
			}
		}
	}
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		if decl.Recv == nil {
			count(decl.Name)
		}
	case *ast.GenDecl:
		for _, spec := range decl.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				count(spec.Name)
			case *ast.ValueSpec:
				count(spec.Names...)
			}
		}
	}
	return n
}

// TestSizesOfFiles counts the production files of all modules that are too short to hold a noun, and wants none that is too long to be read in one go.
func TestSizesOfFiles(t *testing.T) {
	t.Parallel()
	const shortest, mostShort, longest = 20, 5, 400
	var seen int
	var short []string
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		switch name := entry.Name(); {
		case err != nil:
			return err
		case entry.IsDir() && (name == "testdata" || name == "examples" || name != "." && strings.HasPrefix(name, ".")):
			return fs.SkipDir
		case entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		seen++
		switch lines := bytes.Count(text, []byte("\n")); {
		case lines < shortest:
			short = append(short, path)
		case lines > longest:
			t.Errorf("%s has %d lines, at most %d wanted", path, lines, longest)
		}
		return nil
	})
	if err != nil || seen < 300 {
		t.Fatalf("%d files were seen, %v", seen, err)
	}
	if len(short) > mostShort {
		t.Errorf("%d files have fewer than %d lines, at most %d wanted: %s", len(short), shortest, mostShort, strings.Join(short, " "))
	}
}
