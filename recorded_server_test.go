package registration_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"github.com/rcreg/registration/internal/transcript"
)

// recordedServer answers with recorded replies, in the order of its script, the last one again and again; it fails the test when another call comes than the one
// that was recorded.
type recordedServer struct {
	*httptest.Server
	t    *testing.T
	info transcript.Line

	mu     sync.Mutex
	script []transcript.Line
	last   transcript.Line
}

func newRecordedServer(t *testing.T, info transcript.Line, script []transcript.Line) *recordedServer {
	t.Helper()
	s := &recordedServer{t: t, info: info, script: script}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

// next takes the next line of the script, if it records the call that came.
func (s *recordedServer) next(call string) (transcript.Line, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.script) == 0 && callOf(s.last) == call {
		return s.last, true // a status may be looked at again
	}
	if len(s.script) == 0 {
		s.t.Errorf("%s came after the end of the script", call)
		return transcript.Line{}, false
	}
	line := s.script[0]
	if recorded := callOf(line); recorded != call {
		s.t.Errorf("%s came, the script has %s (%s / %s)", call, recorded, line.Scenario, line.Step)
		return transcript.Line{}, false
	}
	s.script, s.last = s.script[1:], line
	sameIdentity(line)
	return line, true
}

// sameIdentity gives a recorded status the unique id of all others: the scenarios of 8.6.1 were recorded on several workspaces.
func sameIdentity(line transcript.Line) {
	if line.Scenario == "fingerprint" {
		return
	}
	for _, outer := range []any{line.Response.Body, line.Response.Message} {
		for _, key := range []string{"registrationStatus", "result"} {
			if fields, ok := outer.(map[string]any); ok {
				if status, ok := fields[key].(map[string]any); ok && status["uniqueId"] != nil {
					status["uniqueId"] = "the-same-for-all"
				}
			}
		}
	}
}

// left returns how much of the script was not asked for.
func (s *recordedServer) left() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.script)
}

func (s *recordedServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/api/info":
		reply(w, s.info, "")
		return
	case "/websocket":
		s.serveDDP(w, r)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		s.t.Error(err)
		return
	}
	call := r.Method + " " + strings.TrimPrefix(r.URL.Path, "/api/v1/")
	var id string
	if method, ok := strings.CutPrefix(call, "POST method.call/"); ok {
		call, id = method, messageID(s.t, body)
	}
	if line, ok := s.next(call); ok {
		reply(w, line, id)
	} else {
		http.Error(w, "not in the script", http.StatusTeapot)
	}
}

// serveDDP plays a Meteor server: the recordings of 3.0 hold what methods returned, not their frames.
func (s *recordedServer) serveDDP(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		s.t.Error(err)
		return
	}
	defer conn.CloseNow()
	for {
		var frame struct {
			Msg    string `json:"msg"`
			Method string `json:"method"`
			ID     string `json:"id"`
		}
		if err := wsjson.Read(r.Context(), conn, &frame); err != nil {
			return
		}
		answer := map[string]any{"msg": "connected", "session": "s"}
		if frame.Msg == "method" {
			answer = map[string]any{"msg": "result", "id": frame.ID, "result": map[string]any{"id": "u", "token": "t"}}
			if frame.Method != "login" {
				line, ok := s.next(frame.Method)
				if !ok {
					return
				}
				outcome, answered := line.Response.Body.(map[string]any)
				if !answered {
					return // the recorded client gave up
				}
				for _, key := range []string{"result", "error"} {
					delete(answer, key)
					if value, ok := outcome[key]; ok {
						answer[key] = value
					}
				}
			}
		}
		if err := wsjson.Write(r.Context(), conn, answer); err != nil {
			return
		}
	}
}

// callOf names a recorded call as the server above names one that came.
func callOf(line transcript.Line) string {
	if line.Via == "ddp-direct" {
		var body struct {
			Method string `json:"method"`
		}
		_ = json.Unmarshal(line.Request.Body, &body)
		return body.Method
	}
	path, _, _ := strings.Cut(line.Request.Path, "?")
	path, _ = url.PathUnescape(strings.TrimPrefix(path, "/api/v1/"))
	if method, ok := strings.CutPrefix(path, "method.call/"); ok {
		return method
	}
	return line.Request.Method + " " + path
}

// reply writes a recorded reply. A method's answer bears the id of the call that came.
func reply(w http.ResponseWriter, line transcript.Line, id string) {
	for name, value := range line.Response.Headers {
		if !strings.EqualFold(name, "content-length") {
			w.Header().Set(name, value)
		}
	}
	if line.Response.Status == nil {
		panic(http.ErrAbortHandler) // the recorded client gave up
	}
	body := line.Response.Body
	if outer, ok := body.(map[string]any); ok && id != "" {
		if inner, ok := line.Response.Message.(map[string]any); ok {
			inner["id"] = id
			message, _ := json.Marshal(inner)
			outer["message"] = string(message)
		}
	}
	w.WriteHeader(*line.Response.Status)
	if text, ok := body.(string); ok {
		fmt.Fprint(w, text)
		return
	}
	_ = json.NewEncoder(w).Encode(body)
}

func messageID(t *testing.T, body []byte) string {
	t.Helper()
	var outer struct {
		Message string `json:"message"`
	}
	var inner struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(body, &outer) != nil || json.Unmarshal([]byte(outer.Message), &inner) != nil {
		t.Errorf("not a method.call: %s", body)
	}
	return inner.ID
}
