package failure_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// TestErrorTextsAreNotRead: what an error means is its kind. No production code searches, cuts or compares the text of an error.
func TestErrorTextsAreNotRead(t *testing.T) {
	t.Parallel()
	read := 0
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		read++
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if readsWords(n) {
				t.Errorf("%s reads the words of an error: give the error a kind, and ask for that", files.Position(n.Pos()))
			}
			return true
		})
		return nil
	})
	if err != nil || read < 200 {
		t.Errorf("%d files were read: %v", read, err)
	}
}

func TestReadsWords(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]bool{
		`strings.Contains(err.Error(), "used")`:                   true,
		`strings.HasPrefix(strings.ToLower(err.Error()), "used")`: true,
		`pattern.MatchString(err.Error())`:                        true,
		`err.Error() == "used"`:                                   true,
		`"used" != e.Unwrap().Error()`:                            true,
		`strings.TrimSpace(err.Error())`:                          false,
		`errors.Is(err, other)`:                                   false,
		`"failed: " + err.Error()`:                                false,
	} {
		expr, err := parser.ParseExpr(code)
		if err != nil {
			t.Fatal(err)
		}
		found := false
		ast.Inspect(expr, func(n ast.Node) bool { found = found || readsWords(n); return true })
		if found != want {
			t.Errorf("%s: %v, want %v", code, found, want)
		}
	}
}

// readsWords reports whether a part of a program decides by the text of an error.
func readsWords(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		return (n.Op == token.EQL || n.Op == token.NEQ) && (isWords(n.X) || isWords(n.Y))
	case *ast.CallExpr:
		called, ok := n.Fun.(*ast.SelectorExpr)
		if !ok {
			return false
		}
		switch called.Sel.Name {
		case "Contains", "ContainsAny", "ContainsFunc", "HasPrefix", "HasSuffix", "Index", "LastIndex", "EqualFold", "Cut", "CutPrefix", "CutSuffix", "Match", "MatchString", "FindString":
			for _, arg := range n.Args {
				if isWords(arg) {
					return true
				}
			}
		}
	}
	return false
}

// isWords reports whether an expression is the text of an error, also in another case or without space around.
func isWords(e ast.Expr) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return false
	}
	called, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	if called.Sel.Name == "Error" && len(call.Args) == 0 {
		return true
	}
	return strings.HasPrefix(called.Sel.Name, "To") && len(call.Args) == 1 && isWords(call.Args[0])
}
