package workspace

import (
	"context"
	"errors"
	"net/url"

	"github.com/hashicorp/go-version"

	"github.com/rcreg/registration/internal/httpclient"
)

// Client is the client of one workspace. It is safe for concurrent use and starts no goroutine.
type Client struct {
	address     httpclient.Address
	credentials Credentials
	http        *httpclient.Client
	twoFactor   TwoFactor
}

// New makes a client; it sends nothing. Errors: *Error of kind ErrAddress or ErrInvalidRequest.
func New(address string, credentials Credentials, options ...Option) (*Client, error) {
	var s settings
	for _, option := range options {
		if err := option(&s); err != nil {
			return nil, err
		}
	}
	parsed, err := httpclient.ParseAddress(address, s.plainHTTP)
	if err != nil {
		return nil, &Error{Operation: "new client", Kind: ErrAddress, Err: err}
	}
	return &Client{address: parsed, credentials: credentials, http: httpclient.New(s.http), twoFactor: s.twoFactor}, nil
}

// Address returns the base address without a slash at the end.
func (c *Client) Address() string { return c.address.String() }

// Clock returns the clock that the client waits on.
func (c *Client) Clock() Clock { return c.http.Clock() }

var errNotYet = errors.New("not implemented")

// Version returns the version of the workspace, asked once and then remembered.
func (c *Client) Version(ctx context.Context) (*version.Version, error) { return nil, errNotYet }

// Info asks GET /api/info.
func (c *Client) Info(ctx context.Context) (Info, error) { return Info{}, errNotYet }

// Get asks a REST endpoint that only reads.
func (c *Client) Get(ctx context.Context, endpoint string, query url.Values, out any) error {
	return errNotYet
}

// Post calls a REST endpoint that writes.
func (c *Client) Post(ctx context.Context, endpoint string, body, out any) error { return errNotYet }

// ReadMethod calls a method that only reads.
func (c *Client) ReadMethod(ctx context.Context, method string, out any, params ...any) error {
	return errNotYet
}

// CallMethod calls a method that writes.
func (c *Client) CallMethod(ctx context.Context, method string, out any, params ...any) error {
	return errNotYet
}

// Close logs out if the client had logged in.
func (c *Client) Close(ctx context.Context) error { return nil }
