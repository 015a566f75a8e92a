package main

import (
	"go/ast"
	"go/token"
	"go/types"
)

// counter gives out the numbers of mutants.
type counter struct{ last int }

// finder looks for mutants in one file, and writes down how the file has to change to hold them all.
type finder struct {
	fset      *token.FileSet
	info      *types.Info
	source    []byte
	pkg, file string
	count     *counter

	function string
	chained  map[*ast.BinaryExpr]bool // operators that belong to one further out
	called   map[string]int           // how many have a name
	edits    edits
	mutants  []mutant
	leftOut  []mutant
}

func (f *finder) find(file *ast.File) {
	f.chained, f.called, f.edits = map[*ast.BinaryExpr]bool{}, map[string]int{}, newEdits()
	for _, decl := range file.Decls {
		f.function = "var"
		if function, ok := decl.(*ast.FuncDecl); ok {
			f.function = functionName(function)
		}
		ast.Inspect(decl, func(node ast.Node) bool {
			f.visit(node)
			return true
		})
	}
}

// functionName is Type.Method or the name of a function.
func functionName(function *ast.FuncDecl) string {
	if function.Recv == nil {
		return function.Name.Name
	}
	receiver := function.Recv.List[0].Type
	for {
		switch t := receiver.(type) {
		case *ast.StarExpr:
			receiver = t.X
		case *ast.IndexExpr:
			receiver = t.X
		case *ast.IndexListExpr:
			receiver = t.X
		case *ast.Ident:
			return t.Name + "." + function.Name.Name
		default:
			return function.Name.Name
		}
	}
}

// visit sees a node before those inside it, so that outer edits come first.
func (f *finder) visit(node ast.Node) {
	switch n := node.(type) {
	case *ast.IfStmt:
		begin := n.Cond.Pos()
		if n.Init != nil {
			begin = n.Init.Pos()
		}
		f.condition(n.Cond, f.text(begin, n.Cond.End()), never, always)
	case *ast.ForStmt:
		if n.Cond != nil {
			f.condition(n.Cond, f.text(n.Cond.Pos(), n.Cond.End()), never, always)
		}
	case *ast.SwitchStmt:
		if n.Tag == nil {
			f.cases(n)
		}
	case *ast.ReturnStmt:
		f.returned(n)
	case *ast.BinaryExpr:
		f.binary(n)
	case *ast.BlockStmt:
		f.statements(n.List)
	case *ast.CaseClause:
		f.statements(n.Body)
	case *ast.CommClause:
		f.statements(n.Body)
	}
}

// condition makes two mutants, in which an expression is false, and true.
func (f *finder) condition(cond ast.Expr, text string, isFalse, isTrue kind) {
	if !f.isBool(cond, text, isFalse) {
		return
	}
	first, second := f.add(cond, isFalse, text), f.add(cond, isTrue, text)
	f.wrap(cond, "(!mutated("+first+") && (mutated("+second+") || (", ")))")
}

func (f *finder) cases(n *ast.SwitchStmt) {
	for _, statement := range n.Body.List {
		for _, cond := range statement.(*ast.CaseClause).List {
			if text := f.text(cond.Pos(), cond.End()); f.isBool(cond, text, caseNever) {
				f.wrap(cond, "(!mutated("+f.add(cond, caseNever, text)+") && (", "))")
			}
		}
	}
}

func (f *finder) returned(n *ast.ReturnStmt) {
	for _, result := range n.Results {
		switch ast.Unparen(result).(type) {
		case *ast.BinaryExpr, *ast.UnaryExpr, *ast.CallExpr:
			f.condition(result, f.text(result.Pos(), result.End()), returnsFalse, returnsTrue)
		}
	}
}

func (f *finder) binary(n *ast.BinaryExpr) {
	switch n.Op {
	case token.LAND, token.LOR:
		if !f.chained[n] {
			f.operands(n, n.Op)
		}
	case token.LSS, token.LEQ, token.GTR, token.GEQ:
		f.boundary(n)
	}
}

// operands drops each operand of a chain of the same operator: what is left decides.
func (f *finder) operands(n *ast.BinaryExpr, op token.Token) {
	for _, side := range []ast.Expr{n.X, n.Y} {
		if inner, ok := ast.Unparen(side).(*ast.BinaryExpr); ok && inner.Op == op {
			f.chained[inner] = true
			f.operands(inner, op)
			continue
		}
		text := f.text(side.Pos(), side.End())
		if !f.isBool(side, text, operand) {
			continue
		}
		number := f.add(side, operand, text)
		if op == token.LAND {
			f.wrap(side, "(mutated("+number+") || (", "))")
		} else {
			f.wrap(side, "(!mutated("+number+") && (", "))")
		}
	}
}

// boundary moves the boundary of a comparison. Functions of schemata.go compare, so that each side is evaluated once.
func (f *finder) boundary(n *ast.BinaryExpr) {
	text := f.text(n.Pos(), n.End())
	if !f.isBool(n, text, boundary) {
		return
	}
	function := map[token.Token]string{
		token.LSS: "mutatedLess", token.LEQ: "mutatedLessOrEqual", token.GTR: "mutatedGreater", token.GEQ: "mutatedGreaterOrEqual",
	}[n.Op]
	f.wrap(n, function+"("+f.add(n, boundary, text)+", ", ")")
	f.edits.replace(f.offset(n.OpPos), len(n.Op.String()), ",")
}

// statements deletes calls whose result is unused, and defers. A panic may be what ends a function, so it stays.
func (f *finder) statements(list []ast.Stmt) {
	for _, statement := range list {
		kind := callDeleted
		switch s := statement.(type) {
		case *ast.DeferStmt:
			kind = deferDeleted
		case *ast.ExprStmt:
			call, ok := ast.Unparen(s.X).(*ast.CallExpr)
			if !ok || f.isPanic(call) {
				continue
			}
		default:
			continue
		}
		number := f.add(statement, kind, f.text(statement.Pos(), statement.End()))
		f.wrap(statement, "if !mutated("+number+") { ", " }")
	}
}
