package workspace

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/httpclient"
)

// refusalBody is what the API says when it refuses, in the shapes of all versions: {success, error, errorType, details},
// {status, message}, and by 8.6 both at once. A method.call may have JSON text in message.
type refusalBody struct {
	Success   json.RawMessage `json:"success"`
	Status    json.RawMessage `json:"status"`
	Error     json.RawMessage `json:"error"`
	ErrorType string          `json:"errorType"`
	Message   string          `json:"message"`
	Details   challengeBody   `json:"details"`
}

// challengeBody is what comes along with totp-required.
type challengeBody struct {
	Method        string   `json:"method"`
	CodeGenerated bool     `json:"codeGenerated"`
	Methods       []string `json:"availableMethods"`
}

// isOurs reports whether the API refuses in this shape: {success: false} with an error, or with nothing more; up to 7.3 also {status: "error", message} with one
// of two sentences, or with the error of a login. What a gateway writes has other keys, other words, or other statuses; its limit has not the code of ours.
func (b *refusalBody) isOurs(status int, keys int) bool {
	switch {
	case status < 400:
		return b.Success != nil || string(b.Status) == `"error"`
	case status == http.StatusTooManyRequests && !hasOwnCode(b.code()):
		return false
	case b.Success != nil:
		return string(b.Success) == "false" && (len(b.Error) > 0 || keys == 1)
	case string(b.Status) != `"error"`:
		return false
	case status == http.StatusMethodNotAllowed:
		return b.Message == "API endpoint does not exist"
	}
	return status == http.StatusUnauthorized && (b.Message == "You must be logged in to do this." || b.Message != "" && len(b.Error) > 0)
}

// hasOwnCode reports whether a code of a refusal is a word of Rocket.Chat's own, and not one that others write too.
func hasOwnCode(code string) bool {
	return strings.HasPrefix(code, "error-") || strings.HasPrefix(code, "totp-") || code == "too-many-requests"
}

// looksLikeObject reports whether a text begins as a JSON object does, and so may be one that was cut off.
func looksLikeObject(text []byte) bool {
	return bytes.HasPrefix(bytes.TrimSpace(text), []byte("{"))
}

// said returns the sentence of the refusal.
func (b *refusalBody) said() string {
	var text string
	if json.Unmarshal(b.Error, &text) == nil && text != "" {
		// From 8.6 a failed login has its code in error and the sentence in message.
		if isCode(text) && b.Message != "" {
			return b.Message
		}
		return text
	}
	return b.Message
}

// code returns the code of the refusal: errorType, or error when that is one word, or what the sentence has in brackets
// at its end.
func (b *refusalBody) code() string {
	if b.ErrorType != "" {
		return b.ErrorType
	}
	var text string
	if json.Unmarshal(b.Error, &text) == nil && isCode(text) {
		return text
	}
	return bracketed(b.said())
}

// isCode reports whether a text is one word, such as totp-required.
func isCode(text string) bool { return text != "" && !strings.ContainsAny(text, " \t\r\n") }

// bracketed returns what stands in brackets at the end of a sentence, such as "… [error-unauthorized]".
func bracketed(said string) string {
	said = strings.TrimSpace(said)
	start := strings.LastIndexByte(said, '[')
	if start < 0 || !strings.HasSuffix(said, "]") {
		return ""
	}
	if code := said[start+1 : len(said)-1]; isCode(code) {
		return code
	}
	return ""
}

// errNoVerdict is a reply that neither says that the call succeeded nor that it failed.
var errNoVerdict = errors.New("its success is neither true nor false")

// readRefusal reads a JSON reply that does not say that the call succeeded.
func (c *Client) readRefusal(op operation, reply *httpclient.Reply) *Error {
	var body refusalBody
	if err := lenient(reply.Body, &body); err != nil {
		if reply.Status >= 500 {
			failed := c.refusal(op, ErrInternal, reply, "", "")
			failed.MayHaveRun = op.effect == httpclient.Write
			return failed
		}
		if !looksLikeObject(reply.Body) && reply.Status >= 400 {
			return c.foreign(op, reply) // whatever its content type says
		}
		return c.unreadable(op, reply, err)
	}
	var keys map[string]json.RawMessage
	_ = lenient(reply.Body, &keys) // what is no object has none
	code, said := body.code(), body.said()
	switch {
	case reply.Status >= 500:
		failed := c.refusal(op, ErrInternal, reply, code, said)
		failed.MayHaveRun = op.effect == httpclient.Write
		return failed
	case !body.isOurs(reply.Status, len(keys)):
		return c.foreign(op, reply)
	case reply.Status == http.StatusTooManyRequests:
		return c.limited(op, reply, code, said)
	case reply.Status < 400 && body.Success != nil && string(body.Success) != "false":
		// Neither yes nor no: something on the way has rewritten it.
		return c.unreadable(op, reply, errNoVerdict)
	}
	failed := c.refusal(op, kindOfRefusal(reply.Status, code, said), reply, code, said)
	failed.Plain = op.effect == httpclient.Write && !failed.is(ErrRefused) && !hasOwnCode(code) && body.ErrorType == "" && !strings.HasPrefix(said, matchError)
	failed.strange = kindOfCode(code) == nil && !hasOwnCode(code)
	c.challenge(failed, body.Details)
	return failed
}

// matchError begins the sentence of a refused parameter.
const matchError = "Match error"

// kindOfRefusal classifies a refusal by its code and, where that says nothing, by its status.
func kindOfRefusal(status int, code, said string) error {
	switch {
	case status == http.StatusUnauthorized && (code == "unauthorized" || code == "forbidden"):
		// 9.0 answers a failed login with the bare word; that is not about permissions.
		return ErrUnauthorized
	case strings.HasPrefix(said, matchError): // the wire has no code for it
		return ErrInvalidRequest
	case strings.HasPrefix(said, offlineLicense):
		return ErrOfflineLicense
	case isCutOff(said):
		return failure.ServerCutOff
	}
	if kind := kindOfCode(code); kind != nil {
		return kind
	}
	switch status {
	case http.StatusUnauthorized:
		return ErrUnauthorized
	case http.StatusForbidden:
		return ErrForbidden
	case http.StatusMethodNotAllowed:
		// A wrong verb on an existing path, up to 6.13.
		return ErrNoSuchCall
	}
	switch {
	case passesOn(said, "[429]", "too_many_requests", "Too Many Requests"):
		return failure.ServerSlowedDown
	case passesOn(said, "[400]", "[401]", "[403]", "[404]", "[410]", "invalid_", "expired", "Bad Request", "Unauthorized", "Forbidden", "Not Found", "Gone"):
		return failure.ServerTurnedDown
	}
	return ErrRefused
}

// offlineLicense is how the refusal of a call that an offline license forbids begins (from 8.7): the wire has no code for it.
const offlineLicense = "Cloud connectivity is disabled by the offline license"

// isCutOff reports whether a refusal is what a server says, without a code, whose own call to the Cloud got no answer: none at all, no JSON, or up to 6.0 a 5xx.
func isCutOff(said string) bool {
	return strings.HasPrefix(said, "request to ") && strings.Contains(said, " failed, reason: ") ||
		strings.HasPrefix(said, "invalid json response body at ") || strings.HasPrefix(said, "failed [5")
}

// passesOn reports whether a refusal is what a server says whose own call to the Cloud was refused: the wire has no code for it. Servers pass on the Cloud's
// answer: "failed [400] …" up to 6.0, the bare code at 6.4 ("invalid_device_code"), "…: Bad Request" from 6.5.
func passesOn(said string, signs ...string) bool {
	return slices.ContainsFunc(signs, func(sign string) bool { return strings.Contains(said, sign) })
}

// kindOfCode classifies the codes that REST and methods share; nil for any other.
func kindOfCode(code string) error {
	switch code {
	case "totp-required":
		return ErrTwoFactorRequired
	case "totp-invalid", "totp-max-attempts":
		return ErrTwoFactorInvalid
	case "too-many-requests", "error-too-many-requests":
		return ErrRateLimited
	case "unauthorized", "forbidden", "not-authorized", "error-unauthorized", "error-not-authorized", "error-not-allowed",
		"error-action-not-allowed":
		return ErrForbidden
	case "error-login-blocked-for-user", "error-login-blocked-for-ip":
		return failure.LoginBlocked
	case "error-user-is-not-activated":
		return failure.UserNotActive
	case "error-app-user-is-not-allowed-to-login":
		return failure.NoPassword
	case "error-invalid-user", "error-logged-out":
		return ErrUnauthorized
	case "invalid-params", "error-invalid-params", "error-invalid-param", "error-invalid-payload":
		return ErrInvalidRequest
	}
	return nil
}

// challenge keeps what a workspace asks for, so that the call can be made again with a second factor.
func (c *Client) challenge(failed *Error, details challengeBody) {
	if !failed.is(ErrTwoFactorRequired) {
		return
	}
	method := details.Method
	if !isFactorMethod(method) {
		method = "totp"
	}
	methods := slices.DeleteFunc(details.Methods, func(text string) bool { return !isFactorMethod(text) })
	failed.Challenge = &Challenge{Operation: failed.Operation, Method: method, CodeSent: details.CodeGenerated, Methods: methods}
}

// isFactorMethod reports whether a text can name a method of the second factor: it is shown to a person and sent in a header.
func isFactorMethod(text string) bool {
	const longest = 32
	return len(text) <= longest && isHeaderText(text)
}

// limited is a refusal by a rate limit. Rocket.Chat says when to come back in X-RateLimit-Reset, or at least in words.
func (c *Client) limited(op operation, reply *httpclient.Reply, code, said string) *Error {
	failed := c.refusal(op, ErrRateLimited, reply, code, said)
	now := c.Clock().Now()
	if failed.RetryAt = reply.RetryAt(now); failed.RetryAt.IsZero() {
		if wait := spokenWait(said); wait > 0 {
			failed.RetryAt = now.Add(wait)
		}
	}
	return failed
}

// spokenWait reads "You must wait 55 seconds before …", or returns zero.
func spokenWait(said string) time.Duration {
	_, rest, _ := strings.Cut(said, "wait ")
	var seconds int32
	if _, err := fmt.Sscanf(rest, "%d second", &seconds); err != nil {
		return 0
	}
	return time.Duration(seconds) * time.Second
}
