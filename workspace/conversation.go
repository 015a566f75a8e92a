package workspace

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/coder/websocket"

	"github.com/rcreg/registration/internal/httpclient"
)

// conversation is a DDP session over one WebSocket.
type conversation struct {
	ws    *websocket.Conn
	limit int64
	left  int64 // bytes that may still be read, over all frames
}

// frame is one message of the server. Frames that DDP has and this package has no use for (updated, added, server_id)
// read as frames of their own kind, and are passed over.
type frame struct {
	methodResult
	Reason string `json:"reason"`
}

// readFrame reads the text of one frame.
func readFrame(text []byte) (frame, error) {
	var f frame
	if err := lenient(text, &f); err != nil {
		return frame{}, &frameError{"a frame is not JSON"}
	}
	switch f.Msg {
	case "failed":
		return frame{}, &frameError{"the server speaks another version of the protocol"}
	case "error":
		return frame{}, &frameError{"the server did not understand a frame"}
	}
	return f, nil
}

// connect opens the session: version 1 is what every Meteor server speaks.
func (d *conversation) connect(ctx context.Context) error {
	hello := map[string]any{"msg": "connect", "version": "1", "support": []string{"1"}}
	if err := d.write(ctx, hello); err != nil {
		return err
	}
	_, err := d.await(ctx, func(f frame) bool { return f.Msg == "connected" })
	return err
}

// call calls a method and waits for its result. The "updated" that may come before or after says nothing of interest.
func (d *conversation) call(ctx context.Context, id, method string, params []any) (methodResult, error) {
	if err := d.write(ctx, methodMessage{Msg: "method", ID: id, Method: method, Params: params}); err != nil {
		return methodResult{}, err
	}
	f, err := d.await(ctx, func(f frame) bool { return f.Msg == "result" && f.ID == id })
	return f.methodResult, err
}

// await reads frames until one fits, and answers pings meanwhile: a server drops who does not.
func (d *conversation) await(ctx context.Context, fits func(frame) bool) (frame, error) {
	for {
		f, err := d.read(ctx)
		if err != nil {
			return frame{}, err
		}
		if fits(f) {
			return f, nil
		}
		if f.Msg == "ping" {
			pong := map[string]string{"msg": "pong"}
			if f.ID != "" {
				pong["id"] = f.ID
			}
			if err := d.write(ctx, pong); err != nil {
				return frame{}, err
			}
		}
	}
}

func (d *conversation) read(ctx context.Context) (frame, error) {
	d.ws.SetReadLimit(d.left)
	_, text, err := d.ws.Read(ctx)
	d.left -= int64(len(text))
	switch {
	case errors.Is(err, websocket.ErrMessageTooBig):
		return frame{}, &httpclient.TooLargeError{Limit: d.limit}
	case err != nil:
		return frame{}, lost(ctx, err)
	}
	return readFrame(text)
}

func (d *conversation) write(ctx context.Context, message any) error {
	text, _ := json.Marshal(message) // of texts, and of parameters that are JSON already
	if err := d.ws.Write(ctx, websocket.MessageText, text); err != nil {
		return lost(ctx, err)
	}
	return nil
}

// lost is the error of a conversation that broke off. The end of the context closes the connection, and whether a read then says so or speaks of a
// closed connection is a matter of which came first: it is always said that the context ended.
func lost(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	return &httpclient.LostError{Err: err}
}
