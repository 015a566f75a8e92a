package server

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"

	"github.com/rcreg/registration/registrationtest/internal/release"
)

// maxBody is the limit of the server's body parser.
const maxBody = 50 << 20

var (
	errBodyTooLarge = errors.New("request entity too large")
	errBodyNotJSON  = errors.New("request body is not JSON")
)

// bodyRefused is the answer to a body that never reached a route.
func bodyRefused(err error) reply {
	if errors.Is(err, errBodyTooLarge) {
		return errorPage(http.StatusRequestEntityTooLarge)
	}
	return errorPage(http.StatusBadRequest)
}

// readBody parses the body by its content type. What is absent or of another type is an empty object.
func (s *Server) readBody(r *http.Request) (any, error) {
	if r.Body == nil {
		return map[string]any{}, nil
	}
	raw, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return nil, errBodyNotJSON
	}
	if len(raw) > maxBody {
		return nil, errBodyTooLarge
	}
	if len(raw) == 0 {
		return map[string]any{}, nil
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")) // an unknown type is no JSON
	switch kind {
	case "application/json":
		return s.parseJSON(raw)
	case "application/x-www-form-urlencoded":
		return parseForm(string(raw)), nil
	}
	if s.release.Has(release.TextBodies) {
		return letters(string(raw)), nil
	}
	return map[string]any{}, nil
}

// letters is a text as an object: its letters by their places.
func letters(text string) map[string]any {
	object := map[string]any{}
	for i, letter := range []rune(text) {
		object[strconv.Itoa(i)] = string(letter)
	}
	return object
}

// parseJSON accepts objects and arrays alone, as the body parser does. The router of 7.6 drops what it cannot read.
func (s *Server) parseJSON(raw []byte) (any, error) {
	var value any
	err := json.Unmarshal(raw, &value)
	switch value.(type) {
	case map[string]any, []any:
		if err == nil {
			return value, nil
		}
	}
	if s.newRouter() {
		return map[string]any{}, nil
	}
	return nil, errBodyNotJSON
}

func parseForm(text string) map[string]any {
	form, _ := url.ParseQuery(text) // what cannot be read is left out
	object := make(map[string]any, len(form))
	for name := range form {
		object[name] = form.Get(name)
	}
	return object
}
