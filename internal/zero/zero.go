// Package zero calls everything that a package exports with empty values, for tests: nothing panics, and what can fail says so.
//
//	zero.Package{Dir: ".", Functions: map[string]any{"New": New}, Values: []any{Client{}}}.Walk(t)
//
// A new function, or a new type with methods, is missing in such a list until it is added: then the walk fails and names it.
package zero

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"testing"
)

// Package is one whose exported functions and methods are called.
type Package struct {
	// Dir is where its source is.
	Dir string
	// Functions are those that it exports, by their names.
	Functions map[string]any
	// Values have one of each exported type that has methods. Of a struct the empty value, a pointer to it and, but for errors, a nil pointer are walked; of
	// anything else the value.
	Values []any
	// Arguments are given in the place of empty ones of their types.
	Arguments []any
	// Succeed names what rightly returns no error for empty values: "New", "Client.Close".
	Succeed []string
	// Check looks at each error; it may be nil.
	Check func(name string, err error) bool
}

// Walk calls every function and every method with empty arguments, with a context and with a nil one, and each variadic one with and without an empty last one.
func (p Package) Walk(t *testing.T) {
	t.Helper()
	p.expectAll(t)
	for name, function := range p.Functions {
		p.call(t, name, name, reflect.ValueOf(function), t.Context(), nil)
	}
	for _, value := range p.Values {
		p.methods(t, value, t.Context(), nil)
	}
}

// WithoutContext calls the methods of values that are in order but for the context, which is nil.
func (p Package) WithoutContext(t *testing.T, values ...any) {
	t.Helper()
	for _, value := range values {
		p.methods(t, value, nil)
	}
}

// methods calls those of a value, and of the pointers to it.
func (p Package) methods(t *testing.T, value any, contexts ...context.Context) {
	t.Helper()
	v := reflect.ValueOf(value)
	p.methodsOf(t, v, func(string) bool { return true }, contexts)
	if v.Kind() != reflect.Struct {
		return
	}
	pointers := []reflect.Value{reflect.New(v.Type())}
	if !reflect.PointerTo(v.Type()).Implements(reflect.TypeFor[error]()) { // a nil pointer is no error: nothing returns one
		pointers = append(pointers, reflect.Zero(reflect.PointerTo(v.Type())))
	}
	onlyOfPointers := func(name string) bool { _, has := v.Type().MethodByName(name); return !has }
	for _, pointer := range pointers {
		p.methodsOf(t, pointer, onlyOfPointers, contexts)
	}
}

func (p Package) methodsOf(t *testing.T, v reflect.Value, counts func(name string) bool, contexts []context.Context) {
	t.Helper()
	for i := range v.NumMethod() {
		method := v.Type().Method(i).Name
		if !counts(method) {
			continue
		}
		which := v.Type().String()
		if v.Kind() == reflect.Pointer && v.IsNil() {
			which = "nil " + which
		}
		p.call(t, typeName(v.Type())+"."+method, which+"."+method, v.Method(i), contexts...)
	}
}

// call calls a function with each of some contexts.
func (p Package) call(t *testing.T, name, shown string, function reflect.Value, contexts ...context.Context) {
	t.Helper()
	for _, ctx := range contexts {
		for _, args := range p.arguments(ctx, function.Type()) {
			shown := fmt.Sprintf("%s, context: %t, %d arguments", shown, ctx != nil, len(args))
			err, can := called(t, shown, function, args)
			switch {
			case can && err == nil && !slices.Contains(p.Succeed, name):
				t.Errorf("%s: no error", shown)
			case err != nil && p.Check != nil && !p.Check(name, err):
				t.Errorf("%s: %v", shown, err)
			}
		}
	}
}

// arguments are the ways in which a function is called; none where an argument is always given, as the state is to a formatter.
func (p Package) arguments(ctx context.Context, function reflect.Type) [][]reflect.Value {
	args := make([]reflect.Value, function.NumIn())
	for i := range args {
		in := function.In(i)
		args[i] = reflect.Zero(in)
		switch given := slices.IndexFunc(p.Arguments, func(arg any) bool { return reflect.TypeOf(arg) == in }); {
		case in == reflect.TypeFor[fmt.State](), in == reflect.TypeFor[testing.TB]():
			return nil
		case in == reflect.TypeFor[context.Context]() && ctx != nil:
			args[i] = reflect.ValueOf(ctx)
		case given >= 0:
			args[i] = reflect.ValueOf(p.Arguments[given])
		}
	}
	if !function.IsVariadic() {
		return [][]reflect.Value{args}
	}
	last := len(args) - 1
	return [][]reflect.Value{args[:last:last], append(args[:last:last], reflect.Zero(function.In(last).Elem()))}
}

// called calls a function, and returns its error where it can have one.
func called(t *testing.T, shown string, function reflect.Value, args []reflect.Value) (err error, can bool) {
	t.Helper()
	defer func() {
		if panicked := recover(); panicked != nil {
			t.Errorf("%s panics: %v", shown, panicked)
			can = false
		}
	}()
	for _, result := range function.Call(args) {
		if found, has := errorIn(result); has {
			err, can = found, true
		}
	}
	return err, can
}

// errorIn returns the error that a result is, that is in its field Err, or in what a sequence yields.
func errorIn(result reflect.Value) (err error, can bool) {
	switch {
	case result.Type() == reflect.TypeFor[error]():
		err, _ = result.Interface().(error)
		return err, true
	case result.Kind() == reflect.Struct:
		if field := result.FieldByName("Err"); field.IsValid() && field.Type() == reflect.TypeFor[error]() {
			return errorIn(field)
		}
	case result.Kind() == reflect.Func && result.Type().CanSeq():
		for item := range result.Seq() {
			return errorIn(item)
		}
	}
	return nil, false
}

func typeName(t reflect.Type) string {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Name()
}
