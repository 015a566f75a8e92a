package cloud

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/rcreg/registration/internal/httpclient"
)

// refusal is a reply with a 4xx, as far as it tells who wrote it.
type refusal struct {
	status int
	code   string // of {"error": "<code>"}; empty for none
	write  bool   // the call that it answers changes something
	// bare reports whether the reply is what the Cloud writes, and no more: JSON with a code alone. A gateway that checks bearer tokens writes the same codes
	// (RFC 6750), with a challenge or a description beside them.
	bare bool
}

// failed is the failure of a call that was answered with an error status.
func (c *Client) failed(call *call, reply *httpclient.Reply) error {
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
		failure.Kind, failure.Err = call.refused(reply, failure.Code)
	}
	return failure
}

// refused reads a 4xx. Only what the Cloud is known to write says that a write was not done: a gateway before it may have passed the call on, and have
// answered in its place.
func (c *call) refused(reply *httpclient.Reply, code string) (kind, cause error) {
	known := kindOfRefusal
	if c.kindOf != nil {
		known = c.kindOf
	}
	const clientClosedRequest = 499
	r := refusal{status: reply.Status, code: code, write: c.effect == httpclient.Write, bare: code != "" && isBare(reply)}
	switch kind = known(&r); {
	case reply.Repeated && errors.Is(kind, ErrTokenUsed):
		// A gateway may have written the 429 to the try before, when the Cloud had the token already.
		return ErrOutcomeUnknown, errors.New("the token has been used, perhaps by this very call: its first try was answered with a limit")
	case kind != nil:
		return kind, nil
	case r.write && r.bare:
		return ErrOutcomeUnknown, errors.New("the Cloud is not known to refuse with this code")
	case r.write:
		return ErrOutcomeUnknown, c.foreign(reply)
	case reply.Status == http.StatusRequestTimeout, reply.Status == clientClosedRequest:
		return ErrUnavailable, c.foreign(reply)
	case code != "":
		return ErrRefused, nil
	}
	return ErrBadReply, errors.New("something in front of the Cloud may have answered: " + reply.Describe(c.secrets()))
}

// foreign is the cause of a refusal that the Cloud did not write, as far as anybody knows: it says who did.
func (c *call) foreign(reply *httpclient.Reply) error {
	return fmt.Errorf("%w: something in front of the Cloud may have answered: %s", ErrBadReply, reply.Describe(c.secrets()))
}

// kindOfRefusal says what a refusal means that any call can meet. The code is Rocket.Chat's own: nothing else writes it.
func kindOfRefusal(r *refusal) error {
	if r.code == "oauth_invalid_client_credentials" {
		return ErrInvalidClient
	}
	return nil
}

// kindOfTokenRefusal says what a refusal of a registration token means. "invalid_token" is a word of every gateway that checks bearer tokens, and one may have
// passed the call on before: only the Cloud's own form of it says that the Cloud does not know the token.
func kindOfTokenRefusal(r *refusal) error {
	switch {
	case r.code == "token_already_used":
		return ErrTokenUsed
	case r.code == "invalid_token" && r.status == http.StatusUnauthorized && r.bare:
		return ErrInvalidToken
	}
	return kindOfRefusal(r)
}

// kindOfPollRefusal takes every refusal of the Cloud that can be about the code for one: its codes are not written down anywhere.
func kindOfPollRefusal(r *refusal) error {
	switch r.status {
	case http.StatusBadRequest, http.StatusNotFound, http.StatusGone:
		if r.bare {
			return ErrInvalidDeviceCode
		}
	}
	if r.code == "invalid_device_code" || r.code == "expired_token" {
		return ErrInvalidDeviceCode
	}
	return kindOfRefusal(r)
}

// kindOfBearerRefusal says what a refusal of an access token means. Of a read a gateway's serves as well: a new token does no harm.
func kindOfBearerRefusal(r *refusal) error {
	if r.status == http.StatusUnauthorized && (r.bare || r.code != "" && !r.write) {
		return ErrUnauthorized
	}
	return kindOfRefusal(r)
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

// isBare reports whether a refusal with a code has nothing beside it: no challenge, and no further key.
func isBare(reply *httpclient.Reply) bool {
	var body map[string]json.RawMessage
	return reply.IsJSON() && len(reply.Header.Values("WWW-Authenticate")) == 0 && json.Unmarshal(reply.Body, &body) == nil && len(body) == 1
}
