package failure_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// exceptions read texts for a reason of their own: a reply is given its kind where it is read, and some errors of others have only words.
var exceptions = map[string]string{
	"workspace":                       "it reads the replies of a workspace",
	"internal/httpclient/sentence.go": "it masks a text, and looks whether that has changed it",
	"internal/report/row.go":          "it shows a message without its heading",
	"fleet/list_parse.go":             "the parser of YAML has no kind for an anchor",
	"temporal/internal/cli/calls.go":  "the SDK has no kind for a failure that it cannot decrypt",
	"temporal/internal/cli/update.go": "the SDK has no kind for an update that is not known",
}

// exceptionOf names the exception that a file, or a folder above it, is; it is empty where there is none.
func exceptionOf(path string) string {
	name := filepath.ToSlash(path)
	for name != "." && exceptions[name] == "" {
		name = filepath.ToSlash(filepath.Dir(name))
	}
	return strings.TrimPrefix(name, ".")
}

// TestErrorTextsAreNotRead: what an error means is its kind. No production code searches, cuts or compares the text of an error, or the message in one.
func TestErrorTextsAreNotRead(t *testing.T) {
	t.Parallel()
	read, needed := 0, map[string]bool{}
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
		relative, err := filepath.Rel("..", path)
		if err != nil {
			return err
		}
		if name := exceptionOf(relative); name != "" {
			needed[name] = needed[name] || len(readers(file)) > 0
			return nil
		}
		for _, n := range readers(file) {
			t.Errorf("%s reads the words of an error: give the error a kind, and ask for that", files.Position(n.Pos()))
		}
		return nil
	})
	if err != nil || read < 200 {
		t.Errorf("%d files were read: %v", read, err)
	}
	for name := range exceptions {
		if !needed[name] {
			t.Errorf("%s reads no words: it needs no exception", name)
		}
	}
}

func TestReadsWords(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]bool{
		`strings.Contains(err.Error(), "used")`:                        true,
		`strings.HasPrefix(strings.ToLower(err.Error()), "used")`:      true,
		`pattern.MatchString(err.Error())`:                             true,
		`err.Error() == "used"`:                                        true,
		`"used" != e.Unwrap().Error()`:                                 true,
		`strings.Contains(failed.Message, "used")`:                     true,
		`failed.Message() == "used"`:                                   true,
		`failed.Detail() == "used"`:                                    true,
		`func() { why := err.Error(); strings.Contains(why, "used") }`: true,
		`func() { why := other; strings.Contains(why, "used") }`:       false,
		`failed.Message == ""`:                                         false,
		`strings.TrimSpace(err.Error())`:                               false,
		`errors.Is(err, other)`:                                        false,
		`"failed: " + err.Error()`:                                     false,
	} {
		expr, err := parser.ParseExpr(code)
		if err != nil {
			t.Fatal(err)
		}
		if found := len(readers(expr)) > 0; found != want {
			t.Errorf("%s: %v, want %v", code, found, want)
		}
	}
}

// readers are the parts of a program that decide by the text of an error.
func readers(program ast.Node) (found []ast.Node) {
	w := words{}
	ast.Inspect(program, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			clear(w)
		case *ast.AssignStmt:
			w.assign(n)
		}
		if w.decide(n) {
			found = append(found, n)
		}
		return true
	})
	return found
}

// words are the names of a function's variables that hold the text of an error.
type words map[string]bool

func (w words) assign(a *ast.AssignStmt) {
	for i, left := range a.Lhs {
		if name, ok := left.(*ast.Ident); ok && len(a.Lhs) == len(a.Rhs) {
			w[name.Name] = w.are(a.Rhs[i])
		}
	}
}

// decide reports whether a part of a program decides by the text of an error. Whether there is one may be asked.
func (w words) decide(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		return (n.Op == token.EQL || n.Op == token.NEQ) && (w.are(n.X) && !isEmpty(n.Y) || w.are(n.Y) && !isEmpty(n.X))
	case *ast.CallExpr:
		called, ok := n.Fun.(*ast.SelectorExpr)
		if !ok {
			return false
		}
		switch called.Sel.Name {
		case "Contains", "ContainsAny", "ContainsFunc", "HasPrefix", "HasSuffix", "Index", "LastIndex", "EqualFold", "Cut", "CutPrefix", "CutSuffix", "Match", "MatchString", "FindString":
			return slices.ContainsFunc(n.Args, w.are)
		}
	}
	return false
}

func isEmpty(e ast.Expr) bool {
	text, ok := e.(*ast.BasicLit)
	return ok && text.Value == `""`
}

// are reports whether an expression is the text of an error, also in another case or without space around.
func (w words) are(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return w[e.Name]
	case *ast.SelectorExpr:
		return e.Sel.Name == "Message"
	case *ast.CallExpr:
		called, ok := e.Fun.(*ast.SelectorExpr)
		if !ok {
			return false
		}
		switch called.Sel.Name {
		case "Error", "Message", "Detail", "Reason", "Summary":
			return len(e.Args) == 0
		}
		return strings.HasPrefix(called.Sel.Name, "To") && len(e.Args) == 1 && w.are(e.Args[0])
	}
	return false
}
