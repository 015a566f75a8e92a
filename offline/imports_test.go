package offline

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestNoNetwork keeps everything that can send something out of this package, and of those that it keeps files with; the transport talks to the workspace, over the
// session that the client gives it.
func TestNoNetwork(t *testing.T) {
	t.Parallel()
	files := make([]string, 0, 64)
	for _, folder := range []string{".", "../grants", "../internal/document"} {
		paths, err := filepath.Glob(folder + "/*.go")
		must(t, err)
		files = append(files, slices.DeleteFunc(paths, func(path string) bool { return strings.HasSuffix(path, "_test.go") })...)
	}
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		must(t, err)
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			must(t, err)
			if ofTransport := imported == "github.com/rcreg/registration" && strings.HasPrefix(path, "transport"); !ofTransport && !mayImport(imported) {
				t.Errorf("%s imports %s", path, imported)
			}
		}
		ast.Inspect(file, func(node ast.Node) bool {
			if of, ok := node.(*ast.SelectorExpr); ok && isPackage(of.X, "cloud") && !mayUse(of.Sel.Name) {
				t.Errorf("%s uses cloud.%s", path, of.Sel.Name)
			}
			return true
		})
	}
	if len(files) < 25 {
		t.Errorf("only %d files were looked at", len(files))
	}
}

func isPackage(of ast.Expr, name string) bool {
	ident, ok := of.(*ast.Ident)
	return ok && ident.Name == name
}

// mayUse lists what of the package cloud makes no client, which could send something.
func mayUse(name string) bool {
	return strings.HasPrefix(name, "Err") || strings.HasPrefix(name, "Parse") || slices.Contains([]string{"Grant", "IsUnspent", "LicenseData", "RegistrationData", "Secret"}, name)
}

// mayImport lists what sends nothing: net/url only takes addresses apart.
func mayImport(path string) bool {
	const module = "github.com/rcreg/registration/"
	if ours, ok := strings.CutPrefix(path, module); ok {
		return slices.Contains([]string{"cloud", "failure", "grants", "internal/clock", "internal/document", "internal/linelog", "internal/pasted", "internal/safedir", "internal/secret"}, ours)
	}
	if strings.HasPrefix(path, "filippo.io/age") {
		return true
	}
	return path == "net/url" || path != "net" && !strings.HasPrefix(path, "net/") && path != "os/exec" && !strings.Contains(path, ".")
}
