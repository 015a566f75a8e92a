package cloudmodule

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/rcreg/registration/registrationtest/internal/release"
)

// The server is a JavaScript program, and many of its misleading answers come from what JavaScript makes of values that
// are absent. undefined is such a value; nil is null.
type undefined struct{}

// truthy is JavaScript's idea of a value that counts as true.
func truthy(value any) bool {
	switch v := value.(type) {
	case nil, undefined:
		return false
	case bool:
		return v
	case string:
		return v != ""
	case float64:
		return v != 0 // JSON has no NaN
	}
	return true
}

// text is what a template literal makes of a value.
func text(value any) string {
	switch v := value.(type) {
	case nil:
		return "null"
	case undefined:
		return "undefined"
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case map[string]any:
		return "[object Object]"
	}
	return fmt.Sprint(value)
}

// property reads a property of a value that is neither null nor undefined.
func property(value any, name string) any {
	object, ok := value.(map[string]any)
	if !ok {
		return undefined{}
	}
	found, ok := object[name]
	if !ok {
		return undefined{}
	}
	return found
}

// readProperty reads a property, and fails the way the engine of the release does when there is no object to read it
// from.
func (m *Module) readProperty(value any, name string) (any, error) {
	switch value.(type) {
	case nil, undefined:
		if m.rel.Has(release.NodeTwenty) {
			return nil, serverError("Cannot read properties of " + text(value) + " (reading '" + name + "')")
		}
		return nil, serverError("Cannot read property '" + name + "' of " + text(value))
	}
	return property(value, name), nil
}

// same is ===, for the values that settings hold.
func same(a, b any) bool {
	switch a.(type) {
	case nil, string, bool, float64:
		return a == b
	}
	return false
}

// param returns the n-th argument of a method.
func param(params []json.RawMessage, n int) any {
	if n >= len(params) {
		return undefined{}
	}
	var value any
	if json.Unmarshal(params[n], &value) != nil {
		return undefined{}
	}
	return value
}
