package zero

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// expectAll fails for what the source exports and the lists do not have.
func (p Package) expectAll(t *testing.T) {
	t.Helper()
	listed := map[string]bool{}
	for name := range p.Functions {
		listed[name] = true
	}
	for _, value := range p.Values {
		listed[typeName(reflect.TypeOf(value))] = true
	}
	exported := exportedBy(t, p.Dir)
	if len(exported) == 0 {
		t.Errorf("%s exports nothing", p.Dir)
	}
	for name, kind := range exported {
		if !listed[name] {
			t.Errorf("%s %s of %s is in no list of these tests", kind, name, p.Dir)
		}
	}
}

// exportedBy returns the names of the exported functions of a folder, and of its exported types with exported methods, with what each is.
func exportedBy(t *testing.T, dir string) map[string]string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]string{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range parsed.Decls {
			function, ok := decl.(*ast.FuncDecl)
			switch {
			case !ok || !function.Name.IsExported():
			case function.Recv == nil:
				names[function.Name.Name] = "function"
			case ast.IsExported(receiver(function)):
				names[receiver(function)] = "type"
			}
		}
	}
	return names
}

// receiver is the name of the type of a method.
func receiver(method *ast.FuncDecl) string {
	expr := method.Recv.List[0].Type
	if star, ok := expr.(*ast.StarExpr); ok {
		expr = star.X
	}
	if name, ok := expr.(*ast.Ident); ok {
		return name.Name
	}
	return "" // of a generic type: there is none
}
