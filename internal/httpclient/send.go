package httpclient

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"
)

// Once sends the request a single time. A reply of any status is a success. Errors: *NotSentError, *LostError,
// *TooLargeError, *RedirectError, *CachedError.
func (c *Client) Once(ctx context.Context, request *Request) (reply *Reply, err error) {
	if c.debugs(ctx) {
		start := c.clock.Now()
		defer func() { c.debugOnce(ctx, request, start, reply, err) }()
	}
	if err := notBefore(ctx); err != nil {
		return nil, err
	}
	defer observed(ctx, request.Operation)()
	ctx, cancel := Limited(ctx, request.Effect)
	defer cancel()
	w, ctx := watch(ctx)
	outgoing, err := c.build(ctx, request)
	if err != nil {
		return nil, &NotSentError{withoutURL(err)}
	}
	resp, err := c.http.Do(outgoing)
	if err != nil {
		return nil, w.failure(ctx, err)
	}
	defer resp.Body.Close()
	if resp.Request == nil {
		// A RoundTripper that is not net/http's may leave it out; a relative redirect needs it.
		resp.Request = outgoing
	}
	if resp.StatusCode < http.StatusOK {
		// It is 101: net/http passes over the others. Behind it comes no reply to a plain request, but the raw connection.
		return nil, &LostError{fmt.Errorf("the server answered with status %d, which is no reply", resp.StatusCode)}
	}
	if err := RedirectOf(resp); err != nil {
		return nil, err
	}
	if reply, err = c.readReply(ctx, resp); err != nil {
		return nil, err
	}
	if request.Fresh {
		if err := cachedOf(reply); err != nil {
			return nil, err
		}
	}
	return reply, nil
}

func (c *Client) debugOnce(ctx context.Context, request *Request, start time.Time, reply *Reply, err error) {
	attributes := []slog.Attr{slog.String("verb", request.Verb), slog.String("url", request.URL)}
	if err == nil {
		attributes = append(attributes, slog.Int("status", reply.Status), slog.Int("bytes", len(reply.Body)))
	}
	c.Debug(ctx, request.Operation, c.clock.Now().Sub(start), err, attributes...)
}

// Debug writes one attempt to the log, if there is a logger that wants to know. Of an error it names the type alone,
// since the text may quote what was sent.
func (c *Client) Debug(ctx context.Context, operation string, took time.Duration, err error, attributes ...slog.Attr) {
	if !c.debugs(ctx) {
		return
	}
	attributes = append(attributes, slog.String("operation", operation), slog.Duration("took", took))
	if err != nil {
		attributes = append(attributes, slog.String("error", fmt.Sprintf("%T", err)))
	}
	c.logger.LogAttrs(ctx, slog.LevelDebug, "attempt", attributes...)
}

func (c *Client) debugs(ctx context.Context) bool {
	return c.logger != nil && c.logger.Enabled(ctx, slog.LevelDebug)
}

// readReply reads the body of a reply.
func (c *Client) readReply(ctx context.Context, resp *http.Response) (*Reply, error) {
	if resp.ContentLength > c.maxReply {
		return nil, &TooLargeError{Limit: c.maxReply, Status: resp.StatusCode}
	}
	body, err := readUpTo(resp.Body, resp.ContentLength, c.maxReply)
	if err != nil {
		return nil, &LostError{fmt.Errorf("reading the reply: %w", ended(ctx, err))}
	}
	if int64(len(body)) > c.maxReply {
		return nil, &TooLargeError{Limit: c.maxReply, Status: resp.StatusCode}
	}
	return &Reply{Status: resp.StatusCode, Header: resp.Header, Body: body}, nil
}

func (c *Client) build(ctx context.Context, request *Request) (*http.Request, error) {
	address := request.URL
	if len(request.Query) > 0 {
		address += "?" + request.Query.Encode()
	}
	var body io.Reader
	if request.Body != nil || request.Effect == Write {
		body = bytes.NewReader(request.Body)
	}
	outgoing, err := http.NewRequestWithContext(ctx, request.Verb, address, body)
	if err != nil {
		return nil, err
	}
	if request.Effect == Write {
		sendOnce(outgoing)
	}
	for key, values := range request.Header {
		outgoing.Header[key] = values
	}
	if request.Fresh && (request.Effect == Read || request.Verb == http.MethodGet) {
		c.askFresh(outgoing.Header)
	}
	if request.ContentType != "" {
		outgoing.Header.Set("Content-Type", request.ContentType)
	}
	if c.userAgent != "" {
		outgoing.Header.Set("User-Agent", c.userAgent)
	}
	return outgoing, nil
}

// sendOnce makes a request one that no RoundTripper sends again by itself. Left alone, net/http repeats a GET whose connection breaks, and over HTTP/2
// anything of which the server says that it was not processed, hundreds of times a second, and reports one request. It repeats nothing whose body it cannot
// have a second time, an empty one included.
func sendOnce(request *http.Request) {
	request.GetBody = nil
	if request.Body == http.NoBody {
		request.Body = io.NopCloser(strings.NewReader(""))
	}
}

// readUpTo reads at most one byte more than the limit, so that the caller can tell a full reply from a larger one. Unlike
// io.ReadAll it takes one buffer for a reply whose length was announced.
func readUpTo(body io.Reader, announced, limit int64) ([]byte, error) {
	const unannounced = 512
	size := min(announced, limit)
	if size < 0 {
		size = unannounced
	}
	buffer := make([]byte, 0, size+1) // the byte more is for the read that finds the end
	for int64(len(buffer)) <= limit {
		if len(buffer) == cap(buffer) {
			buffer = append(buffer, 0)[:len(buffer)]
		}
		n, err := body.Read(buffer[len(buffer):cap(buffer)])
		buffer = buffer[:len(buffer)+n]
		if errors.Is(err, io.EOF) {
			return buffer, nil
		}
		if err != nil {
			return nil, err
		}
	}
	return buffer, nil
}
