// Package transcript reads recorded exchanges with the real server code, for tests: one JSON line each, plain or gzipped.
//
//	lines, err := transcript.Read("registrationtest/testdata/transcripts/6.4.0.jsonl.gz")
package transcript

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
)

// Line is one exchange.
type Line struct {
	Version  string          `json:"version"`
	Seq      int             `json:"seq"` // the order; 0 where it is that of the lines
	Scenario string          `json:"scenario"`
	Step     string          `json:"step"`
	Via      string          `json:"via"` // rest, method.call, ddp-direct, ddp-websocket or environment
	Request  Request         `json:"request"`
	Response Response        `json:"response"`
	Calls    []CloudCall     `json:"cloud_calls"`                  // what the workspace asked of the Cloud meanwhile
	Settings map[string]any  `json:"settings_after"`               // the settings that changed
	Later    map[string]any  `json:"settings_changed_after_reply"` // those that changed after the reply
	First    json.RawMessage `json:"first_reply"`                  // of two calls at once
}

// Request is what the server was asked.
type Request struct {
	Method  string            `json:"method"`
	Path    string            `json:"path"`
	Headers map[string]string `json:"headers"`
	Body    json.RawMessage   `json:"body"`
	As      string            `json:"as"` // the caller: admin, mgr, user, anon, badtoken or baduser
}

// Response is what it answered.
type Response struct {
	Status       *int              `json:"status"` // nil where there was no HTTP
	Headers      map[string]string `json:"headers"`
	Body         any               `json:"body"`
	Message      any               `json:"message_parsed"` // the JSON inside a method.call's message
	Frames       []map[string]any  `json:"frames"`         // of a WebSocket
	StatusMethod any               `json:"status_method"`  // after a start-up
	ClientError  string            `json:"client_error"`   // why the client gave up
}

// CloudCall is one call from the workspace to the Cloud.
type CloudCall struct {
	Method   string            `json:"method"`
	Path     string            `json:"path"`
	Status   any               `json:"status"` // a number, or a sentence when there was no answer
	Headers  map[string]string `json:"headers"`
	BodyKeys []string          `json:"body_keys"`
	Fault    string            `json:"stub_fault"` // what the Cloud was told to do wrong
}

// maxLine is how long a line may be, in bytes.
const maxLine = 16 << 20

// Read reads a file, gzipped if its name ends in .gz.
func Read(path string) ([]Line, error) {
	file, err := os.Open(path) //nolint:gosec // a test names the file
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var reader io.Reader = file
	if strings.HasSuffix(path, ".gz") {
		if reader, err = gzip.NewReader(file); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	var lines []Line
	scanner := bufio.NewScanner(reader)
	scanner.Buffer(nil, maxLine)
	for scanner.Scan() {
		var line Line
		if err := json.Unmarshal(scanner.Bytes(), &line); err != nil {
			return nil, fmt.Errorf("%s, line %d: %w", path, len(lines)+1, err)
		}
		lines = append(lines, line)
	}
	if err := scanner.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return lines, nil
}
