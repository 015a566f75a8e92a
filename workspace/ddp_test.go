package workspace_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/rcreg/registration/workspace"
)

func TestMethodOverDDP(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	s := &ddpServer{}
	client := startDDP(t, s, workspace.WithUserAgent("tool/1.0"),
		workspace.WithLogger(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))))
	ctx, calls := workspace.Record(t.Context())
	var done bool
	if err := client.CallMethod(ctx, "cloud:connectWorkspace", &done, "reg-token"); err != nil || !done {
		t.Fatalf("got %v, %v", done, err)
	}
	frames, err := json.Marshal(s.asked())
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"msg":"connect","support":["1"],"version":"1"},` +
		`{"id":"1","method":"login","msg":"method","params":[{"resume":"` + authToken + `"}]},` +
		`{"id":"2","method":"cloud:connectWorkspace","msg":"method","params":["reg-token"]}]`
	if string(frames) != want {
		t.Errorf("sent %s", frames)
	}
	list := calls.List()
	if len(list) != 2 || list[1] != (workspace.Call{Protocol: workspace.ProtocolDDP, Name: "cloud:connectWorkspace"}) {
		t.Errorf("recorded %v", list)
	}
	if s.agents[0] != "tool/1.0" {
		t.Errorf("User-Agent is %q", s.agents[0])
	}
	if out := log.String(); !strings.Contains(out, "/chat/websocket") || strings.Contains(out, "error=") || strings.Contains(out, authToken) || strings.Contains(out, "reg-token") {
		t.Errorf("the log is %s", out)
	}
}

func TestDDPAnswersPings(t *testing.T) {
	t.Parallel()
	s := &ddpServer{}
	s.script = func(frame map[string]any) []string {
		switch {
		case frame["msg"] == "connect":
			return []string{`{"msg":"ping"}`}
		case frame["msg"] == "pong" && frame["id"] == nil:
			return []string{`{"msg":"connected"}`}
		case frame["method"] == "login":
			return []string{`{"msg":"result","id":"1","result":{}}`}
		case frame["method"] == "m":
			return []string{`{"msg":"ping","id":"p1"}`}
		case frame["id"] == "p1":
			return []string{`{"msg":"result","id":"other","result":false}`, `{"msg":"added","collection":"users","id":"2"}`, `{"msg":"result","id":"2","result":true}`}
		}
		return nil
	}
	client := startDDP(t, s)
	var done bool
	if err := client.ReadMethod(t.Context(), "m", &done); err != nil || !done {
		t.Fatalf("got %v, %v", done, err)
	}
}

// TestDDPTakesNoResultOfAnotherCall: one without an id, or with another, is not the answer, for the login as for the method.
func TestDDPTakesNoResultOfAnotherCall(t *testing.T) {
	t.Parallel()
	for name, id := range map[string]string{"no id": "", "an empty id": `"id":"",`, "another id": `"id":"7",`, "a number": `"id":2,`, "the login's id": `"id":"1",`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			foreign := `{"msg":"result",` + id + `"result":{"said":"by another call"}}`
			client := startDDP(t, &ddpServer{call: func(map[string]any) []string {
				return []string{foreign, `{"msg":"result","id":"2","result":{"said":"by the method"}}`}
			}})
			var result struct{ Said string }
			if err := client.ReadMethod(t.Context(), "m", &result); err != nil || result.Said != "by the method" {
				t.Errorf("got %q, %v", result.Said, err)
			}
			s := &ddpServer{}
			s.script = func(frame map[string]any) []string {
				usual := ddpServer{}
				if frame["method"] == "login" && id != `"id":"1",` {
					return []string{`{"msg":"result",` + id + `"error":{"error":403}}`, `{"msg":"result","id":"1","result":{}}`}
				}
				return usual.answer(frame)
			}
			if err := startDDP(t, s).CallMethod(t.Context(), "m", nil); err != nil {
				t.Errorf("login: got %v", err)
			}
		})
	}
}

func TestDDPMethodErrors(t *testing.T) {
	t.Parallel()
	for name, test := range innerErrors() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := startDDP(t, &ddpServer{call: func(map[string]any) []string {
				return []string{`{"msg":"result","id":"2","error":` + test.inner + `}`}
			}})
			failed := failure(t, client.CallMethod(t.Context(), "m", nil))
			if !errors.Is(failed.Kind, test.kind) || failed.Code != test.code || failed.Message != test.message || failed.MayHaveRun {
				t.Errorf("got %v, %q, %q", failed.Kind, failed.Code, failed.Message)
			}
		})
	}
}

func TestDDPFailures(t *testing.T) {
	t.Parallel()
	reply := func(text string) func(map[string]any) []string {
		return func(map[string]any) []string { return []string{text} }
	}
	afterConnect := func(text string) func(map[string]any) []string {
		return func(frame map[string]any) []string {
			if frame["msg"] == "connect" {
				return []string{`{"msg":"connected"}`}
			}
			return []string{text}
		}
	}
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	big := `{"msg":"added","x":"` + strings.Repeat("x", 4096) + `"}`
	many := func(map[string]any) []string {
		list := make([]string, 10)
		for i := range list {
			list[i] = `{"msg":"added","x":"` + strings.Repeat("x", 1000) + `"}`
		}
		return list
	}
	tests := map[string]struct {
		server     *ddpServer
		kind       error
		mayHaveRun bool
	}{
		"no WebSocket":       {&ddpServer{refuse: status(404)}, workspace.ErrNotRocketChat, false},
		"a page":             {&ddpServer{refuse: status(200)}, workspace.ErrNotRocketChat, false},
		"refused by a proxy": {&ddpServer{refuse: status(503)}, workspace.ErrNotSent, false},
		"refused inside":     {&ddpServer{refuse: status(500)}, workspace.ErrNotSent, false},
		"limited":            {&ddpServer{refuse: status(429)}, workspace.ErrRateLimited, false},
		"redirect": {&ddpServer{refuse: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://evil.example.com/", http.StatusFound)
		}}, workspace.ErrAddress, false},
		"dropped":                  {&ddpServer{refuse: func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }}, workspace.ErrNotSent, false},
		"hangs up at once":         {&ddpServer{script: reply(hangUp)}, workspace.ErrNotSent, false},
		"another version":          {&ddpServer{script: reply(`{"msg":"failed","version":"2"}`)}, workspace.ErrBadReply, false},
		"not JSON":                 {&ddpServer{script: reply(`<html>`)}, workspace.ErrBadReply, false},
		"too large a greeting":     {&ddpServer{script: reply(big)}, workspace.ErrBadReply, false},
		"hangs up at login":        {&ddpServer{script: afterConnect(hangUp)}, workspace.ErrNotSent, false},
		"wrong token":              {&ddpServer{script: afterConnect(`{"msg":"result","id":"1","error":{"error":403,"reason":"You've been logged out by the server. Please log in again."}}`)}, workspace.ErrUnauthorized, false},
		"login fails inside":       {&ddpServer{script: afterConnect(`{"msg":"result","id":"1","error":{}}`)}, workspace.ErrInternal, false},
		"hangs up in the method":   {&ddpServer{call: reply(hangUp)}, workspace.ErrReplyLost, true},
		"error frame":              {&ddpServer{call: reply(`{"msg":"error","reason":"Malformed method invocation"}`)}, workspace.ErrBadReply, true},
		"result not JSON":          {&ddpServer{call: reply(`{"msg":"resu`)}, workspace.ErrBadReply, true},
		"too large a result":       {&ddpServer{call: reply(big)}, workspace.ErrBadReply, true},
		"frames without an end":    {&ddpServer{call: many}, workspace.ErrBadReply, true},
		"a result of another type": {&ddpServer{call: reply(`{"msg":"result","id":"2","result":"x"}`)}, workspace.ErrBadReply, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := startDDP(t, test.server, workspace.WithMaxReply(2048))
			var out bool
			err := client.CallMethod(t.Context(), "m", &out)
			failed := failure(t, err)
			if !errors.Is(failed.Kind, test.kind) || failed.MayHaveRun != test.mayHaveRun {
				t.Errorf("got %v, may have run %v", err, failed.MayHaveRun)
			}
			if limited := errors.Is(test.kind, workspace.ErrRateLimited); !limited && errors.Is(err, workspace.ErrNotSent) == test.mayHaveRun {
				t.Errorf("%v says wrongly whether the call has left", err)
			}
			if strings.Contains(err.Error(), authToken) || failed.Operation != "m" {
				t.Errorf("got %q", err)
			}
		})
	}
}

func TestDDPWhereNothingListens(t *testing.T) {
	t.Parallel()
	s := &ddpServer{}
	client := startDDP(t, s)
	if _, err := client.Version(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.Close()
	err := client.CallMethod(t.Context(), "m", nil)
	if !errors.Is(err, workspace.ErrNotSent) || errors.Is(err, workspace.ErrReplyLost) || strings.Count(err.Error(), "not sent") != 1 {
		t.Errorf("got %v", err)
	}
}

func TestDDPFailureIsInTheLog(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	s := &ddpServer{refuse: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) }}
	client := startDDP(t, s, workspace.WithLogger(slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))))
	_ = failure(t, client.CallMethod(t.Context(), "m", nil))
	if !strings.Contains(log.String(), "error=*workspace.Error") {
		t.Errorf("the log is %s", log.String())
	}
}

func TestDDPStopsWithTheContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	client := startDDP(t, &ddpServer{call: func(map[string]any) []string {
		cancel()
		return nil
	}})
	err := client.CallMethod(ctx, "m", nil)
	if !errors.Is(err, context.Canceled) || !errors.Is(err, workspace.ErrReplyLost) {
		t.Errorf("got %v", err)
	}
	err = client.CallMethod(ctx, "m", nil)
	if !errors.Is(err, context.Canceled) || !errors.Is(err, workspace.ErrNotSent) {
		t.Errorf("got %v", err)
	}
}

func TestDDPReadIsRepeated(t *testing.T) {
	t.Parallel()
	s := &ddpServer{}
	s.call = func(map[string]any) []string {
		if s.connections() < 3 {
			return []string{hangUp}
		}
		return []string{`{"msg":"result","id":"2","result":true}`}
	}
	client := startDDP(t, s)
	if err := client.ReadMethod(t.Context(), "m", nil); err != nil || s.connections() != 3 {
		t.Errorf("made %d connections: %v", s.connections(), err)
	}
}

func TestDDPSecondFactor(t *testing.T) {
	t.Parallel()
	s := &ddpServer{}
	s.call = func(frame map[string]any) []string {
		params, _ := frame["params"].([]any)
		if len(params) == 1 {
			return []string{`{"msg":"result","id":"2","error":{"error":"totp-required","reason":"TOTP Required","details":{"method":"totp"}}}`}
		}
		factor, _ := params[1].(map[string]any)
		if factor["twoFactorCode"] != "654321" || factor["twoFactorMethod"] != "totp" {
			return []string{`{"msg":"result","id":"2","error":{"error":"totp-invalid"}}`}
		}
		return []string{`{"msg":"result","id":"2","result":true}`}
	}
	client := startDDP(t, s, code("654321"))
	if err := client.CallMethod(t.Context(), "m", nil, "p"); err != nil {
		t.Error(err)
	}
}
