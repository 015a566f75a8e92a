package workspace_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/coder/websocket"

	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/workspace"
)

// ddpServer is a workspace that speaks DDP as a test tells it to.
type ddpServer struct {
	*httptest.Server
	version string
	// script answers one frame of the client with any number of frames. Nil means the usual conversation.
	script func(frame map[string]any) []string
	// call answers the method behind the usual conversation. Nil means a result of true.
	call func(frame map[string]any) []string
	// refuse answers in place of the WebSocket. Nil means to accept.
	refuse http.HandlerFunc
	// rest answers below /api/v1/. Nil means the page of the web client.
	rest http.HandlerFunc

	mu     sync.Mutex
	frames []map[string]any
	agents []string
}

// startDDP starts a server under a sub-path, and a client of it.
func startDDP(t *testing.T, s *ddpServer, options ...workspace.Option) *workspace.Client {
	t.Helper()
	s.Server = httptest.NewServer(s.handler())
	t.Cleanup(s.Close)
	options = append([]workspace.Option{workspace.WithClock(registrationtest.NewClock(start))}, options...)
	client, err := workspace.New(s.URL+"/chat/", workspace.Token("admin-id", authToken), options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// The context of the test has ended by now.
		if err := client.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return client
}

// handler serves the workspace under the sub-path /chat.
func (s *ddpServer) handler() http.Handler {
	if s.version == "" {
		s.version = "3.0.0"
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/chat/api/info", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", jsonType)
		_, _ = w.Write([]byte(`{"version":"` + s.version + `","success":true}`))
	})
	mux.HandleFunc("/chat/websocket", s.serveSocket)
	mux.HandleFunc("/chat/", func(w http.ResponseWriter, r *http.Request) {
		if s.rest != nil {
			s.rest(w, r)
			return
		}
		w.Header().Set("Content-Type", htmlType)
		_, _ = w.Write([]byte(webClientPage))
	})
	return mux
}

func (s *ddpServer) serveSocket(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.agents = append(s.agents, r.UserAgent())
	s.mu.Unlock()
	if s.refuse != nil {
		s.refuse(w, r)
		return
	}
	ws, err := websocket.Accept(w, r, nil)
	if err != nil {
		return
	}
	defer func() { _ = ws.CloseNow() }()
	ctx := context.WithoutCancel(r.Context())
	for {
		_, text, err := ws.Read(ctx)
		if err != nil {
			return
		}
		var frame map[string]any
		if json.Unmarshal(text, &frame) != nil {
			return
		}
		s.mu.Lock()
		s.frames = append(s.frames, frame)
		s.mu.Unlock()
		for _, answer := range s.answer(frame) {
			if answer == hangUp {
				return
			}
			if ws.Write(ctx, websocket.MessageText, []byte(answer)) != nil {
				return
			}
		}
	}
}

// hangUp in the place of a frame ends the connection.
const hangUp = "hang up"

func (s *ddpServer) answer(frame map[string]any) []string {
	if s.script != nil {
		return s.script(frame)
	}
	id, _ := frame["id"].(string)
	switch {
	case frame["msg"] == "connect":
		return []string{`{"server_id":"0"}`, `{"msg":"connected","session":"s"}`}
	case frame["method"] == "login":
		return []string{
			`{"msg":"added","collection":"users","id":"admin-id"}`,
			`{"msg":"result","id":"` + id + `","result":{"id":"admin-id","tokenExpires":{"$date":1}}}`,
			`{"msg":"updated","methods":["` + id + `"]}`,
		}
	case frame["msg"] == "method" && s.call != nil:
		return s.call(frame)
	case frame["msg"] == "method":
		return []string{`{"msg":"updated","methods":["` + id + `"]}`, `{"msg":"result","id":"` + id + `","result":true}`}
	}
	return nil
}

// asked are the frames that came so far.
func (s *ddpServer) asked() []map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]map[string]any(nil), s.frames...)
}

// connections is how many WebSockets were asked for.
func (s *ddpServer) connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.agents)
}
