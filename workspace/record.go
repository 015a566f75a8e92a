package workspace

import (
	"context"
	"sync"
)

// The protocols that a call can take.
const (
	ProtocolREST       = "REST"
	ProtocolMethodCall = "method.call"
	ProtocolDDP        = "DDP"
)

// Call is one call that was made.
type Call struct {
	// Protocol is ProtocolREST, ProtocolMethodCall or ProtocolDDP.
	Protocol string `json:"protocol"`
	// Name is "GET cloud.registrationStatus" or "cloud:syncWorkspace".
	Name string `json:"name"`
	// Status is the HTTP status of the reply; zero over DDP and when no reply came.
	Status int `json:"status"`
}

// Calls are the calls made under one context, each attempt counted.
type Calls struct {
	mu   sync.Mutex
	list []Call
}

// List returns the calls so far, in order.
func (c *Calls) List() []Call {
	if c == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]Call(nil), c.list...)
}

func (c *Calls) add(call Call) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.list = append(c.list, call)
}

type callsKey struct{}

// Record returns a context whose calls are written down. A nil one stays nil, and no call is made under it.
func Record(ctx context.Context) (context.Context, *Calls) {
	calls := &Calls{}
	if ctx == nil {
		return nil, calls
	}
	return context.WithValue(ctx, callsKey{}, calls), calls
}

// note writes a call down, if calls are recorded.
func note(ctx context.Context, op operation, status int) {
	if calls, ok := ctx.Value(callsKey{}).(*Calls); ok {
		calls.add(Call{Protocol: op.protocol, Name: op.name, Status: status})
	}
}
