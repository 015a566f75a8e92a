package registration

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/go-version"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/httpclient"
	"github.com/rcreg/registration/workspace"
)

// Client registers, syncs and disconnects one workspace, and reports what really happened. It is immutable, safe for concurrent use, and starts
// no goroutine. Make one with [New]: an empty or nil one, like a nil context, is refused with [ErrInvalidInput].
type Client struct {
	workspace  *workspace.Client
	session    *Session
	version    string
	transport  Transport
	cloud      *cloud.Client
	supportKey *rsa.PublicKey // nil for Rocket.Chat's own, which is read when it is needed: a fleet makes clients by the thousand
	actTimeout time.Duration
	// readTimeout is zero for the default of the workspace's client.
	readTimeout time.Duration
	// settingsLag is how long the workspace's settings cache may trail its database.
	settingsLag time.Duration
	// readsSettings reports whether a status has what the public settings say.
	readsSettings bool
}

// Option changes how a [Client] works. Every option has a safe default.
type Option func(*Client) error

// WithTransport chooses the way to the Cloud. The default is [Direct].
func WithTransport(t Transport) Option {
	return func(c *Client) error {
		if t == nil {
			return errors.New("the transport is nil")
		}
		if t.Info().Name == "" {
			return errors.New("the transport has no name")
		}
		c.transport = t
		return nil
	}
}

// WithCloud gives the client that [Client.Support] asks where the workspace has no signed list. The default asks Rocket.Chat Cloud.
func WithCloud(client *cloud.Client) Option {
	return func(c *Client) error {
		if client == nil {
			return errors.New("the cloud client is nil")
		}
		c.cloud = client
		return nil
	}
}

// WithSupportKey replaces Rocket.Chat's key, with which the list of supported versions must be signed: for tests.
func WithSupportKey(key *rsa.PublicKey) Option {
	return func(c *Client) error {
		if key == nil {
			return errors.New("the support key is nil")
		}
		c.supportKey = key
		return nil
	}
}

// defaultActTimeout is above the 25 s that 6.13 takes for a sync while the Cloud hangs.
const defaultActTimeout = time.Minute

// WithActTimeout sets how long one call that changes something may take before the client stops waiting and lets the status decide.
// The default is one minute: with a hanging Cloud, servers up to 6.0 would not answer at all.
func WithActTimeout(d time.Duration) Option {
	return func(c *Client) error {
		if d <= 0 {
			return fmt.Errorf("the time for an act must be positive, not %s", d)
		}
		c.actTimeout = d
		return nil
	}
}

// WithReadTimeout sets how long a workspace may take to answer one question, from the dial to the last byte; [New], [Client.Status] and every other reading call
// fail after it. The default is 30 seconds. A server that was silent for so long is not asked again; waits that a server asks for, such as those of a rate
// limit, do not count. A deadline of the context bounds all of it together.
func WithReadTimeout(d time.Duration) Option {
	return func(c *Client) error {
		if d <= 0 {
			return fmt.Errorf("the time for a read must be positive, not %s", d)
		}
		c.readTimeout = d
		return nil
	}
}

// WithSettingsLag says how long a workspace's settings cache may trail its database; default 10 s, for which servers themselves wait. What the status says
// right after an act is believed only after that time, unless nothing can change it any more. Less is for those who know their servers: what then shows
// later than that is reported wrongly. Zero believes the first look.
func WithSettingsLag(d time.Duration) Option {
	return func(c *Client) error {
		if d < 0 {
			return fmt.Errorf("the lag of a settings cache cannot be negative: %s", d)
		}
		c.settingsLag = d
		return nil
	}
}

// WithVersion gives the version of the server, such as the one that [workspace.Client.Info] has just told: [New] then asks nothing. A wrong one makes the client
// believe what servers of the true version do not mean.
func WithVersion(text string) Option {
	return func(c *Client) error {
		if _, err := version.NewVersion(text); err != nil {
			return fmt.Errorf("%.40q is no version", text)
		}
		c.version = text
		return nil
	}
}

// New returns a client for a workspace. It asks the workspace for its version, once, unless [WithVersion] gives it.
//
// Errors: [ErrUnsupportedVersion] below 3.0; [ErrUnsupported] for a workspace hosted by Rocket.Chat itself, with nothing sent; [ErrInvalidInput] for
// an option that makes no sense; otherwise why the version could not be read.
func New(ctx context.Context, ws *workspace.Client, options ...Option) (*Client, error) {
	c, err := prepare(ws, options)
	if err != nil {
		return nil, err
	}
	if err := c.usable(ctx, "open"); err != nil {
		return nil, err
	}
	if c.hostedByRocketChat() {
		return nil, c.fail("open", ErrUnsupported, failure.Hosted, next{})
	}
	v, err := c.serverVersion(ctx)
	if err != nil {
		return nil, c.fail("open", kindOf(err), err, next{})
	}
	c.version = v.Original()
	server, ok := versionOf(v)
	if !ok {
		return nil, c.fail("open", ErrUnsupportedVersion, nil, do(failure.UpgradeServer))
	}
	c.session = c.newSession(server)
	return c, nil
}

// serverVersion is the version that was given, else what the workspace says.
func (c *Client) serverVersion(ctx context.Context) (*version.Version, error) {
	if c.version != "" {
		return version.NewVersion(c.version)
	}
	return c.workspace.Version(c.reading(ctx))
}

// usable refuses a client that New has not made, and a nil context. Nothing was sent.
func (c *Client) usable(ctx context.Context, op string) error {
	switch {
	case c == nil || c.workspace == nil:
		return &Error{Op: op, Kind: ErrInvalidInput, Err: errors.New("the client is empty"), Remedies: failure.Way(failure.MakeClient, "registration.New"), Certain: "nothing was sent"}
	case ctx == nil:
		return c.fail(op, ErrInvalidInput, errors.New("the context is nil"), do(failure.GiveContext).sure("nothing was sent"))
	}
	return nil
}

// newSession makes the session with a server of a version.
func (c *Client) newSession(server serverVersion) *Session {
	return &Session{workspace: c.workspace, server: server, timeout: c.actTimeout, readTimeout: c.readTimeout, lag: c.settingsLag}
}

// reading returns the context of a question to the workspace that no session puts.
func (c *Client) reading(ctx context.Context) context.Context {
	return withReadTimeout(ctx, c.readTimeout)
}

func withReadTimeout(ctx context.Context, timeout time.Duration) context.Context {
	if timeout == 0 {
		return ctx
	}
	return httpclient.WithLimit(ctx, timeout)
}

// prepare makes a client that has not asked the workspace anything yet: without version and session.
func prepare(ws *workspace.Client, options []Option) (*Client, error) {
	if ws == nil {
		return nil, &Error{Op: "open", Kind: ErrInvalidInput, Err: errors.New("there is no client of the workspace"), Remedies: failure.Way(failure.MakeClient, "workspace.New")}
	}
	c := &Client{workspace: ws, transport: Direct(), actTimeout: defaultActTimeout, settingsLag: defaultSettingsLag}
	for _, option := range options {
		if option == nil {
			return nil, c.fail("open", ErrInvalidInput, errors.New("an option is nil"), do(failure.CorrectOption))
		}
		if err := option(c); err != nil {
			return nil, c.fail("open", ErrInvalidInput, err, do(failure.CorrectOption))
		}
	}
	if c.cloud == nil {
		client, err := cloud.New(cloud.WithClock(ws.Clock()))
		if err != nil {
			return nil, c.fail("open", nil, err, next{})
		}
		c.cloud = client
	}
	return c, nil
}

// hostedByRocketChat reports whether the address is in the domain under which Rocket.Chat hosts workspaces.
func (c *Client) hostedByRocketChat() bool {
	host := strings.TrimSuffix(strings.ToLower(c.domain()), ".")
	return host == "rocket.chat" || strings.HasSuffix(host, ".rocket.chat")
}

// Status reads what the workspace believes about its registration. One request, and a second one with [WithPublicSettings].
func (c *Client) Status(ctx context.Context) (Status, error) {
	if err := c.usable(ctx, "status"); err != nil {
		return Status{}, err
	}
	status, err := c.session.Status(ctx)
	if err != nil {
		return Status{}, c.fail("status", kindOf(err), err, next{})
	}
	if c.readsSettings {
		c.session.readSettings(ctx, &status)
	}
	return status, nil
}

// Transport says what the transport of the client is; the zero Info for an empty client.
func (c *Client) Transport() Info {
	if c == nil || c.transport == nil {
		return Info{}
	}
	return c.transport.Info()
}

// Session returns the session with this workspace, for calls that no operation of the client covers.
func (c *Client) Session() *Session {
	if c == nil || c.session == nil {
		return &Session{}
	}
	return c.session
}

// failed makes an error of what certainly changed nothing. A transport may have said kind and ways out.
func (c *Client) failed(op string, cause error) error {
	if said := fromTransport(cause); said != nil {
		kind := said.Kind
		if kind == nil {
			kind = meaningOf(said.Err)
		}
		failed := c.fail(op, kind, said.Err, next{said.Remedies, said.Certain})
		if said.Unspent {
			return unspent(failed)
		}
		return failed
	}
	return c.fail(op, kindOf(cause), cause, next{})
}

// fail makes an error of this client. Without ways out of its own it gets those of what happened.
func (c *Client) fail(op string, kind, cause error, way next) error {
	e := &Error{Op: op, Workspace: c.workspace.Address(), Version: c.version, Kind: kind, Err: cause, Remedies: unblock(way.ways, cause), Certain: way.certain}
	if e.Remedies == nil {
		e.Remedies = waysOut(e)
	}
	if e.Certain == "" && errors.Is(e, workspace.ErrNotSent) {
		e.Certain = "nothing was changed"
	}
	return e
}
