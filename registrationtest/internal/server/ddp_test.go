package server_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

// dial opens a WebSocket to the server.
func (b *bench) dial() *websocket.Conn {
	b.t.Helper()
	web := httptest.NewServer(b)
	b.t.Cleanup(web.Close)
	b.t.Cleanup(b.Close) // first, or the web server waits for the socket
	conn, _, err := websocket.Dial(b.t.Context(), "ws"+strings.TrimPrefix(web.URL, "http")+"/websocket", nil)
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = conn.CloseNow() })
	return conn
}

// exchange sends a frame and returns the answers, as JSON with its keys in order.
func exchange(t *testing.T, conn *websocket.Conn, frame string, answers int) []string {
	t.Helper()
	if frame != "" {
		if err := conn.Write(t.Context(), websocket.MessageText, []byte(frame)); err != nil {
			t.Fatal(err)
		}
	}
	got := make([]string, 0, answers)
	for range answers {
		_, raw, err := conn.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var object map[string]any
		if err := json.Unmarshal(raw, &object); err != nil {
			t.Fatal(err)
		}
		if object["msg"] == "connected" {
			delete(object, "session")
		}
		text, err := json.Marshal(object)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, string(text))
	}
	return got
}

func TestDDP(t *testing.T) {
	t.Parallel()
	const (
		meteor = `"errorType":"Meteor.Error","isClientSafe":true,`
		id     = `,"id":"1","msg":"result"}`
	)
	updated := `{"methods":["1"],"msg":"updated"}`
	b := newBench(t, "6.13.0")
	conn := b.dial()
	for _, c := range []struct {
		frame string
		want  []string
	}{
		{`{"msg":"ping"}`, []string{`{"msg":"error","offendingMessage":{"msg":"ping"},"reason":"Must connect first"}`}},
		{`nonsense`, []string{`{"msg":"error","reason":"Parse error"}`}},
		{`{"a":1}`, []string{`{"msg":"error","offendingMessage":{"a":1},"reason":"Bad request"}`}},
		{`{"msg":"connect","version":"1","support":["1"]}`, []string{`{"msg":"connected"}`}},
		{`{"msg":"connect","version":"1"}`, []string{`{"msg":"error","offendingMessage":{"msg":"connect","version":"1"},"reason":"Already connected"}`}},
		{`{"msg":"ping","id":"p"}`, []string{`{"id":"p","msg":"pong"}`}},
		{`{"msg":"ping"}`, []string{`{"msg":"pong"}`}},
		{`{"msg":"sub","id":"s"}`, []string{`{"msg":"error","offendingMessage":{"id":"s","msg":"sub"},"reason":"Malformed subscription"}`}},
		{`{"msg":"sub","id":"s","name":"stream-notify-user"}`, []string{`{"msg":"ready","subs":["s"]}`}},
		{`{"msg":"sub","id":"n","name":"nosuch"}`, []string{`{"error":{"error":404,` + meteor +
			`"message":"Subscription 'nosuch' not found [404]","reason":"Subscription 'nosuch' not found"},"id":"n","msg":"nosub"}`}},
		{`{"msg":"unsub","id":"n"}`, nil},
		{`{"msg":"unsub","id":"s"}`, []string{`{"id":"s","msg":"nosub"}`}},
		{`{"msg":"x"}`, []string{`{"msg":"error","offendingMessage":{"msg":"x"},"reason":"Bad request"}`}},
		{`{"msg":"method","id":"x"}`, []string{`{"msg":"error","offendingMessage":{"id":"x","msg":"method"},"reason":"Malformed method invocation"}`}},
		{call("ok", ""), []string{updated, `{"id":"1","msg":"result","result":false}`}},
		{call("nothing", ""), []string{updated, `{"id":"1","msg":"result"}`}},
		{call("date", ""), []string{updated, `{"id":"1","msg":"result","result":{"at":{"$date":1500}}}`}},
		{call("none", ""), []string{`{"error":{"error":404,` + meteor + `"message":"Method 'none' not found [404]","reason":"Method 'none' not found"}` + id, updated}},
		{call("match", ""), []string{updated, `{"error":{"error":400,` + meteor + `"message":"Match failed [400]","reason":"Match failed"}` + id}},
		{call("internal", ""), []string{updated, `{"error":{"error":500,` + meteor + `"message":"Internal server error [500]","reason":"Internal server error"}` + id}},
		{call("login", `{"resume":"nope"}`), []string{updated, `{"error":{"error":403,` + meteor +
			`"message":"You've been logged out by the server. Please log in again. [403]","reason":"You've been logged out by the server. Please log in again."}` + id}},
		{call("login", `{"user":{"username":"mgr"},"password":"wrong"}`), []string{updated, `{"error":{"error":403,` + meteor + `"message":"User not found [403]","reason":"User not found"}` + id}},
		{call("login", ``), []string{updated, `{"error":{"error":400,` + meteor + `"message":"Match failed [400]","reason":"Match failed"}` + id}},
		{call("login", `{"resume":"mgr-token"}`), []string{updated, `{"id":"1","msg":"result","result":{"id":"mgr-id","token":"mgr-token","tokenExpires":{"$date":1775099045000},"type":"resume"}}`}},
		{call("ok", ""), []string{updated, `{"id":"1","msg":"result","result":true}`}},
		{call("logout", ""), []string{updated, `{"id":"1","msg":"result"}`}},
		{call("ok", ""), []string{updated, `{"id":"1","msg":"result","result":false}`}},
	} {
		got := exchange(t, conn, c.frame, len(c.want))
		if strings.Join(got, "\n") != strings.Join(c.want, "\n") {
			t.Errorf("%s gives\n%s\nwant\n%s", c.frame, strings.Join(got, "\n"), strings.Join(c.want, "\n"))
		}
	}
}

// call is a method frame with at most one parameter.
func call(method, param string) string {
	return `{"msg":"method","id":"1","method":"` + method + `","params":[` + param + `]}`
}

func TestDDPServerID(t *testing.T) {
	t.Parallel()
	conn := newBench(t, "4.3.0").dial()
	if got := exchange(t, conn, "", 1)[0]; got != `{"server_id":"0"}` {
		t.Errorf("the first frame of 4.3 is %s", got)
	}
	conn = newBench(t, "4.8.0").dial()
	if got := exchange(t, conn, `{"msg":"connect","version":"1","support":["1"]}`, 1)[0]; got != `{"msg":"connected"}` {
		t.Errorf("the first frame of 4.8 is %s", got)
	}
}

func TestDDPVersion(t *testing.T) {
	t.Parallel()
	conn := newBench(t, "6.13.0").dial()
	if got := exchange(t, conn, `{"msg":"connect","version":"2"}`, 1)[0]; got != `{"msg":"failed","version":"1"}` {
		t.Errorf("an unknown version of DDP gives %s", got)
	}
	if _, _, err := conn.Read(t.Context()); err == nil {
		t.Error("the connection goes on after that")
	}
}

func TestDDPLoginWithACode(t *testing.T) {
	t.Parallel()
	conn := newBench(t, "6.13.0").dial()
	exchange(t, conn, `{"msg":"connect","version":"1","support":["1"]}`, 1)
	login := `{"totp":{"code":"123456","login":{"user":{"username":"mgr"},"password":{"digest":"` + digest("m-pass") + `","algorithm":"sha-256"}}}}`
	got := exchange(t, conn, call("login", login), 2)[1]
	if !strings.Contains(got, `"type":"password"`) || !strings.Contains(got, `"id":"mgr-id"`) {
		t.Errorf("the login gives %s", got)
	}
}

func TestDDPLimit(t *testing.T) {
	t.Parallel()
	conn := newBench(t, "6.13.0").dial()
	exchange(t, conn, `{"msg":"connect","version":"1","support":["1"]}`, 1)
	for range 10 {
		exchange(t, conn, call("ok", ""), 2)
	}
	if got := exchange(t, conn, call("ok", ""), 2)[1]; !strings.Contains(got, `"too-many-requests"`) {
		t.Errorf("the 11th call gives %s", got)
	}
}

func TestWebSocketOnly(t *testing.T) {
	t.Parallel()
	b := newBench(t, "6.13.0")
	if a := b.do("", http.MethodGet, "/websocket", ""); a.status != http.StatusBadRequest {
		t.Errorf("a plain GET gives %d, want 400", a.status)
	}
}

func TestCloseEndsSockets(t *testing.T) {
	t.Parallel()
	b := newBench(t, "6.13.0")
	conn := b.dial()
	b.Close()
	if _, _, err := conn.Read(context.WithoutCancel(t.Context())); err == nil {
		t.Error("the socket is still open")
	}
}
