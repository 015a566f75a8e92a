package main

import (
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

// TestFind compares what becomes of a function's body: the numbers count from 1 in the order in which mutants are found.
func TestFind(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ source, want string }{
		"if":       {"if ok { hit++ }", "if (!mutated(1) && (mutated(2) || (ok))) { hit++ }"},
		"if init":  {"if v, ok := m[a]; ok { hit += v }", "if v, ok := m[a]; (!mutated(1) && (mutated(2) || (ok))) { hit += v }"},
		"for":      {"for ok { hit++ }", "for (!mutated(1) && (mutated(2) || (ok))) { hit++ }"},
		"range":    {"for range a { hit++ }", "for range a { hit++ }"},
		"endless":  {"for { hit++ }", "for { hit++ }"},
		"and":      {"x := ok && !ok; _ = x", "x := (mutated(1) || (ok)) && (mutated(2) || (!ok)); _ = x"},
		"or":       {"x := ok || !ok; _ = x", "x := (!mutated(1) && (ok)) || (!mutated(2) && (!ok)); _ = x"},
		"chain":    {"x := ok && (ok && !ok); _ = x", "x := (mutated(1) || (ok)) && ((mutated(2) || (ok)) && (mutated(3) || (!ok))); _ = x"},
		"less":     {"x := a < 5; _ = x", "x := mutatedLess(1, a , 5); _ = x"},
		"or equal": {"x := a+1 >= b; _ = x", "x := mutatedGreaterOrEqual(1, a+1 , b); _ = x"},
		"nested": {
			"if ok && a < b { hit++ }",
			"if (!mutated(1) && (mutated(2) || ((mutated(3) || (ok)) && (mutated(4) || (mutatedLess(5, a , b)))))) { hit++ }",
		},
		"switch":       {"switch { case ok, !ok: hit++; default: }", "switch { case (!mutated(1) && (ok)), (!mutated(2) && (!ok)): hit++; default: }"},
		"value":        {"switch ok { case true: hit++ }", "switch ok { case true: hit++ }"},
		"return":       {"_ = func() bool { return !ok }", "_ = func() bool { return (!mutated(1) && (mutated(2) || (!ok))) }"},
		"returns name": {"_ = func() bool { return ok }", "_ = func() bool { return ok }"},
		"call":         {"act()", "if !mutated(1) { act() }"},
		"defer":        {"defer act(); act()", "if !mutated(1) { defer act() }; if !mutated(2) { act() }"},
		"clause":       {"switch a { case 1: act() }", "switch a { case 1: if !mutated(1) { act() } }"},
		"panic":        {"panic(a)", "panic(a)"},
		"post":         {"for ; ; act() { break }", "for ; ; act() { break }"},
		"constant":     {"const c = 1 < 2; if c { hit++ }", "const c = 1 < 2; if c { hit++ }"},
		"named":        {"if flag(ok) { hit++ }", "if flag(ok) { hit++ }"},
		"commented":    {"/* a < b */ _ = \"a < b\"", "/* a < b */ _ = \"a < b\""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := found(t, c.source)
			if got, want := string(f.edits.apply(f.source)), wrapped(c.want); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
			if _, err := format.Source(f.edits.apply(f.source)); err != nil {
				t.Error(err)
			}
		})
	}
}

func wrapped(body string) string {
	return "package p\n\ntype flag bool\nfunc act() {}\nfunc (s *T[E]) f(ok bool, a, b, hit int, m map[int]int) {\n" + body + "\n}\ntype T[E any] struct{}\n"
}

// found looks for the mutants in a function with a body.
func found(t *testing.T, body string) *finder {
	t.Helper()
	source := wrapped(body)
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	info, err := check(fset, "p", []*ast.File{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	f := &finder{fset: fset, info: info, source: []byte(source), pkg: "example.test/p", file: "p.go", count: &counter{}}
	f.find(file)
	return f
}

func TestNames(t *testing.T) {
	t.Parallel()
	f := found(t, "if a :=\n\t2; ok { hit += a }\nif a :=\n\t2; ok { hit += a }")
	keys := make([]string, 0, len(f.mutants))
	for _, m := range f.mutants {
		keys = append(keys, m.key())
	}
	want := "p.go T.f never: a := 2; ok\np.go T.f always: a := 2; ok\np.go T.f never: a := 2; ok #2\np.go T.f always: a := 2; ok #2"
	if got := strings.Join(keys, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := f.mutants[2].String(); got != "p.go:9:5 T.f never: a := 2; ok #2" {
		t.Errorf("got %q", got)
	}
}

func TestLeftOut(t *testing.T) {
	t.Parallel()
	f := found(t, "if flag(ok) { hit++ }")
	if got := lines(f.leftOut); len(got) != 1 || got[0] != "p.go:6:4 T.f never: flag(ok)" {
		t.Errorf("got %q", got)
	}
}
