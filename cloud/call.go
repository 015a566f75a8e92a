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
	// kindOf says what a code of the Cloud means, or nil where the code is none that it is known to write. Nil: see kindOfCode.
	kindOf func(status int, code string) error
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
		return c.refusal(call, reply)
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
	switch {
	case c.http == nil:
		return &Error{Operation: operation, Kind: ErrInvalidArgument, Err: errors.New("the client is empty: make one with cloud.New")}
	case ctx == nil:
		return &Error{Operation: operation, Kind: ErrInvalidArgument, Err: errors.New("the context is nil: use context.Background, better with a time limit")}
	}
	return nil
}

// errPage leads somewhere: a portal or a proxy answers with pages, the Cloud never does.
var errPage = errors.New("it is a web page: a proxy or a portal on the way answered")

// foreign is the cause of a refusal that the Cloud did not write, as far as anybody knows: it says who did.
func (c *call) foreign(reply *httpclient.Reply) error {
	return fmt.Errorf("%w: something in front of the Cloud may have answered: %s", ErrBadReply, reply.Describe(c.secrets()))
}

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

// refusal is the failure of a call that was answered with an error status.
func (c *Client) refusal(call *call, reply *httpclient.Reply) error {
	failure := &Error{Operation: call.operation(), Status: reply.Status, Code: codeOf(reply)}
	if call.holds(failure.Code) {
		failure.Code = "" // an echo of what was sent
	}
	switch {
	case reply.Status == http.StatusTooManyRequests:
		failure.Kind, failure.RetryAt = ErrRateLimited, reply.RetryAt(c.http.Clock().Now())
	case reply.Status >= 500 && call.effect == httpclient.Write:
		failure.Kind = ErrOutcomeUnknown
	case reply.Status >= 500:
		failure.Kind, failure.RetryAt = ErrUnavailable, reply.RetryAt(c.http.Clock().Now())
	default:
		failure.Kind, failure.Err = c.refused(call, reply, failure.Code)
	}
	return failure
}

// refused reads a 4xx. Only what the Cloud is known to write says that a write was not done: a gateway before it may have passed the call on, and have
// answered in its place.
func (c *Client) refused(call *call, reply *httpclient.Reply, code string) (kind, cause error) {
	known := kindOfCode
	if call.kindOf != nil {
		known = call.kindOf
	}
	const clientClosedRequest = 499
	switch kind = known(reply.Status, code); {
	case reply.Repeated && errors.Is(kind, ErrTokenUsed):
		// A gateway may have written the 429 to the try before, when the Cloud had the token already.
		return ErrOutcomeUnknown, errors.New("the token has been used, perhaps by this very call: its first try was answered with a limit")
	case kind != nil:
		return kind, nil
	case call.effect == httpclient.Write && code != "":
		return ErrOutcomeUnknown, errors.New("the Cloud is not known to refuse with this code")
	case call.effect == httpclient.Write:
		return ErrOutcomeUnknown, call.foreign(reply)
	case reply.Status == http.StatusRequestTimeout, reply.Status == clientClosedRequest:
		return ErrUnavailable, call.foreign(reply)
	case code != "":
		return ErrRefused, nil
	}
	return ErrBadReply, errors.New("something in front of the Cloud may have answered: " + reply.Describe(call.secrets()))
}

// kindOfCode says what the Cloud's own code means, wherever it is answered; nil for one that it is not known to write.
func kindOfCode(_ int, code string) error {
	switch code {
	case "invalid_token":
		return ErrInvalidToken
	case "token_already_used":
		return ErrTokenUsed
	case "oauth_invalid_client_credentials":
		return ErrInvalidClient
	case "invalid_device_code", "expired_token":
		return ErrInvalidDeviceCode
	}
	return nil
}

// maxCode is how much of an error code is passed on: the Cloud's own are short words.
const maxCode = 100

// codeLetters are what a code is made of: nothing that can break a line of a log.
const codeLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-."

// codeOf reads {"error": "<code>"} from a refusal; empty when there is none, or something else than a word.
func codeOf(reply *httpclient.Reply) string {
	var body struct {
		Error string `json:"error"`
	}
	if json.Unmarshal(reply.Body, &body) != nil || len(body.Error) > maxCode || strings.Trim(body.Error, codeLetters) != "" {
		return ""
	}
	return body.Error
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
