package workspace

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/rcreg/registration/internal/httpclient"
)

// readReply reads the reply of a REST endpoint: into out when it is a success, else into an error.
func (c *Client) readReply(op operation, reply *httpclient.Reply, out any) *Error {
	if !reply.IsJSON() {
		return c.readForeign(op, reply)
	}
	if reply.Status >= 400 {
		return c.readRefusal(op, reply)
	}
	if !succeeded(reply.Body) {
		return c.readRefusal(op, reply)
	}
	if out == nil {
		out = new(skipped)
	}
	if err := c.decode(reply.Body, out); err != nil {
		return c.unreadable(op, reply, err)
	}
	return nil
}

// skipped is the place for a reply that nobody wants: decoding into it still finds one that is cut off.
type skipped struct{}

// UnmarshalJSON takes anything.
func (*skipped) UnmarshalJSON([]byte) error { return nil }

// lenient decodes JSON and forgives fields of another type than expected: they stay empty.
func lenient(data []byte, out any) error {
	err := json.Unmarshal(data, out)
	var mismatch *json.UnmarshalTypeError
	if errors.As(err, &mismatch) {
		return nil
	}
	return err
}

// unreadable is a reply that is cut off or of the wrong shape.
func (c *Client) unreadable(op operation, reply *httpclient.Reply, err error) *Error {
	failed := c.refusal(op, ErrBadReply, reply, "", "")
	failed.detail = "the JSON is cut off or of the wrong shape"
	var mismatch *json.UnmarshalTypeError
	if errors.As(err, &mismatch) {
		failed.detail = fmt.Sprintf("the field %s is of the wrong type", httpclient.Sentence(mismatch.Field, c.secrets(op)))
	}
	failed.Err = httpclient.Clean(err, c.secrets(op))
	failed.MayHaveRun = op.effect == httpclient.Write && !refusedByStatus(reply.Status)
	return failed
}

// stranger is a reply of something that is not Rocket.Chat's API.
func (c *Client) stranger(op operation, reply *httpclient.Reply, detail string) *Error {
	failed := c.refusal(op, ErrNotRocketChat, reply, "", "")
	failed.detail = detail
	failed.MayHaveRun = op.effect == httpclient.Write && !refusedByStatus(reply.Status)
	return failed
}

// readForeign reads a reply that is not JSON: of the web client, of the framework below the API, or of a proxy.
func (c *Client) readForeign(op operation, reply *httpclient.Reply) *Error {
	switch status := reply.Status; {
	case status == http.StatusOK && reply.IsHTML():
		return c.readPage(op, reply)
	case status == http.StatusNotFound && !reply.IsHTML(), status == http.StatusMethodNotAllowed && len(reply.Body) == 0:
		failed := c.refusal(op, ErrNoSuchCall, reply, "", "")
		return failed
	case status == http.StatusTooManyRequests:
		return c.limited(op, reply, "", "")
	case status == http.StatusBadRequest, status == http.StatusRequestEntityTooLarge:
		return c.refusal(op, ErrInvalidRequest, reply, "", "")
	case status == http.StatusRequestTimeout, status >= 502:
		failed := c.refusal(op, ErrReplyLost, reply, "", "")
		failed.detail = "a proxy answered in place of the workspace"
		failed.MayHaveRun = op.effect == httpclient.Write
		failed.RetryAt = reply.RetryAt(c.Clock().Now())
		return failed
	case status >= 500:
		failed := c.refusal(op, ErrInternal, reply, "", "")
		failed.MayHaveRun = op.effect == httpclient.Write
		return failed
	}
	return c.stranger(op, reply, "the reply is "+kindOfBody(reply)+" instead of JSON")
}

// readPage reads a web page with a good status. Up to 6.13 a GET that no route matches is answered with the page of the
// web client, up to 4.3 a POST too. The page of a proxy looks the same, unless Meteor's mark is in it.
func (c *Client) readPage(op operation, reply *httpclient.Reply) *Error {
	const sure = true
	switch {
	case bytes.Contains(reply.Body, []byte("__meteor_runtime_config__")):
		return c.noSuchCall(op, reply, sure)
	case op.get() && c.before("8.6"), c.before("4.8"):
		return c.noSuchCall(op, reply, !sure)
	}
	return c.stranger(op, reply, "the reply is a web page instead of JSON")
}

// noSuchCall is the web client's page in place of an endpoint. When that is not sure, a write may have been carried out.
func (c *Client) noSuchCall(op operation, reply *httpclient.Reply, sure bool) *Error {
	failed := c.refusal(op, ErrNoSuchCall, reply, "", "")
	failed.detail = "the web client's page came instead of JSON"
	failed.MayHaveRun = op.effect == httpclient.Write && !sure
	return failed
}

func kindOfBody(reply *httpclient.Reply) string {
	switch {
	case len(reply.Body) == 0:
		return "empty"
	case reply.IsHTML():
		return "a web page"
	}
	return "something else"
}
