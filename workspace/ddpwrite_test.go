package workspace_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/rcreg/registration/workspace"
)

var errBroken = errors.New("broken pipe")

// brokenSockets is a transport whose WebSockets fail at one of their writes, and go on waiting for what the server says.
type brokenSockets struct {
	*http.Transport
	at int
}

func (b brokenSockets) RoundTrip(r *http.Request) (*http.Response, error) {
	reply, err := b.Transport.RoundTrip(r)
	if err != nil || reply.StatusCode != http.StatusSwitchingProtocols {
		return reply, err
	}
	socket, ok := reply.Body.(io.ReadWriteCloser)
	if !ok {
		return nil, errors.New("the body cannot be written")
	}
	reply.Body = &brokenSocket{socket, b.at}
	return reply, nil
}

type brokenSocket struct {
	io.ReadWriteCloser
	left int
}

func (b *brokenSocket) Write(text []byte) (int, error) {
	if b.left--; b.left == 0 {
		return 0, errBroken
	}
	return b.ReadWriteCloser.Write(text)
}

func TestDDPEndsWithAFailedWrite(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		write int
		kind  error
	}{
		"the greeting": {1, workspace.ErrNotSent},
		"the login":    {2, workspace.ErrNotSent},
		"the method":   {3, workspace.ErrReplyLost},
		"a pong":       {4, workspace.ErrReplyLost},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			transport := &http.Transport{}
			t.Cleanup(transport.CloseIdleConnections)
			s := &ddpServer{call: func(map[string]any) []string { return []string{`{"msg":"ping"}`} }}
			client := startDDP(t, s, workspace.WithRoundTripper(brokenSockets{transport, test.write}))
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			if err := client.CallMethod(ctx, "m", nil); !errors.Is(err, test.kind) || !errors.Is(err, errBroken) {
				t.Errorf("got %v", err)
			}
		})
	}
}
