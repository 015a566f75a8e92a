package workspace_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/rcreg/registration/workspace"
)

// Where method.call is not there, DDP is the last protocol, and remembered.
func TestDDPIsTheLastProtocol(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		call func(map[string]any) []string
		kind error
	}{
		"where it succeeds": {nil, nil},
		"where it fails": {func(map[string]any) []string {
			return []string{`{"msg":"result","id":"2","error":{"error":403}}`}
		}, workspace.ErrForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var agents []string
			s := &ddpServer{version: "3.18.0", call: test.call, rest: func(w http.ResponseWriter, r *http.Request) {
				agents = append(agents, r.UserAgent())
				w.Header().Set("Content-Type", "text/plain")
				w.WriteHeader(http.StatusNotFound)
				_, _ = w.Write([]byte("404 Not Found"))
			}}
			client := startDDP(t, s)
			for range 2 {
				if err := client.CallMethod(t.Context(), "m", nil); !errors.Is(err, test.kind) {
					t.Errorf("got %v", err)
				}
			}
			if len(agents) != 1 || s.connections() != 2 || s.agents[0] != agents[0] {
				t.Errorf("asked method.call as %v, DDP as %v", agents, s.agents)
			}
		})
	}
}

func TestDDPIsNotTriedInVain(t *testing.T) {
	t.Parallel()
	jsonReply := func(body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", jsonType)
			_, _ = w.Write([]byte(body))
		}
	}
	noMethod := `{"success":true,"message":"{\"msg\":\"result\",\"error\":{\"error\":404,\"reason\":\"Method 'm' not found\"}}"}`
	page := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", htmlType)
		_, _ = w.Write([]byte(somePage))
	}
	refuse := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write([]byte("404 Not Found"))
	}
	tests := map[string]struct {
		server      *ddpServer
		kind        error
		connections int
	}{
		"the method is not there": {&ddpServer{version: "6.4.0", rest: jsonReply(noMethod)}, workspace.ErrNoSuchCall, 0},
		"refused by the endpoint": {&ddpServer{version: "6.4.0", rest: jsonReply(`{"success":false,"error":"not now"}`)}, workspace.ErrRefused, 0},
		"perhaps carried out":     {&ddpServer{version: "3.18.0", rest: page}, workspace.ErrNoSuchCall, 0},
		"no DDP either":           {&ddpServer{version: "3.18.0", refuse: refuse}, workspace.ErrNoSuchCall, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := startDDP(t, test.server)
			err := client.CallMethod(t.Context(), "m", nil)
			if failed := failure(t, err); !errors.Is(failed.Kind, test.kind) || failed.Status == 0 {
				t.Errorf("got %v", err)
			}
			if got := test.server.connections(); got != test.connections {
				t.Errorf("made %d connections", got)
			}
		})
	}
}
