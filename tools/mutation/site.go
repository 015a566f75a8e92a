package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
)

// add numbers a mutant.
func (f *finder) add(node ast.Node, kind kind, text string) string {
	f.count.last++
	m := f.at(node, kind, text)
	m.number = f.count.last
	f.called[m.key()]++
	m.nth = f.called[m.key()]
	f.mutants = append(f.mutants, m)
	return strconv.Itoa(m.number)
}

// at is a mutant that has no number yet.
func (f *finder) at(node ast.Node, kind kind, text string) mutant {
	position := f.fset.Position(node.Pos())
	return mutant{pkg: f.pkg, file: f.file, line: position.Line, column: position.Column, function: f.function, kind: kind, text: text}
}

// isBool reports whether an expression can be replaced by one of type bool. A constant is no check; a named type is left out, and said so.
func (f *finder) isBool(expr ast.Expr, text string, kind kind) bool {
	value := f.info.Types[expr]
	if value.Type == nil || value.Value != nil {
		return false
	}
	basic, ok := types.Unalias(value.Type).(*types.Basic)
	if ok {
		return basic.Info()&types.IsBoolean != 0
	}
	if under, ok := value.Type.Underlying().(*types.Basic); ok && under.Info()&types.IsBoolean != 0 {
		f.leftOut = append(f.leftOut, f.at(expr, kind, text))
	}
	return false
}

// isPanic reports whether the built-in function is called.
func (f *finder) isPanic(call *ast.CallExpr) bool {
	name, ok := ast.Unparen(call.Fun).(*ast.Ident)
	if !ok {
		return false
	}
	_, isBuiltin := f.info.Uses[name].(*types.Builtin)
	return isBuiltin && name.Name == "panic"
}

func (f *finder) wrap(node ast.Node, prefix, suffix string) {
	f.edits.wrap(f.offset(node.Pos()), f.offset(node.End()), prefix, suffix)
}

func (f *finder) text(begin, end token.Pos) string {
	return shorten(string(f.source[f.offset(begin):f.offset(end)]))
}

func (f *finder) offset(pos token.Pos) int { return f.fset.Position(pos).Offset }
