package httpclient

import (
	"context"
	"io"
	"net/http"
	"sync"
)

// bound is a RoundTripper whose replies end with the context of their request. net/http sees to that itself, but for a reply with status 101, which hands
// over the raw connection; a RoundTripper that a user wrote may return a body that blocks for ever.
type bound struct{ base http.RoundTripper }

// RoundTrip lets the end of the context close the body.
func (b bound) RoundTrip(request *http.Request) (*http.Response, error) {
	reply, err := b.base.RoundTrip(request)
	ctx := request.Context()
	if err != nil || reply == nil || reply.Body == nil || ctx.Done() == nil {
		return reply, err
	}
	body := &boundBody{ReadCloser: reply.Body, ctx: ctx}
	body.release = context.AfterFunc(ctx, body.shut)
	reply.Body = body
	if writer, ok := body.ReadCloser.(io.Writer); ok { // the raw connection, which a WebSocket writes to
		reply.Body = &boundConnection{boundBody: body, Writer: writer}
	}
	return reply, nil
}

// boundBody is a body that is closed when its context ends.
type boundBody struct {
	io.ReadCloser
	ctx     context.Context //nolint:containedctx // of the request: it bounds what belongs to the request
	release func() bool
	once    sync.Once
	err     error
}

// Read reads. A body that was closed because the context ended says so.
func (b *boundBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if cause := context.Cause(b.ctx); err != nil && err != io.EOF && cause != nil { //nolint:errorlint // io.EOF is never wrapped by a Reader
		err = cause
	}
	return n, err
}

// Close closes the body once, and waits for the end of the context to have done so where that came first.
func (b *boundBody) Close() error {
	b.release()
	b.shut()
	return b.err
}

func (b *boundBody) shut() { b.once.Do(func() { b.err = b.ReadCloser.Close() }) }

// boundConnection is the body of a reply with status 101.
type boundConnection struct {
	*boundBody
	io.Writer
}
