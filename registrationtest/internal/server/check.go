package server

import "fmt"

// Field is one key of a body or a query that a handler expects.
type Field struct {
	Name     string
	Type     string // "string", "boolean", "number", or "" for any
	Optional bool
}

// MatchFields is check() of Meteor on an object: its error is a *MatchError, as the releases before 8.0 mostly answer.
func MatchFields(value any, fields ...Field) error {
	object, ok := value.(map[string]any)
	if !ok {
		return &MatchError{Message: "Expected plain object"}
	}
	known := map[string]bool{}
	for _, field := range fields {
		known[field.Name] = true
		got, present := object[field.Name]
		if !present {
			continue
		}
		if field.Type != "" && field.Type != TypeOf(got) {
			return &MatchError{Message: fmt.Sprintf("Expected %s, got %s", field.Type, TypeOf(got)), Path: field.Name}
		}
	}
	for name := range object {
		if !known[name] {
			return &MatchError{Message: "Unknown key", Path: name}
		}
	}
	for _, field := range fields {
		if _, present := object[field.Name]; !present && !field.Optional {
			return &MatchError{Message: "Missing key '" + field.Name + "'"}
		}
	}
	return nil
}

// SchemaFields validates an object against a JSON schema that allows no other keys. Its error is a *MeteorError with
// the code given: "invalid-params" for a body, "error-invalid-params" for a query by 8.6.
func SchemaFields(code string, value any, fields ...Field) error {
	object, ok := value.(map[string]any)
	if !ok {
		return &MeteorError{Code: code, Reason: "must be object"}
	}
	known := map[string]bool{}
	for _, field := range fields {
		known[field.Name] = true
		if _, present := object[field.Name]; !present && !field.Optional {
			return &MeteorError{Code: code, Reason: "must have required property '" + field.Name + "'"}
		}
	}
	for name := range object {
		if !known[name] {
			return &MeteorError{Code: code, Reason: "must NOT have additional properties"}
		}
	}
	for _, field := range fields {
		got, present := object[field.Name]
		if present && field.Type != "" && !coercible(field.Type, got) {
			return &MeteorError{Code: code, Reason: "must be " + field.Type}
		}
	}
	return nil
}

// coercible reports whether the validator takes a value for a type; it turns numbers and booleans into texts and back.
func coercible(kind string, value any) bool {
	got := TypeOf(value)
	switch kind {
	case got:
		return true
	case "string":
		return got == "number" || got == "boolean" || got == "null"
	case "boolean":
		return value == "true" || value == "false" || value == 0.0 || value == 1.0 || value == nil
	case "number":
		return got == "boolean" || got == "null"
	}
	return false
}

// TypeOf is the JSON type of a value, as Meteor's sentences name it.
func TypeOf(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case string:
		return "string"
	case bool:
		return "boolean"
	case float64, int, int64:
		return "number"
	}
	return "object"
}
