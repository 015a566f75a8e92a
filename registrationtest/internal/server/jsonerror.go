package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
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
	if !errors.As(err, &syntax) || endsEarly(text) {
		return nil, engineError("Unexpected end of JSON input")
	}
	position := max(0, int(syntax.Offset)-1)
	token, _ := utf8.DecodeRuneInString(text[position:])
	if rel.Has(release.NodeTwenty) {
		return nil, engineError(fmt.Sprintf("Unexpected token '%c', %q is not valid JSON", token, text))
	}
	return nil, engineError(fmt.Sprintf("Unexpected token %c in JSON at position %d", token, position))
}

// endsEarly reports whether a text that is no JSON could become some by going on: Unmarshal tells that in words alone, a Decoder by its error.
func endsEarly(text string) bool {
	err := json.NewDecoder(strings.NewReader(text)).Decode(new(any))
	return errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF)
}

// engineError is an error whose sentence is the JavaScript engine's.
type engineError string

func (e engineError) Error() string { return string(e) }
