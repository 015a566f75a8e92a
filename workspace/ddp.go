package workspace

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/coder/websocket"

	"github.com/rcreg/registration/internal/httpclient"
)

// methodOverDDP calls a method over the DDP WebSocket: one connection for one call, closed before it returns.
func (c *Client) methodOverDDP(ctx context.Context, op operation, params []any, out any) error {
	op.protocol = ProtocolDDP
	return c.perform(ctx, op, func(who caller) *Error {
		start := c.Clock().Now()
		result, failed := c.converse(ctx, op, who, params)
		note(ctx, op, 0)
		var err error // an interface that holds a nil *Error is not nil
		if failed != nil {
			err = failed
		}
		c.http.Debug(ctx, op.name, c.Clock().Now().Sub(start), err, slog.String("url", c.address.WebSocket("websocket")))
		if failed != nil {
			return failed
		}
		return c.readResult(op, 0, result, out)
	})
}

// spokeDDP reports whether the workspace answered in DDP, whatever it said.
func spokeDDP(err error) bool {
	var failed *Error
	return !errors.As(err, &failed) || !failed.noDDP
}

// converse holds the whole conversation: connect, log in, call, wait for the result.
func (c *Client) converse(ctx context.Context, op operation, who caller, params []any) (methodResult, *Error) {
	ctx, cancel := httpclient.Limited(ctx, op.effect)
	defer cancel()
	ws, failed := c.dialDDP(ctx, op)
	if failed != nil {
		failed.noDDP = true
		return methodResult{}, failed
	}
	defer func() { _ = ws.CloseNow() }()
	d := &conversation{ws: ws, limit: c.http.MaxReply(), left: c.http.MaxReply()}

	if err := d.connect(ctx); err != nil {
		failed = c.notCalled(op, err)
		failed.noDDP = true
		return methodResult{}, failed
	}
	login, err := d.call(ctx, "1", "login", []any{map[string]string{"resume": who.session.token.Reveal()}})
	if err != nil {
		return methodResult{}, c.notCalled(op, err)
	}
	if login.Error != nil {
		return methodResult{}, c.loginRefused(op, login)
	}
	if who.factor.given() {
		// Over DDP there are no headers: the server takes a factor from the end of the parameters.
		params = append(append([]any(nil), params...),
			map[string]string{"twoFactorMethod": who.factor.method, "twoFactorCode": who.factor.code.Reveal()})
	}
	result, err := d.call(ctx, "2", op.name, params)
	if err != nil {
		return methodResult{}, c.unanswered(op, err)
	}
	return result, nil
}

// dialDDP opens the WebSocket at /websocket below the address.
func (c *Client) dialDDP(ctx context.Context, op operation) (*websocket.Conn, *Error) {
	if err := context.Cause(ctx); err != nil {
		return nil, c.unanswered(op, &httpclient.NotSentError{Err: err})
	}
	options := &websocket.DialOptions{HTTPClient: c.http.Upgrading(), HTTPHeader: http.Header{}}
	if agent := c.http.UserAgent(); agent != "" {
		options.HTTPHeader.Set("User-Agent", agent)
	}
	ws, resp, err := websocket.Dial(ctx, c.address.WebSocket("websocket"), options) //nolint:bodyclose // Dial does that itself
	switch {
	case err == nil:
		return ws, nil
	case resp == nil:
		return nil, c.notCalled(op, httpclient.Failure(ctx, err))
	}
	if redirect := httpclient.RedirectOf(resp); redirect != nil {
		return nil, c.notCalled(op, redirect)
	}
	reply := &httpclient.Reply{Status: resp.StatusCode, Header: resp.Header}
	switch {
	case reply.Status == http.StatusTooManyRequests:
		return nil, c.limited(op, reply, "", "")
	case reply.Status >= 500:
		failed := c.refusal(op, ErrNotSent, reply, "", "")
		failed.detail = "the WebSocket was refused"
		failed.RetryAt = reply.RetryAt(c.Clock().Now())
		return nil, failed
	}
	failed := c.refusal(op, ErrNotRocketChat, reply, "", "")
	failed.detail = "no WebSocket at /websocket, which a proxy in front has to pass on"
	failed.neverLeft = true
	failed.Err = httpclient.Clean(err, c.secrets(op))
	return nil, failed
}

// notCalled is the error of a conversation that broke off before the method was called.
func (c *Client) notCalled(op operation, err error) *Error {
	var (
		notSent  *httpclient.NotSentError
		tooLarge *httpclient.TooLargeError
		redirect *httpclient.RedirectError
		frame    *frameError
	)
	switch {
	case errors.As(err, &frame), errors.As(err, &tooLarge), errors.As(err, &redirect):
		failed := c.unanswered(op, err)
		failed.MayHaveRun, failed.neverLeft = false, true
		return failed
	case errors.As(err, &notSent):
		return c.unanswered(op, err)
	}
	return c.unanswered(op, &httpclient.NotSentError{Err: err})
}

// loginRefused is the error of a token that the workspace does not take. Its code is 403, which elsewhere is about
// permissions.
func (c *Client) loginRefused(op operation, login methodResult) *Error {
	failed := c.readMethodError(op, 0, login.Error)
	if failed.is(ErrForbidden) {
		failed.Kind = ErrUnauthorized
	}
	failed.detail, failed.neverLeft = "login with the token", true
	return failed
}

// frameError is a frame that is not DDP, or that says that the conversation is over.
type frameError struct{ problem string }

func (e *frameError) Error() string { return fmt.Sprintf("DDP: %s", e.problem) }
