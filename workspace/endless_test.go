package workspace_test

import (
	"context"
	"errors"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/coder/websocket"

	"github.com/rcreg/registration/internal/hostile"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/workspace"
)

// An endless reply is read up to mostReply; slack is what a read may bring along.
const mostReply, slack = 64 << 10, 64 << 10

// piped is a client whose workspace is a handler behind connections without buffers: what was sent, was read.
func piped(t *testing.T, credentials workspace.Credentials, handler http.Handler) *workspace.Client {
	t.Helper()
	transport := &http.Transport{DialContext: hostile.NewDialer(t, handler), MaxResponseHeaderBytes: mostReply}
	t.Cleanup(transport.CloseIdleConnections)
	client, err := workspace.New("http://localhost", credentials, workspace.WithRoundTripper(transport),
		workspace.WithMaxReply(mostReply), workspace.WithClock(registrationtest.NewClock(start)))
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// saysVersion answers api/info, and leaves everything else to another handler.
func saysVersion(version string, rest http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", rest)
	mux.HandleFunc("GET /api/info", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", jsonType)
		_, _ = w.Write([]byte(`{"version":"` + version + `","success":true}`))
	})
	return mux
}

func TestEndlessRepliesAreCutOff(t *testing.T) {
	t.Parallel()
	token, password := workspace.Token("admin-id", authToken), workspace.Password("admin", authToken)
	calls := map[string]struct {
		who  workspace.Credentials
		info bool // the flood is the reply to api/info
		call func(context.Context, *workspace.Client) error
	}{
		"api/info": {token, true, func(ctx context.Context, c *workspace.Client) error { _, err := c.Info(ctx); return err }},
		"GET":      {token, false, func(ctx context.Context, c *workspace.Client) error { return c.Get(ctx, "x", nil, new(any)) }},
		"POST":     {token, false, func(ctx context.Context, c *workspace.Client) error { return c.Post(ctx, "x", nil, nil) }},
		"method":   {token, false, func(ctx context.Context, c *workspace.Client) error { return c.CallMethod(ctx, "m", nil) }},
		"login":    {password, false, func(ctx context.Context, c *workspace.Client) error { return c.Get(ctx, "x", nil, nil) }},
	}
	for call, test := range calls {
		for name, flood := range hostile.Floods() {
			t.Run(call+", "+name, func(t *testing.T) {
				t.Parallel()
				handler := saysVersion("6.4.0", flood)
				if test.info {
					handler = flood
				}
				failed := failure(t, test.call(t.Context(), piped(t, test.who, handler)))
				want, tries := workspace.ErrBadReply, int64(1)
				if strings.HasPrefix(failed.Err.Error(), "no reply") { // the head never ended: a read is repeated
					want, tries = workspace.ErrReplyLost, 5
				}
				if !errors.Is(failed, want) && !errors.Is(failed, workspace.ErrNotSent) {
					t.Errorf("got %v", failed)
				}
				if sent := flood.Sent.Load(); sent > tries*(mostReply+slack) {
					t.Errorf("read %d bytes", sent)
				}
			})
		}
	}
}

// TestEndlessFramesAreCutOff: a message of a WebSocket that never ends, and messages that never end.
func TestEndlessFramesAreCutOff(t *testing.T) {
	t.Parallel()
	piece := []byte(strings.Repeat("a", 4096))
	frame := []byte(`{"msg":"added","fields":"` + strings.Repeat("a", 4000) + `"}`)
	tests := map[string]func(ctx context.Context, ws *websocket.Conn) (int, error){
		"one message": func(ctx context.Context, ws *websocket.Conn) (sent int, err error) {
			w, err := ws.Writer(ctx, websocket.MessageText)
			for err == nil {
				_, err = w.Write(piece)
				sent += len(piece)
			}
			return sent, err
		},
		"messages": func(ctx context.Context, ws *websocket.Conn) (sent int, err error) {
			for err == nil {
				err = ws.Write(ctx, websocket.MessageText, frame)
				sent += len(frame)
			}
			return sent, err
		},
	}
	for name, pour := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sent, done := new(atomic.Int64), make(chan struct{})
			client := piped(t, workspace.Token("admin-id", authToken), saysVersion("3.0.0", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				defer close(done)
				ws, err := websocket.Accept(w, r, nil)
				if err != nil {
					return
				}
				defer func() { _ = ws.CloseNow() }()
				ctx := context.WithoutCancel(r.Context())
				if _, _, err := ws.Read(ctx); err != nil { // the greeting, which waits to be read
					return
				}
				n, _ := pour(ws.CloseRead(ctx), ws) // it ends with an error, always
				sent.Store(int64(n))
			})))
			failed := failure(t, client.CallMethod(t.Context(), "m", nil))
			<-done
			if !errors.Is(failed, workspace.ErrBadReply) || failed.MayHaveRun {
				t.Errorf("got %v", failed)
			}
			if sent.Load() > mostReply+slack {
				t.Errorf("read %d bytes", sent.Load())
			}
		})
	}
}

// TestDecodingStaysBounded: JSON of a few bytes can stand for many in memory, so what is allocated for the largest reply has a bound.
func TestDecodingStaysBounded(t *testing.T) { //nolint:paralleltest // it measures the memory of the whole process
	const size, most = 4<<20 - 100, 64 * 4 << 20
	m := newMocked(t, "6.4.0")
	m.mock.RegisterNoResponder(respond(http.StatusOK, jsonType, string(hostile.Amplified(size))))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	var out map[string]any
	if err := m.Get(t.Context(), "x", nil, &out); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > most {
		t.Errorf("allocated %d bytes", grown)
	}
}
