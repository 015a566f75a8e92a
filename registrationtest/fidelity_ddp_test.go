package registrationtest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/coder/websocket"
)

// ddpSocket is a DDP connection to the fake workspace.
type ddpSocket struct{ conn *websocket.Conn }

func (p *play) dial(ctx context.Context) (*ddpSocket, error) {
	conn, response, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(p.workspace.URL(), "http")+"/websocket", nil)
	if response != nil && response.Body != nil {
		_ = response.Body.Close()
	}
	if err != nil {
		return nil, err
	}
	return &ddpSocket{conn}, nil
}

func (s *ddpSocket) send(ctx context.Context, frame any) error {
	text, err := json.Marshal(frame)
	if err != nil {
		return err
	}
	return s.conn.Write(ctx, websocket.MessageText, text)
}

func (s *ddpSocket) receive(ctx context.Context) (map[string]any, error) {
	_, text, err := s.conn.Read(ctx)
	if err != nil {
		return nil, err
	}
	var frame map[string]any
	return frame, json.Unmarshal(text, &frame)
}

// result sends a frame and returns the frame that answers it.
func (s *ddpSocket) result(ctx context.Context, frame map[string]any, answer string) (map[string]any, error) {
	if err := s.send(ctx, frame); err != nil {
		return nil, err
	}
	for {
		received, err := s.receive(ctx)
		if err != nil || received["msg"] == answer {
			return received, err
		}
	}
}

// frames replays a frame of the one connection of a scene.
func (p *play) frames(step *recording) []string {
	ctx := p.t.Context()
	if p.socket == nil {
		socket, err := p.dial(ctx)
		if err != nil {
			return []string{err.Error()}
		}
		p.socket = socket
		p.t.Cleanup(func() { _ = socket.conn.CloseNow() })
	}
	admin := p.workspace.Admin()
	frame := json.RawMessage(bytes.ReplaceAll(step.Request.Body, []byte(`"admin-token"`), []byte(`"`+admin.AuthToken+`"`)))
	if err := p.socket.send(ctx, frame); err != nil {
		return []string{err.Error()}
	}
	var want, got []any
	for _, recorded := range step.Response.Frames {
		received, err := p.socket.receive(ctx)
		if err != nil {
			return []string{fmt.Sprintf("%d frames, want %d: %v", len(got), len(step.Response.Frames), err)}
		}
		want, got = append(want, any(recorded)), append(got, any(received))
	}
	sortFrames(want) // "updated" may come before or after "result"
	sortFrames(got)
	return p.compare("frames", decodedList(want), decodedList(got))
}

func decodedList(frames []any) []any {
	list := make([]any, len(frames))
	for i, frame := range frames {
		list[i] = decoded(frame)
	}
	return list
}

func sortFrames(frames []any) {
	slices.SortStableFunc(frames, func(a, b any) int {
		return strings.Compare(fmt.Sprint(a.(map[string]any)["msg"]), fmt.Sprint(b.(map[string]any)["msg"]))
	})
}

// direct replays a method call that was recorded from the method itself, over a DDP connection of its own.
func (p *play) direct(step *recording) []string {
	ctx, cancel := context.WithCancel(p.t.Context())
	defer cancel()
	p.giveUp = cancel
	answer, err := p.callDirectly(ctx, step)
	if step.Response.ClientError != "" {
		return p.gaveUp(step, err)
	}
	if err != nil {
		return []string{fmt.Sprintf("no reply: %v", err)}
	}
	recorded, _ := step.Response.Body.(map[string]any)
	want, got := map[string]any{}, map[string]any{}
	for _, key := range []string{"result", "error"} {
		if value, ok := recorded[key]; ok {
			want[key] = value
		}
		if value, ok := answer[key]; ok {
			got[key] = value
		}
	}
	return p.compareBodies(want, got)
}

func (p *play) callDirectly(ctx context.Context, step *recording) (map[string]any, error) {
	socket, err := p.dial(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = socket.conn.CloseNow() }()
	if _, err := socket.result(ctx, map[string]any{"msg": "connect", "version": "1", "support": []string{"1"}}, "connected"); err != nil {
		return nil, err
	}
	if step.Request.As != "anon" {
		login := map[string]any{"msg": "method", "method": "login", "id": "login",
			"params": []any{map[string]any{"resume": p.account(step.Request.As).AuthToken}}}
		if _, err := socket.result(ctx, login, "result"); err != nil {
			return nil, err
		}
	}
	var frame map[string]any
	if err := json.Unmarshal(step.Request.Body, &frame); err != nil {
		return nil, err
	}
	frame["id"] = "1"
	return socket.result(ctx, frame, "result")
}
