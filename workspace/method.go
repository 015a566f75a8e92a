package workspace

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/rcreg/registration/internal/httpclient"
)

// ReadMethod calls a Meteor method that only reads, such as "cloud:checkRegisterStatus", and decodes its result into out
// (nil drops it). It is repeated like Get. EJSON dates come as RFC 3339 texts. Errors: *Error.
func (c *Client) ReadMethod(ctx context.Context, method string, out any, params ...any) error {
	return c.method(ctx, operation{name: method, effect: httpclient.Read}, params, out)
}

// CallMethod calls a Meteor method that writes, such as "cloud:connectWorkspace". It is sent again only after a dial
// error or when a rate limit refused it, never when it may have been carried out. Errors: *Error.
func (c *Client) CallMethod(ctx context.Context, method string, out any, params ...any) error {
	return c.method(ctx, operation{name: method, effect: httpclient.Write}, params, out)
}

// method takes the protocol that the workspace has: POST method.call/:method from 3.1, the DDP WebSocket before, and where
// method.call turns out not to be there.
func (c *Client) method(ctx context.Context, op operation, params []any, out any) error {
	encoded := make([]any, len(params)) // the server wants a list, not null
	for i, param := range params {
		text, err := json.Marshal(param)
		if err != nil {
			return c.unsendable(op, err)
		}
		encoded[i] = json.RawMessage(text)
	}
	op.sent, params = encoded, encoded
	if _, failed := c.askedVersion(ctx); failed != nil {
		return c.neverSent(failed)
	}
	if c.before("3.1") || c.onlyDDP.Load() {
		return c.methodOverDDP(ctx, op, params, out)
	}
	op.protocol = ProtocolMethodCall
	// The parameters are JSON already, and a text always can be.
	message, _ := json.Marshal(methodMessage{Msg: "method", ID: "1", Method: op.name, Params: params})
	body, _ := json.Marshal(map[string]string{"message": string(message)})
	request := &httpclient.Request{Verb: http.MethodPost, URL: c.api + "method.call/" + httpclient.EscapeElement(op.name), ContentType: jsonType, Body: body}
	err := c.perform(ctx, op, func(who caller) *Error {
		reply, failed := c.send(ctx, op, who, request)
		if failed != nil {
			return failed
		}
		return c.readMethodReply(op, reply, out)
	})
	if !isMissingEndpoint(err) {
		return err
	}
	ddpErr := c.methodOverDDP(ctx, op, params, out)
	if !spokeDDP(ddpErr) {
		return err // the first protocol says more about what is wrong
	}
	c.onlyDDP.Store(true)
	return ddpErr
}

// isMissingEndpoint reports whether method.call itself is not there, which is another thing than a method that is not
// there: that one comes with the code 404.
func isMissingEndpoint(err error) bool {
	var failed *Error
	return errors.As(err, &failed) && failed.is(ErrNoSuchCall) && failed.Code == "" && !failed.MayHaveRun
}

// methodMessage is the method call of DDP, which method.call takes as text. The server wants these keys and no others,
// and an id that is a text (strict from 5.4 to 6.x).
type methodMessage struct {
	Msg    string `json:"msg"`
	ID     string `json:"id"`
	Method string `json:"method"`
	Params []any  `json:"params"`
}
