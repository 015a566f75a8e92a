package offline

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestNoNetwork keeps everything that can send something out of this package; the transport talks to the workspace, over the session that the client gives it.
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
		file, err := parser.ParseFile(token.NewFileSet(), entry.Name(), nil, parser.SkipObjectResolution)
		must(t, err)
		for _, spec := range file.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			must(t, err)
			if ofTransport := path == "github.com/rcreg/registration" && strings.HasPrefix(entry.Name(), "transport"); !ofTransport && !mayImport(path) {
				t.Errorf("%s imports %s", entry.Name(), path)
			}
		}
		ast.Inspect(file, func(node ast.Node) bool {
			if of, ok := node.(*ast.SelectorExpr); ok && isPackage(of.X, "cloud") && !mayUse(of.Sel.Name) {
				t.Errorf("%s uses cloud.%s", entry.Name(), of.Sel.Name)
			}
			return true
		})
	}
	if files < 10 {
		t.Errorf("only %d files were looked at", files)
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
		return ours == "cloud" || ours == "failure" || ours == "internal/safedir" || ours == "internal/linelog" || ours == "internal/secret" || ours == "internal/clock" || ours == "internal/pasted"
	}
	if strings.HasPrefix(path, "filippo.io/age") {
		return true
	}
	return path == "net/url" || path != "net" && !strings.HasPrefix(path, "net/") && path != "os/exec" && !strings.Contains(path, ".")
}
