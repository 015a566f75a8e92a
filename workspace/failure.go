package workspace

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/httpclient"
)

// failure makes the error of a call: detail says what happened, in our words.
func (c *Client) failure(op operation, kind error, detail string) *Error {
	if c == nil {
		return &Error{Operation: op.name, Kind: kind, detail: detail}
	}
	return &Error{Operation: op.name, Address: c.Address(), Version: c.knownVersion(), Kind: kind, detail: detail}
}

// refusal makes the error of a call that was answered: said are the words of the server.
func (c *Client) refusal(op operation, kind error, reply *httpclient.Reply, code, said string) *Error {
	failed := c.failure(op, kind, "")
	failed.Code = httpclient.Sentence(code, c.secrets(op))
	failed.Message = httpclient.Sentence(said, c.secrets(op))
	failed.codeSaid = strings.Contains(failed.Message, failed.Code) // the wire's own words, where they are read
	failed.Status = reply.Status
	return failed
}

// secrets are the texts that must not be in an error: what was sent, and who sent it.
func (c *Client) secrets(op operation) []string {
	return append(texts(op.sent), c.given()...)
}

// unsendable is the error of a call whose parameters cannot be written as JSON.
func (c *Client) unsendable(op operation, err error) *Error {
	failed := c.failure(op, ErrInvalidRequest, "the parameters cannot be written as JSON")
	failed.Err = err
	return failed
}

// unanswered makes the error of a call that got no reply, or none that can be read.
func (c *Client) unanswered(op operation, err error) *Error {
	var (
		notSent  *httpclient.NotSentError
		tooLarge *httpclient.TooLargeError
		redirect *httpclient.RedirectError
		cached   *httpclient.CachedError
		frame    *frameError
	)
	secrets := c.secrets(op)
	failed := c.failure(op, ErrReplyLost, httpclient.Sentence(err.Error(), secrets))
	failed.Err = httpclient.Clean(err, secrets)
	failed.MayHaveRun = op.effect == httpclient.Write
	switch {
	case errors.As(err, &notSent):
		failed.Kind, failed.MayHaveRun = ErrNotSent, false
		failed.detail = httpclient.Sentence(notSent.Err.Error(), secrets)
	case errors.As(err, &redirect):
		// The API never redirects. Whatever did so should not have passed the call on; but nothing proves that.
		failed.Kind, failed.Status = ErrAddress, redirect.Status
	case errors.As(err, &frame):
		failed.Kind = ErrBadReply
	case errors.As(err, &cached):
		failed.Kind, failed.Status = failure.Cached, cached.Status
	case errors.As(err, &tooLarge):
		failed.Kind, failed.Status = ErrBadReply, tooLarge.Status
	}
	return failed
}

// waited is the error of a caller whose context ended while another one made the call for both.
func (c *Client) waited(op operation, err error) *Error {
	var failed *Error
	if errors.As(err, &failed) {
		return failed
	}
	failed = c.failure(op, ErrNotSent, httpclient.Sentence(err.Error(), nil))
	failed.Err = err
	return failed
}

// neverSent turns the failure of a call that had to come first, such as a login, into that of the call behind it: its
// lost reply must not read as if the call behind it may have been carried out.
func (c *Client) neverSent(first *Error) *Error {
	if !first.is(ErrReplyLost) {
		return first
	}
	failed := *first // others who waited for it have the same one
	failed.Kind = ErrNotSent
	return &failed
}

// verdict reports whether the call may be made again. A nil error is a success.
func (e *Error) verdict() httpclient.Verdict {
	switch {
	case e == nil:
		return httpclient.Verdict{}
	case e.is(ErrRateLimited) && !e.inFront:
		return httpclient.Verdict{Again: httpclient.Always, NotBefore: e.RetryAt}
	case e.is(ErrRateLimited), e.Status != 0 && e.is(ErrReplyLost), e.Status >= 500:
		return httpclient.Verdict{Again: httpclient.IfRead, NotBefore: e.RetryAt}
	case e.Err != nil:
		return httpclient.VerdictOfError(e.Err)
	}
	return httpclient.Verdict{}
}

// mask takes a text out of what the workspace said.
func (e *Error) mask(text string) {
	secrets := []string{text}
	e.Code, e.Message = httpclient.Sentence(e.Code, secrets), httpclient.Sentence(e.Message, secrets)
	e.detail = httpclient.Sentence(e.detail, secrets)
	if e.Err != nil {
		e.Err = httpclient.Clean(e.Err, secrets)
	}
}

// gaveUp notes that a wait before another attempt was given up.
func (e *Error) gaveUp(err error) {
	var wait *httpclient.WaitError
	if errors.As(err, &wait) && wait.OutOfTime() || errors.Is(err, context.Canceled) {
		e.detail = joinDetails(e.detail, "the context ended before another try")
	}
	if e.Err != nil {
		err = fmt.Errorf("%w; %w", e.Err, err)
	}
	e.Err = err
}

func joinDetails(first, second string) string {
	if first == "" {
		return second
	}
	return first + ", " + second
}
