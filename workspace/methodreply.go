package workspace

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/rcreg/registration/internal/httpclient"
)

// readMethodReply reads the reply of method.call. A failed method is HTTP 200 with success up to 6.13, and HTTP 400
// without by 8.6; in between either may come, so that only the message decides.
func (c *Client) readMethodReply(op operation, reply *httpclient.Reply, out any) *Error {
	if !reply.IsJSON() || (reply.Status != http.StatusOK && reply.Status != http.StatusBadRequest) {
		return c.readReply(op, reply, nil)
	}
	var outer struct {
		Message string `json:"message"`
	}
	_ = lenient(reply.Body, &outer) // what cannot be read has no message
	if result, ok := readMethodResult([]byte(outer.Message)); ok {
		return c.readResult(op, reply.Status, result, out)
	}
	if failed := c.readReply(op, reply, nil); failed != nil {
		return failed
	}
	failed := c.refusal(op, ErrBadReply, reply, "", "")
	failed.detail = "the reply has no result of a method"
	failed.MayHaveRun = op.effect == httpclient.Write
	return failed
}

// methodResult is the message that ends a method, over method.call and over DDP.
type methodResult struct {
	Msg    string          `json:"msg"`
	ID     string          `json:"id"`
	Result json.RawMessage `json:"result"`
	// Error is present when the method failed, even if it is an empty object. A method without a value has neither.
	Error json.RawMessage `json:"error"`
}

// readMethodResult reads the message that ends a method; ok is false for anything else.
func readMethodResult(message []byte) (result methodResult, ok bool) {
	if lenient(message, &result) != nil || result.Msg != "result" {
		return methodResult{}, false
	}
	return result, true
}

// methodError is the error of a method in all its shapes: a Meteor error (error, reason, details), a Match error
// (sanitizedError), or for an internal error whatever the exception had to show, often nothing at all.
type methodError struct {
	Error     json.RawMessage `json:"error"` // text or number
	Reason    string          `json:"reason"`
	Message   string          `json:"message"`
	Name      string          `json:"name"`
	Sanitized json.RawMessage `json:"sanitizedError"`
	Details   struct {
		challengeBody
		TimeToReset float64 `json:"timeToReset"` // milliseconds
	} `json:"details"`
}

// readResult reads how a method ended: into out when it succeeded, else into an error.
func (c *Client) readResult(op operation, status int, result methodResult, out any) *Error {
	if result.Error != nil {
		return c.readMethodError(op, status, result.Error)
	}
	if out == nil || len(result.Result) == 0 {
		return nil
	}
	if err := c.decode(plainDates(result.Result), out); err != nil {
		return c.unreadable(op, &httpclient.Reply{Status: status}, err)
	}
	return nil
}

func (c *Client) readMethodError(op operation, status int, raw json.RawMessage) *Error {
	var body methodError
	// An error that is no object is an internal one as well.
	_ = lenient(raw, &body)
	code := strings.Trim(string(body.Error), `"`)
	if code == "null" {
		code = ""
	}
	said := body.Reason
	if said == "" {
		said = body.Message
	}
	kind := kindOfMethodError(code, body)
	if code == "" {
		code = body.Name
	}
	failed := c.refusal(op, kind, &httpclient.Reply{Status: status}, code, said)
	c.challenge(failed, body.Details.challengeBody)
	if failed.is(ErrRateLimited) {
		failed.RetryAt = c.Clock().Now().Add(boundedWait(body.Details.TimeToReset))
	}
	return failed
}

// kindOfMethodError classifies the error of a method by its code, a number for those of the framework.
func kindOfMethodError(code string, body methodError) error {
	if kind := kindOfCode(code); kind != nil {
		return kind
	}
	switch code {
	case "400":
		return ErrInvalidRequest
	case "401":
		return ErrUnauthorized
	case "403":
		return ErrForbidden
	case "404":
		return ErrNoSuchCall
	case "500":
		return ErrInternal
	case "":
		// The wire has no code for it where it is not sanitized.
		if len(body.Sanitized) > 0 || strings.HasPrefix(body.Message, matchError) {
			return ErrInvalidRequest
		}
		return ErrInternal
	}
	return ErrRefused
}

// boundedWait turns milliseconds into a duration. What makes no sense is read as the length of the limit's window: 10 s.
func boundedWait(ms float64) time.Duration {
	const window = 10 * time.Second
	if !(ms > 0) || ms > float64(24*time.Hour/time.Millisecond) {
		return window
	}
	return time.Duration(ms * float64(time.Millisecond))
}
