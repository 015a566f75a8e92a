package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/rcreg/registration/registrationtest/internal/release"
)

// errNoParams is the TypeError of a method call whose parameters are no list.
var errNoParams = errors.New("params is not iterable")

// ParseJSON is JSON.parse: its error has the sentence that the release's JavaScript engine writes.
func ParseJSON(rel release.Release, text string) (any, error) {
	var value any
	err := json.Unmarshal([]byte(text), &value)
	if err == nil {
		return value, nil
	}
	var syntax *json.SyntaxError
	position := 0
	if errors.As(err, &syntax) {
		position = max(0, int(syntax.Offset)-1)
	}
	if text == "" || position >= len(text)-1 && !completeAt(text) {
		return nil, errors.New("Unexpected end of JSON input")
	}
	token, _ := utf8.DecodeRuneInString(text[position:])
	if rel.Since("7.0") { // Node 20
		return nil, fmt.Errorf("Unexpected token '%c', %q is not valid JSON", token, text)
	}
	return nil, fmt.Errorf("Unexpected token %c in JSON at position %d", token, position)
}

// completeAt tells whether an error at the last byte of a text is that byte's fault, not that more should follow.
func completeAt(text string) bool {
	var value any
	err := json.Unmarshal([]byte(text), &value)
	return err != nil && err.Error() != "unexpected end of JSON input"
}
