package workspace

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/httpclient"
)

// readReply reads the reply of a REST endpoint: into out when it is a success, else into an error.
func (c *Client) readReply(op operation, reply *httpclient.Reply, out any) *Error {
	if givenUp(reply.Status) {
		return c.abandoned(op, reply)
	}
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

// skipped is the place for a reply that is not wanted: decoding into it still finds one that is cut off.
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
	failed.MayHaveRun = op.effect == httpclient.Write
	return failed
}

// givenUp reports whether an HTTP status is one of those with which something in front of a workspace says that it waits no longer, or cannot reach it. The
// API writes none of them, and the workspace may be at work all the same.
func givenUp(status int) bool {
	const noResponse, clientClosedRequest = 444, 499 // nginx's own
	return status < 200 || status == http.StatusRequestTimeout || status == noResponse || status == clientClosedRequest ||
		status >= 502 && status != http.StatusNetworkAuthenticationRequired
}

// abandoned is the reply of something in front of the workspace that did not wait for its answer.
func (c *Client) abandoned(op operation, reply *httpclient.Reply) *Error {
	kind := ErrReplyLost
	if op.effect != httpclient.Write {
		kind = failure.ServerAway // nothing is lost
	}
	failed := c.refusal(op, kind, reply, "", "")
	failed.detail = c.inFront(op, reply)
	failed.MayHaveRun = op.effect == httpclient.Write
	failed.RetryAt = reply.RetryAt(c.Clock().Now())
	return failed
}

// stranger is a reply of something that is not Rocket.Chat's API. Its 4xx mostly means that the call went no further; but nothing proves that.
func (c *Client) stranger(op operation, reply *httpclient.Reply, detail string) *Error {
	failed := c.refusal(op, ErrNotRocketChat, reply, "", "")
	failed.detail = detail
	failed.MayHaveRun = op.effect == httpclient.Write
	failed.inFront = reply.Status >= 400
	failed.wayPast = reply.WayPast()
	return failed
}

// inFront says who answered in the workspace's place, for an error.
func (c *Client) inFront(op operation, reply *httpclient.Reply) string {
	return "something in front of the workspace answered, instead of JSON of Rocket.Chat: " + reply.Describe(c.secrets(op))
}

// readForeign reads a reply that is not JSON: of the web client, of the framework below the API, or of a proxy.
func (c *Client) readForeign(op operation, reply *httpclient.Reply) *Error {
	switch status := reply.Status; {
	case status == http.StatusOK && reply.IsHTML():
		return c.readPage(op, reply)
	case noRoute(reply):
		failed := c.refusal(op, ErrNoSuchCall, reply, "", "")
		failed.Plain = op.effect == httpclient.Write
		return failed
	case status >= 500 && status != http.StatusNetworkAuthenticationRequired:
		failed := c.refusal(op, ErrInternal, reply, "", "")
		failed.detail = reply.Describe(c.secrets(op))
		failed.MayHaveRun = op.effect == httpclient.Write
		return failed
	}
	return c.foreign(op, reply)
}

// foreign is a reply below 500, or of a captive portal, in a shape that Rocket.Chat does not write. A limit is one whoever has set it, so that a read waits for its end.
func (c *Client) foreign(op operation, reply *httpclient.Reply) *Error {
	failed := c.stranger(op, reply, c.inFront(op, reply))
	if reply.Status == http.StatusTooManyRequests {
		failed.Kind, failed.RetryAt = ErrRateLimited, reply.RetryAt(c.Clock().Now())
	}
	return failed
}

// noRoute reports whether a reply is what Rocket.Chat's frameworks answer where no route matches: 405 without a body up to 7.3, 404 with these words from 7.6.
func noRoute(reply *httpclient.Reply) bool {
	switch reply.Status {
	case http.StatusMethodNotAllowed:
		return len(reply.Body) == 0 && reply.Header.Get("Allow") == "OPTIONS, GET, HEAD"
	case http.StatusNotFound:
		return !reply.IsHTML() && string(bytes.TrimSpace(reply.Body)) == "404 Not Found"
	}
	return false
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
	return c.foreign(op, reply)
}

// noSuchCall is the web client's page in place of an endpoint. When that is not sure, a write may have been carried out.
func (c *Client) noSuchCall(op operation, reply *httpclient.Reply, sure bool) *Error {
	failed := c.refusal(op, ErrNoSuchCall, reply, "", "")
	failed.detail = "the web client's page came instead of JSON"
	failed.MayHaveRun = op.effect == httpclient.Write && !sure
	return failed
}
