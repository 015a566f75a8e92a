package server

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"github.com/coder/websocket"
)

// queued is how many method calls of one connection may wait for their turn.
const queued = 64

// ddpSession is one DDP connection. Its methods run one after the other, as Meteor's do; pings are answered meanwhile.
type ddpSession struct {
	server  *Server
	conn    *websocket.Conn
	address string
	id      string // "" until it is connected
	user    *User  // nil until a user has logged in; used by the worker alone
	token   string
	calls   chan map[string]any
	subs    map[string]bool // the ids of what is subscribed to; used by the reader alone
}

func newDDPSession(s *Server, conn *websocket.Conn, address string) *ddpSession {
	return &ddpSession{server: s, conn: conn, address: address, calls: make(chan map[string]any, queued), subs: map[string]bool{}}
}

// run answers frames until the connection or the server is closed.
func (d *ddpSession) run(ctx context.Context) {
	var worker sync.WaitGroup
	worker.Go(func() {
		for frame := range d.calls {
			d.runMethod(ctx, frame)
		}
	})
	defer worker.Wait()
	defer close(d.calls)
	if d.server.release.Before("4.8") {
		d.send(ctx, map[string]any{"server_id": "0"})
	}
	for {
		_, raw, err := d.conn.Read(ctx)
		if err != nil || !d.receive(ctx, raw) {
			return
		}
	}
}

func (d *ddpSession) send(ctx context.Context, frame map[string]any) {
	text, err := encodeJSON(frame)
	if err != nil {
		return
	}
	_ = d.conn.Write(ctx, websocket.MessageText, text) // the next read notices that the client left
}

func (d *ddpSession) sendError(ctx context.Context, reason string, offending map[string]any) {
	frame := map[string]any{"msg": "error", "reason": reason}
	if offending != nil {
		frame["offendingMessage"] = offending
	}
	d.send(ctx, frame)
}

// receive handles one frame, and returns false when the connection is over.
func (d *ddpSession) receive(ctx context.Context, raw []byte) bool {
	var frame map[string]any
	if err := json.Unmarshal(raw, &frame); err != nil {
		d.sendError(ctx, "Parse error", nil)
		return true
	}
	kind, _ := frame["msg"].(string)
	switch {
	case kind == "":
		d.sendError(ctx, "Bad request", frame)
	case kind == "connect":
		return d.connect(ctx, frame)
	case d.id == "":
		d.sendError(ctx, "Must connect first", frame)
	case kind == "ping":
		d.send(ctx, withID(map[string]any{"msg": "pong"}, frame))
	case kind == "pong":
	case kind == "sub":
		d.subscribe(ctx, frame)
	case kind == "unsub":
		d.unsubscribe(ctx, frame)
	case kind == "method" && wellFormed(frame):
		return d.enqueue(ctx, frame)
	case kind == "method":
		d.sendError(ctx, "Malformed method invocation", frame)
	default:
		d.sendError(ctx, "Bad request", frame)
	}
	return true
}

// subscribe answers a subscription: ready at once, for there is nothing to publish here, or nosub for an unknown name.
func (d *ddpSession) subscribe(ctx context.Context, frame map[string]any) {
	id, isText := frame["id"].(string)
	name, isName := frame["name"].(string)
	switch {
	case !isText || !isName:
		d.sendError(ctx, "Malformed subscription", frame)
	case !published(name):
		missing := &MeteorError{Code: 404, Reason: "Subscription '" + name + "' not found"}
		d.send(ctx, map[string]any{"msg": "nosub", "id": id, "error": meteorError(missing)})
	case !d.subs[id]: // a second one with the same id is not answered
		d.subs[id] = true
		d.send(ctx, map[string]any{"msg": "ready", "subs": []any{id}})
	}
}

// published reports whether the server has a publication: the streams, and what every Meteor server has.
func published(name string) bool {
	switch name {
	case "meteor.loginServiceConfiguration", "meteor_autoupdate_clientVersions":
		return true
	}
	return strings.HasPrefix(name, "stream-")
}

// unsubscribe ends a subscription, which is told only when there was one.
func (d *ddpSession) unsubscribe(ctx context.Context, frame map[string]any) {
	id, _ := frame["id"].(string)
	if d.subs[id] {
		delete(d.subs, id)
		d.send(ctx, map[string]any{"msg": "nosub", "id": id})
	}
}

func (d *ddpSession) enqueue(ctx context.Context, frame map[string]any) bool {
	select {
	case d.calls <- frame:
		return true
	case <-ctx.Done():
		return false
	}
}

func withID(answer, frame map[string]any) map[string]any {
	if id, ok := frame["id"]; ok {
		answer["id"] = id
	}
	return answer
}

func (d *ddpSession) connect(ctx context.Context, frame map[string]any) bool {
	if d.id != "" {
		d.sendError(ctx, "Already connected", frame)
		return true
	}
	if version, _ := frame["version"].(string); !slices.Contains([]string{"1", "pre2", "pre1"}, version) {
		d.send(ctx, map[string]any{"msg": "failed", "version": "1"})
		return false
	}
	d.id = randomText(13)
	d.send(ctx, map[string]any{"msg": "connected", "session": d.id})
	return true
}

func wellFormed(frame map[string]any) bool {
	_, id := frame["id"].(string)
	_, name := frame["method"].(string)
	params, present := frame["params"]
	_, list := params.([]any)
	return id && name && (list || !present)
}

// runMethod runs a method and sends its result. "updated" comes first, except for a method that does not exist.
func (d *ddpSession) runMethod(ctx context.Context, frame map[string]any) {
	message := newMethodMessage(frame)
	if message.Params == nil {
		message.Params = []json.RawMessage{}
	}
	updated := map[string]any{"msg": "updated", "methods": []any{frame["id"]}}
	answer := map[string]any{"msg": "result", "id": frame["id"]}
	if !d.knows(message.Name) {
		answer["error"] = meteorError(noSuchMethod(message.Name))
		d.send(ctx, answer)
		d.send(ctx, updated)
		return
	}
	result, err := d.call(message)
	if err != nil {
		answer["error"] = socketMethodError(err)
	} else if result != (Undefined{}) {
		answer["result"] = ejsonTimes(result)
	}
	d.send(ctx, updated)
	d.send(ctx, answer)
}

func (d *ddpSession) knows(name string) bool {
	_, ok := d.server.method(name)
	return ok || name == "login" || name == "logout"
}

func (d *ddpSession) call(message methodMessage) (any, error) {
	switch message.Name {
	case "login":
		if err := d.server.limitMethod(message.Name, d.id); err != nil {
			return nil, err
		}
		user, token, result, err := d.server.loginMethod(message.Params)
		if err == nil {
			d.user, d.token = user, token
		}
		return result, err
	case "logout":
		d.server.accounts.close(d.token)
		d.user, d.token = nil, ""
		return Undefined{}, nil
	}
	request := &Request{Context: d.server.ctx, Caller: d.user, Address: d.address}
	return d.server.runMethod(request, message, d.id)
}
