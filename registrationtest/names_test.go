package registrationtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// exported are the names that users of a package see at its top level.
type exported struct {
	names    []string
	aliases  []string // those that stand for a type of another package, which go doc does not show
	doc      bool
	examples int
}

func exportedOf(t *testing.T, dir string) exported {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var found exported
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, text, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(path, "_test.go") {
			found.examples += strings.Count(string(text), "\nfunc Example")
			continue
		}
		found.doc = found.doc || file.Doc != nil
		for _, decl := range file.Decls {
			found.add(decl)
		}
	}
	return found
}

func (e *exported) add(decl ast.Decl) {
	name := func(ident *ast.Ident) {
		if ident.IsExported() {
			e.names = append(e.names, ident.Name)
		}
	}
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		if decl.Recv == nil {
			name(decl.Name)
		}
	case *ast.GenDecl:
		for _, spec := range decl.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				name(spec.Name)
				if _, elsewhere := spec.Type.(*ast.SelectorExpr); elsewhere && spec.Name.IsExported() {
					e.aliases = append(e.aliases, spec.Name.Name)
				}
			case *ast.ValueSpec:
				for _, ident := range spec.Names {
					name(ident)
				}
			}
		}
	}
}

// A user of the fakes has to find the way through their names, and go doc has to show what each is.
func TestExportedNames(t *testing.T) {
	t.Parallel()
	for dir, most := range map[string]int{".": 58, "faults": 80, "sim": 10} {
		found := exportedOf(t, dir)
		if len(found.names) > most {
			t.Errorf("%s has %d exported names, at most %d wanted: %s", dir, len(found.names), most, strings.Join(found.names, " "))
		}
		if len(found.aliases) > 0 || !found.doc || found.examples == 0 {
			t.Errorf("%s: types of other packages: %s; a package comment: %v; %d examples", dir, found.aliases, found.doc, found.examples)
		}
		t.Logf("%s has %d exported names and %d examples", dir, len(found.names), found.examples)
	}
}
