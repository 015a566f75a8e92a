package workspace

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/rcreg/registration/internal/httpclient"
)

const jsonType = "application/json"

// Get asks a REST endpoint that only reads, such as "cloud.registrationStatus", and decodes its reply into out (nil drops
// it). It is repeated after connection errors, 429 and 5xx. Errors: *Error.
func (c *Client) Get(ctx context.Context, endpoint string, query url.Values, out any) error {
	return c.rest(ctx, restOperation(http.MethodGet, endpoint, httpclient.Read, query), endpoint, &httpclient.Request{Verb: http.MethodGet, Query: query}, out)
}

// GetOnce asks a REST endpoint whose GET changes something, such as "cloud.confirmationPoll", which registers the
// workspace. Unlike Get it is a write: repeated only when it provably was not carried out. Errors: *Error.
func (c *Client) GetOnce(ctx context.Context, endpoint string, query url.Values, out any) error {
	return c.rest(ctx, restOperation(http.MethodGet, endpoint, httpclient.Write, query), endpoint, &httpclient.Request{Verb: http.MethodGet, Query: query}, out)
}

func restOperation(verb, endpoint string, effect httpclient.Effect, sent any) operation {
	return operation{name: verb + " " + endpoint, protocol: ProtocolREST, effect: effect, sent: sent}
}

// Post calls a REST endpoint that writes, such as "cloud.syncWorkspace". The body is sent as JSON, a nil one as {}. The
// call is sent again only after a dial error or 429, never when it may have been carried out. Errors: *Error.
func (c *Client) Post(ctx context.Context, endpoint string, body, out any) error {
	op := restOperation(http.MethodPost, endpoint, httpclient.Write, body)
	encoded := []byte("{}")
	if body != nil {
		var err error
		if encoded, err = json.Marshal(body); err != nil {
			return c.unsendable(op, err)
		}
	}
	return c.rest(ctx, op, endpoint, &httpclient.Request{Verb: http.MethodPost, ContentType: jsonType, Body: encoded}, out)
}

func (c *Client) rest(ctx context.Context, op operation, endpoint string, request *httpclient.Request, out any) error {
	if failed := c.usable(ctx, op); failed != nil {
		return failed
	}
	address, err := c.endpointURL(endpoint)
	if err != nil {
		return c.failure(op, ErrInvalidRequest, err.Error())
	}
	request.URL = address
	return c.perform(ctx, op, func(who caller) *Error {
		reply, failed := c.send(ctx, op, who, request)
		if failed != nil {
			return failed
		}
		return c.readReply(op, reply, out)
	})
}

// send sends a request once and writes the call down.
func (c *Client) send(ctx context.Context, op operation, who caller, request *httpclient.Request) (*httpclient.Reply, *Error) {
	request.Operation, request.Effect, request.Header, request.Fresh = op.name, op.effect, who.header, true
	reply, err := c.http.Once(ctx, request)
	if err != nil {
		note(ctx, op, 0)
		return nil, c.unanswered(op, err)
	}
	note(ctx, op, reply.Status)
	return reply, nil
}
