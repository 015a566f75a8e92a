package workspace_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/rcreg/registration/internal/transcript"
	"github.com/rcreg/registration/workspace"
)

// TestEveryRecordedReply gives each reply that a real server ever gave to the client. Whether it is a success must be
// what the recording says, and a failure must be one of the kinds that the recorded status allows.
func TestEveryRecordedReply(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../registrationtest/testdata/transcripts/*.jsonl.gz")
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, file := range files {
		lines, err := transcript.Read(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range lines {
			if forTheClient(line) {
				total++
			}
		}
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			for _, line := range lines {
				if forTheClient(line) {
					checkRecorded(t, line)
				}
			}
		})
	}
	if total < 12000 {
		t.Errorf("only %d recorded replies were found", total)
	}
}

// forTheClient reports whether a reply answers a call that the client could make: over HTTP, GET or POST, under /api/.
func forTheClient(line transcript.Line) bool {
	verb := line.Request.Method
	return line.Response.Status != nil && (line.Via == "rest" || line.Via == "method.call") &&
		(verb == http.MethodGet || verb == http.MethodPost) && strings.HasPrefix(line.Request.Path, "/api/")
}

func checkRecorded(t *testing.T, line transcript.Line) {
	t.Helper()
	m := newMocked(t, line.Version)
	m.mock.RegisterNoResponder(recorded(t, line))
	var err error
	switch {
	case line.Via == "method.call" && line.Version != "3.0.0": // which has none, as it says in one recording
		err = m.CallMethod(t.Context(), "m", nil)
	case line.Request.Method == http.MethodGet:
		err = m.Get(t.Context(), "x", nil, nil)
	default:
		err = m.Post(t.Context(), "x", nil, nil)
	}
	where := line.Version + " " + line.Scenario + ", " + line.Step
	if want := succeeded(line); (err == nil) != want {
		t.Errorf("%s: success is %v, want %v: %v", where, err == nil, want, err)
		return
	}
	if err != nil && !errors.Is(err, kindOfRecorded(line)) {
		t.Errorf("%s: got %v, want %v", where, err, kindOfRecorded(line))
	}
}

// recorded answers as the server did. A page is in the recordings as a description of it.
func recorded(t *testing.T, line transcript.Line) httpmock.Responder {
	t.Helper()
	body, isText := line.Response.Body.(string)
	if !isText {
		encoded, err := json.Marshal(line.Response.Body)
		if err != nil {
			t.Fatal(err)
		}
		body = string(encoded)
	}
	return func(*http.Request) (*http.Response, error) {
		response := httpmock.NewStringResponse(*line.Response.Status, body)
		for key, value := range line.Response.Headers {
			// Other than the clock of this test, that of the recording has moved on.
			if !strings.EqualFold(key, "x-ratelimit-reset") {
				response.Header.Set(key, value)
			}
		}
		return response, nil
	}
}

func succeeded(line transcript.Line) bool {
	body, _ := line.Response.Body.(map[string]any)
	if message, ok := line.Response.Message.(map[string]any); ok {
		_, failed := message["error"]
		return !failed
	}
	return *line.Response.Status == http.StatusOK && body["success"] == true
}

func kindOfRecorded(line transcript.Line) error {
	body, _ := line.Response.Body.(map[string]any)
	if message, ok := line.Response.Message.(map[string]any); ok {
		return kindOfRecordedMethod(message["error"])
	}
	text, _ := body["error"].(string)
	kind, _ := body["errorType"].(string)
	switch *line.Response.Status {
	case http.StatusOK:
		if line.Response.Headers["content-type"] == htmlType {
			return workspace.ErrNoSuchCall
		}
	case http.StatusUnauthorized:
		return workspace.ErrUnauthorized
	case http.StatusForbidden:
		return workspace.ErrForbidden
	case http.StatusNotFound, http.StatusMethodNotAllowed:
		return workspace.ErrNoSuchCall
	case http.StatusTooManyRequests:
		return workspace.ErrRateLimited
	case http.StatusBadRequest:
		switch {
		case kind == "totp-required":
			return workspace.ErrTwoFactorRequired
		case kind == "error-action-not-allowed":
			return workspace.ErrForbidden
		case kind == "totp-invalid":
			return workspace.ErrTwoFactorInvalid
		case body == nil: // a page, to a body that no client of ours sends
			return workspace.ErrNotRocketChat
		case strings.HasSuffix(kind, "invalid-params"), strings.HasPrefix(text, "Match error"):
			return workspace.ErrInvalidRequest
		}
		return workspace.ErrRefused
	}
	return workspace.ErrNotRocketChat
}

func kindOfRecordedMethod(inner any) error {
	failed, _ := inner.(map[string]any)
	if failed["sanitizedError"] != nil {
		return workspace.ErrInvalidRequest
	}
	switch failed["error"] {
	case "error-not-authorized":
		return workspace.ErrForbidden
	case "error-invalid-user":
		return workspace.ErrUnauthorized
	case "error-invalid-payload":
		return workspace.ErrInvalidRequest
	case "too-many-requests":
		return workspace.ErrRateLimited
	case float64(http.StatusNotFound):
		return workspace.ErrNoSuchCall
	case nil:
		return workspace.ErrInternal
	}
	return workspace.ErrRefused
}
