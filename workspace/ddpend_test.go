package workspace_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"github.com/rcreg/registration/internal/hostile"
	"github.com/rcreg/registration/workspace"
)

// overPipe makes a client of a DDP server whose time passes by itself. It belongs into a bubble of synctest.
func overPipe(t *testing.T, s *ddpServer) *workspace.Client {
	t.Helper()
	transport := &http.Transport{DialContext: hostile.NewDialer(t, s.handler())}
	t.Cleanup(transport.CloseIdleConnections)
	client, err := workspace.New("http://chat.example.com/chat", workspace.Token("admin-id", authToken), workspace.WithPlainHTTP(), workspace.WithRoundTripper(transport))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// TestDDPEndsWithItsContext: a server falls silent at any point of the conversation, and does not close the connection.
func TestDDPEndsWithItsContext(t *testing.T) {
	t.Parallel()
	const timeout = 2 * time.Second
	silentAt := func(what string) *ddpServer {
		s := &ddpServer{}
		s.script = func(frame map[string]any) []string {
			if frame["msg"] == what || frame["method"] == what {
				return nil
			}
			usual := ddpServer{}
			return usual.answer(frame)
		}
		return s
	}
	raw := func(text string) *ddpServer {
		return &ddpServer{refuse: func(w http.ResponseWriter, _ *http.Request) {
			connection, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				return
			}
			defer connection.Close()
			_, _ = io.WriteString(connection, text)
			_, _ = io.Copy(io.Discard, connection) // until the client is gone
		}}
	}
	for name, s := range map[string]*ddpServer{
		"no reply":          raw(""),
		"half a head":       raw("HTTP/1.1 101 Switching Protocols\r\nConnection: Up"),
		"another upgrade":   raw("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: nonsense\r\n\r\n"),
		"a wrong handshake": raw("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: x\r\n\r\n"),
		"a refusal":         raw("HTTP/1.1 400 Bad Request\r\nContent-Length: 10\r\n\r\n"),
		"connect":           silentAt("connect"),
		"login":             silentAt("login"),
		"the method":        silentAt("m"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client := overPipe(t, s)
				ctx, cancel := context.WithTimeout(t.Context(), timeout)
				defer cancel()
				begun := time.Now()
				err := client.ReadMethod(ctx, "m", nil)
				if took := time.Since(begun); err == nil || took > timeout {
					t.Errorf("ended after %v with %v", took, err)
				}
			})
		})
	}
}

// TestDDPEndsWithItsContextInAFlood: what a WebSocket sends beside its messages, such as pings, has no limit but the context.
func TestDDPEndsWithItsContextInAFlood(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		over := make(chan struct{})
		client := overPipe(t, &ddpServer{refuse: func(w http.ResponseWriter, r *http.Request) {
			defer close(over)
			ws, err := websocket.Accept(w, r, nil)
			if err != nil {
				return
			}
			defer func() { _ = ws.CloseNow() }()
			go func() { // takes the pongs
				for err := error(nil); err == nil; {
					_, _, err = ws.Read(context.WithoutCancel(ctx))
				}
			}()
			for pings := 0; err == nil; pings++ {
				if pings == 1000 {
					cancel()
				}
				pong, end := context.WithTimeout(context.WithoutCancel(ctx), time.Minute) // the client may be gone
				err = ws.Ping(pong)
				end()
			}
		}})
		if err := client.ReadMethod(ctx, "m", nil); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		<-over
	})
}
