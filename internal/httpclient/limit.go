package httpclient

import (
	"context"
	"net/http/httptrace"
	"sync/atomic"
	"time"
)

// How long one exchange, from the dial to the last byte of the reply, may take where the context says nothing else. Waits before another attempt do not count.
const (
	// ReadLimit is above what the slowest servers take to answer a question.
	ReadLimit = 30 * time.Second
	// WriteLimit is above the 25 s that 6.13 takes for a sync while the Cloud hangs.
	WriteLimit = time.Minute
)

type limitKey struct{}

// WithLimit returns a context under which each exchange may take so long.
func WithLimit(ctx context.Context, limit time.Duration) context.Context {
	return context.WithValue(ctx, limitKey{}, limit)
}

// Limited returns the context of one exchange. It ends with a *SilentError as its cause when the exchange takes too long.
func Limited(ctx context.Context, effect Effect) (context.Context, context.CancelFunc) {
	limit := ReadLimit
	if effect == Write {
		limit = WriteLimit
	}
	if asked, ok := ctx.Value(limitKey{}).(time.Duration); ok {
		limit = asked
	}
	return context.WithTimeoutCause(ctx, limit, &SilentError{After: limit})
}

// watched is what a request did before it failed.
type watched struct {
	trace            httptrace.ClientTrace
	asked, connected atomic.Bool
}

// watch returns a context whose request is watched.
func watch(ctx context.Context) (*watched, context.Context) {
	w := &watched{}
	w.trace.GetConn = func(string) { w.asked.Store(true) }
	w.trace.GotConn = func(httptrace.GotConnInfo) { w.connected.Store(true) }
	return w, httptrace.WithClientTrace(ctx, &w.trace)
}

// failure wraps the error of the round trip. A request that never was given a connection, since the dial, the proxy or the handshake failed or took too long,
// did not leave, whatever the error. A RoundTripper that does not tell of its connections proves nothing.
func (w *watched) failure(ctx context.Context, err error) error {
	if w.asked.Load() && !w.connected.Load() {
		if err = withoutURL(err); !IsNotSent(err) {
			err = ended(ctx, err)
		}
		return &NotSentError{err}
	}
	return Failure(ctx, err)
}
