package cloud

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/rcreg/registration/internal/httpclient"
)

const (
	typeJSON = "application/json"
	typeForm = "application/x-www-form-urlencoded"
)

// call is one call to the Cloud.
type call struct {
	name   string // without the verb, such as "oauth/token"
	verb   string
	url    string
	query  url.Values
	bearer Secret     // empty for none
	json   []byte     // the body, when not nil
	form   url.Values // the body, when not nil
	effect httpclient.Effect
	fresh  bool // no reply of a cache will do
	// kindOf says what a refusal of the Cloud means, or nil where it is none that it is known to write. Nil: see kindOfRefusal.
	kindOf func(*refusal) error
}

func (c *call) operation() string { return c.verb + " " + c.name }

func (c *call) request() *httpclient.Request {
	request := &httpclient.Request{Operation: c.operation(), Verb: c.verb, URL: c.url, Query: c.query, Effect: c.effect, Fresh: c.fresh}
	if !c.bearer.IsEmpty() {
		request.Header = http.Header{"Authorization": {"Bearer " + c.bearer.Reveal()}}
	}
	switch {
	case c.json != nil:
		request.ContentType, request.Body = typeJSON, c.json
	case c.form != nil:
		request.ContentType, request.Body = typeForm, []byte(c.form.Encode())
	}
	return request
}

// secrets are the texts of the call that must not be in an error; some may be empty.
func (c *call) secrets() []string {
	return []string{c.bearer.Reveal(), c.form.Get("client_secret"), c.form.Get("token"), c.query.Get("token")}
}

// holds reports whether a text has one of the call's secrets in it.
func (c *call) holds(text string) bool {
	for _, sent := range c.secrets() {
		if sent != "" && strings.Contains(text, sent) {
			return true
		}
	}
	return false
}

// do makes a call and gives the body of a good reply to read, which returns what is wrong with it. Errors: *Error.
func (c *Client) do(ctx context.Context, call *call, read func(body []byte) error) error {
	reply, err := c.send(ctx, call)
	if err != nil {
		return err
	}
	if reply.Status/100 != 2 {
		return c.failed(call, reply)
	}
	if err = readReply(reply, read); err != nil {
		return call.badReply(reply.Status, err)
	}
	return nil
}

// send makes a call and returns whatever answers it. Errors: *Error.
func (c *Client) send(ctx context.Context, call *call) (*httpclient.Reply, error) {
	if err := c.usable(ctx, call.operation()); err != nil {
		return nil, err
	}
	reply, err := c.http.Do(ctx, call.request())
	if err != nil {
		return nil, call.noReply(err)
	}
	return reply, nil
}

// usable refuses a client that New has not made, and a nil context. Nothing was sent.
func (c *Client) usable(ctx context.Context, operation string) error {
	if err := c.made(operation); err != nil {
		return err
	}
	if ctx == nil {
		return &Error{Operation: operation, Kind: ErrInvalidArgument, Err: errors.New("the context is nil: use context.Background, better with a time limit")}
	}
	return nil
}

// made refuses a client that New has not made.
func (c *Client) made(operation string) error {
	if c == nil || c.http == nil {
		return &Error{Operation: operation, Kind: ErrInvalidArgument, Err: errors.New("the client is empty: make one with cloud.New")}
	}
	return nil
}

// errPage: a captive portal or a proxy answered with a web page.
var errPage = errors.New("it is a web page: a proxy or a portal on the way answered")

func readReply(reply *httpclient.Reply, read func([]byte) error) error {
	if reply.IsHTML() {
		return errPage
	}
	return read(reply.Body)
}

// noReply is the failure of a call without a reply that could be read to its end.
func (c *call) noReply(err error) error {
	err = httpclient.Clean(err, c.secrets())
	var (
		tooLarge *httpclient.TooLargeError
		redirect *httpclient.RedirectError
		cached   *httpclient.CachedError
		lost     *httpclient.LostError
	)
	switch {
	case errors.As(err, &tooLarge):
		return c.badReply(tooLarge.Status, err)
	case errors.As(err, &cached):
		return c.badReply(cached.Status, err)
	case errors.As(err, &redirect):
		// The Cloud does not redirect. Whatever did so should not have passed the call on; but nothing proves that.
		return c.badReply(redirect.Status, err)
	case c.effect == httpclient.Write && errors.As(err, &lost):
		return &Error{Operation: c.operation(), Kind: ErrOutcomeUnknown, Err: err}
	}
	return &Error{Operation: c.operation(), Kind: ErrUnreachable, Err: err}
}

// badReply is the failure of a call whose reply makes no sense. A write may have been done behind it.
func (c *call) badReply(status int, err error) error {
	failure := &Error{Operation: c.operation(), Status: status, Kind: ErrBadReply, Err: err}
	if c.effect == httpclient.Write {
		failure.Kind, failure.Err = ErrOutcomeUnknown, fmt.Errorf("%w: %w", ErrBadReply, err)
	}
	return failure
}

// ignore reads a reply that nothing is expected of.
func ignore([]byte) error { return nil }

// intoObject reads a reply that is a JSON object. Its errors quote nothing of the reply, which may hold secrets.
func intoObject(into any) func([]byte) error {
	return func(body []byte) error {
		if _, problem := readObject(body); problem != "" {
			return errors.New(problem)
		}
		if json.Unmarshal(body, into) != nil {
			return errors.New("a value in it has the wrong type")
		}
		return nil
	}
}
