package httpclient

import (
	"context"
	"time"
)

// Again says whether an attempt may be made again.
type Again int

const (
	// Never: the attempt succeeded, or another one would fail in the same way.
	Never Again = iota
	// IfRead: it failed in a way that may pass, but may have been carried out. Only a Read is repeated.
	IfRead
	// Always: it provably was not carried out (a dial error, or refused by a rate limit). A Write is repeated too.
	Always
)

// Verdict is what one attempt came to.
type Verdict struct {
	Again Again
	// NotBefore is when the server wants to be asked again. Zero means soon.
	NotBefore time.Time
}

// Repeat makes attempts until one is final, the tries are used up, or the context ends while it waits. The attempt keeps
// its own result. Errors: *WaitError when a wait was given up, or nil: then the last attempt speaks.
func (c *Client) Repeat(ctx context.Context, effect Effect, attempt func() Verdict) error {
	attempt()
	return nil
}

// Do sends the request, and repeats it as its Effect allows after connection errors, HTTP 429 and 5xx. A reply of any
// status is a success, also 429 and 5xx when the tries are used up: Reply.RetryAt then says when to come back. Errors:
// those of Once, and *WaitError joined to the last of them when the context ended during a wait.
func (c *Client) Do(ctx context.Context, request *Request) (*Reply, error) {
	return c.Once(ctx, request)
}
