package workspace

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"

	"github.com/hashicorp/go-version"

	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/clock"
	"github.com/rcreg/registration/internal/httpclient"
)

// Client is the client of one workspace. It is safe for concurrent use and starts no goroutine. Make one with [New]: an empty or nil one, like a nil context, is
// refused with [ErrInvalidRequest].
type Client struct {
	address     httpclient.Address
	api         string // the address of REST endpoints, with a slash at the end
	credentials Credentials
	fixed       *session // of a token; nil for a password
	http        *httpclient.Client
	twoFactor   TwoFactor

	version shared[version.Version]
	session shared[session] // of a password
	onlyDDP atomic.Bool     // method.call turned out not to be there

	redacted redacted
}

// New makes a client; it sends nothing. Errors: *Error of kind ErrAddress or ErrInvalidRequest.
func New(address string, credentials Credentials, options ...Option) (*Client, error) {
	var s settings
	for _, option := range options {
		if option == nil {
			return nil, &Error{Operation: newClient, Kind: ErrInvalidRequest, detail: "an option is nil"}
		}
		if err := option(&s); err != nil {
			return nil, &Error{Operation: newClient, Kind: ErrInvalidRequest, detail: err.Error(), Err: err}
		}
	}
	if err := credentials.check(); err != nil {
		return nil, &Error{Operation: newClient, Kind: ErrInvalidRequest, detail: err.Error(), Err: err}
	}
	parsed, err := httpclient.ParseAddress(address, s.plainHTTP)
	if err != nil {
		return nil, &Error{Operation: newClient, Kind: addressKind(err), detail: err.Error(), Err: err}
	}
	c := &Client{
		address:     parsed,
		api:         parsed.URL("api", "v1") + "/",
		credentials: credentials,
		http:        httpclient.New(s.http),
		twoFactor:   s.twoFactor,
	}
	if credentials.user == "" {
		c.fixed = newSession(credentials.userID, credentials.token)
	}
	return c, nil
}

// addressKind is the kind of an address that cannot be used.
func addressKind(err error) error {
	if errors.Is(err, failure.PlainHTTP) {
		return failure.PlainHTTP
	}
	return ErrAddress
}

// newClient is the operation in the errors of New.
const newClient = "new client"

// Address returns the base address without a slash at the end.
func (c *Client) Address() string {
	if c == nil {
		return ""
	}
	return c.address.String()
}

// Clock returns the clock that the client waits on.
func (c *Client) Clock() Clock {
	if c == nil || c.http == nil {
		return clock.System()
	}
	return c.http.Clock()
}

// Close logs out if the client had logged in (POST /api/v1/logout), and drops idle connections. A later call logs in
// again. A workspace that has forgotten the login by itself is no error.
func (c *Client) Close(ctx context.Context) error {
	if failed := c.usable(ctx, operation{name: "close"}); failed != nil {
		return failed
	}
	defer c.http.CloseIdleConnections()
	return c.logout(ctx)
}

// usable refuses a client that New has not made, and a nil context. Nothing was sent.
func (c *Client) usable(ctx context.Context, op operation) *Error {
	switch {
	case c == nil || c.http == nil:
		return c.failure(op, ErrInvalidRequest, "the client is empty: make one with workspace.New")
	case ctx == nil:
		return c.failure(op, ErrInvalidRequest, "the context is nil: use context.Background, better with a time limit")
	}
	return nil
}

// operation is one call as errors, logs and records see it.
type operation struct {
	name     string
	protocol string // ProtocolREST, ProtocolMethodCall or ProtocolDDP
	effect   httpclient.Effect
	// sent is what goes to the workspace as parameters, and must not come back in an error.
	sent any
}

// attempt makes a call once, as the given caller. It returns nil when the call succeeded.
type attempt func(who caller) *Error

// caller is who makes an attempt.
type caller struct {
	session *session // nil for an anonymous caller
	factor  factor
	header  http.Header
}

// perform makes a call with all that may be needed around it: a login, repetition, a fresh login when the old one has
// expired, unless a write may have been carried out, and a second factor.
func (c *Client) perform(ctx context.Context, op operation, try attempt) error {
	who, err := c.current(ctx)
	if err != nil {
		return err
	}
	as := caller{session: who, header: who.header}
	failed := c.repeat(ctx, op, as, try(as), try)
	if failed.is(ErrUnauthorized) && c.fixed == nil {
		c.session.drop(who)
		if failed.Plain {
			return failed // it may have been carried out: the next call logs in
		}
		if who, err = c.current(ctx); err != nil {
			return err
		}
		as = caller{session: who, header: who.header}
		if failed = c.repeat(ctx, op, as, try(as), try); failed.is(ErrUnauthorized) {
			failed.Kind = failure.TokenNotSeen
		}
	}
	if failed.asksFactor() {
		failed = c.withFactor(ctx, op, failed, as, try)
	}
	if failed != nil {
		return failed
	}
	return nil
}

// repeat makes attempts after one that failed, until one succeeds or no further one is allowed. It returns how the last one ended.
func (c *Client) repeat(ctx context.Context, op operation, who caller, failed *Error, try attempt) *Error {
	for tries := c.http.Tries(op.effect); failed != nil; failed = try(who) {
		another, waitErr := tries.Another(ctx, failed.verdict())
		if waitErr != nil {
			failed.gaveUp(waitErr)
		}
		if !another {
			break
		}
	}
	return failed
}
