package server

import (
	"fmt"
	"maps"
	"slices"

	"github.com/rcreg/registration/registrationtest/internal/release"
)

// Field is one key of a body or a query that a handler expects.
type Field struct {
	Name     string
	Type     string // "string", "boolean", "number", or "" for any
	Optional bool
	Lax      bool     // coerced whatever the release
	Filled   bool     // a text that may not be empty, where there is a schema
	OneOf    []string // the only texts, where there is a schema; nil for any
}

// MatchFields is check() of Meteor on an object: its error is a *MatchError, as the releases before 7.0 mostly answer.
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
	for _, name := range slices.Sorted(maps.Keys(object)) {
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

// QueryCode is the code of a query that a schema does not allow.
func QueryCode(rel release.Release) string {
	if rel.Has(release.BareSentences) {
		return "error-invalid-params"
	}
	return "invalid-params"
}

// SchemaFields validates an object against a JSON schema that allows no other keys. Its error is a *MeteorError with
// the code given: "invalid-params" for a body, [QueryCode] for a query.
func SchemaFields(rel release.Release, code string, value any, fields ...Field) error {
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
		if reason := field.against(got, field.Lax || rel.Has(release.CoercedBodies)); present && reason != "" {
			return &MeteorError{Code: code, Reason: reason}
		}
	}
	return nil
}

// against says what a schema has against a value, or "".
func (f Field) against(value any, coerced bool) string {
	switch {
	case f.Type != "" && !coercible(f.Type, value, coerced):
		return "must be " + f.Type
	case f.Filled && (value == "" || value == nil): // null becomes an empty text
		return "must NOT have fewer than 1 characters"
	case f.OneOf != nil && !slices.Contains(f.OneOf, asText(value)):
		return "must be equal to one of the allowed values"
	}
	return ""
}

// coercible reports whether the validator takes a value for a type; most turn numbers and booleans into texts and back.
func coercible(kind string, value any, coerced bool) bool {
	got := TypeOf(value)
	switch {
	case kind == got:
		return true
	case !coerced:
		return false
	}
	switch kind {
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
