package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/advice"
	"github.com/rcreg/registration/internal/command"
	"github.com/rcreg/registration/internal/httpclient"
	"github.com/rcreg/registration/internal/screen"
	"github.com/rcreg/registration/workspace"
)

// connection says which workspace a command works on and as whom: by flags or by the environment.
type connection struct {
	app          *app
	workspace    string
	userID       string
	tokenFile    string
	user         string
	passwordFile string
	plainHTTP    bool
	timeout      time.Duration
	settingsLag  command.SettingsLag
	clock        workspace.Clock
	// endless leaves the time unlimited unless --timeout was given: for commands that wait for a person.
	endless bool
	// completesSetup ends the setup wizard after a registration.
	completesSetup bool
}

// connectTo adds the flags of a connection to a command.
func (a *app) connectTo(cmd *cobra.Command) *connection {
	c := a.identify(cmd)
	flags := cmd.Flags()
	flags.BoolVar(&c.plainHTTP, "plain-http", false, "allow http:// to another machine: credentials then travel in clear")
	flags.DurationVar(&c.timeout, "timeout", 0, "give up after this `DURATION` (3m by default, no limit with --wait)")
	c.settingsLag.Add(flags)
	a.tls.Add(flags)
	return c
}

// identify adds the flags that say which workspace and as whom.
func (a *app) identify(cmd *cobra.Command) *connection {
	c := &connection{app: a, clock: a.system.Clock}
	flags := cmd.Flags()
	flags.StringVarP(&c.workspace, "workspace", "w", "", "`URL` of the workspace (RCREG_WORKSPACE)")
	flags.StringVar(&c.userID, "user-id", "", "user `ID` of the token (RCREG_USER_ID)")
	flags.StringVar(&c.tokenFile, "auth-token-file", "", "`FILE` with the personal access token (RCREG_AUTH_TOKEN)")
	flags.StringVar(&c.user, "user", "", "log in as this `NAME` or e-mail address instead (RCREG_USER)")
	flags.StringVar(&c.passwordFile, "password-file", "", "`FILE` with the password (RCREG_PASSWORD; asked for on a terminal)")
	cmd.MarkFlagsMutuallyExclusive("user-id", "user")
	cmd.MarkFlagsMutuallyExclusive("auth-token-file", "password-file")
	return c
}

// defaultTimeout leaves room for an act whose reply is lost (a minute), the looks after it, and a rate limit of a minute.
const defaultTimeout = 3 * time.Minute

// limit applies the timeout.
func (c *connection) limit(ctx context.Context) (context.Context, context.CancelFunc) {
	if c.app.StderrTerminal && !c.app.Verbose { // a log shows more
		ctx = httpclient.WithObserver(ctx, (&waiting{out: c.app.Stderr}).call)
	}
	switch {
	case c.timeout > 0:
		return context.WithTimeout(ctx, c.timeout)
	case c.endless:
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, defaultTimeout)
}

// open makes the workspace's client. It sends nothing, so that everything wrong here is wrong usage.
func (c *connection) open(ctx context.Context) (*workspace.Client, error) {
	address := c.address()
	if address == "" {
		return nil, usage("no workspace was named", "pass --workspace https://chat.example.com or set RCREG_WORKSPACE")
	}
	if c.timeout < 0 {
		return nil, usage("the timeout is negative", "pass a duration such as --timeout 90s")
	}
	credentials, err := c.credentials(ctx)
	if err != nil {
		return nil, err
	}
	options := []workspace.Option{
		workspace.WithClock(c.clock), workspace.WithLogger(c.app.logger()), workspace.WithTwoFactor(c.app.secondFactor),
		workspace.WithUserAgent("rcreg"),
	}
	if c.plainHTTP {
		options = append(options, workspace.WithPlainHTTP())
	}
	over, err := c.app.tls.RoundTripper(c.app.Getenv)
	switch {
	case err != nil:
		return nil, err
	case over != nil:
		options = append(options, workspace.WithRoundTripper(over))
	}
	ws, err := workspace.New(address, credentials, options...)
	if err != nil {
		return nil, unusable("the workspace cannot be used: ", err, "pass an address such as --workspace https://chat.example.com")
	}
	return ws, nil
}

// unusable is the wrong usage of a client that cannot be made.
func unusable(what string, err error, next string) error {
	if errors.Is(err, failure.PlainHTTP) {
		next = advice.InFlags(failure.Remedies(err))
	}
	return usage(what+summary(err), next)
}

func (c *connection) address() string { return c.app.or(c.workspace, "RCREG_WORKSPACE") }

// or returns a flag's value, and the environment's where the flag was not given.
func (a *app) or(flag, variable string) string {
	if flag != "" {
		return flag
	}
	return a.system.Getenv(variable)
}

// credentials finds out who calls. Flags go before the environment, and a token before a login.
func (c *connection) credentials(ctx context.Context) (workspace.Credentials, error) {
	switch user := c.app.or(c.user, "RCREG_USER"); {
	case c.user != "" || c.passwordFile != "":
		return c.login(ctx, user)
	case c.userID != "" || c.tokenFile != "" || c.app.system.Getenv("RCREG_USER_ID") != "" || c.app.system.Getenv("RCREG_AUTH_TOKEN") != "":
		return c.token()
	case user != "":
		return c.login(ctx, user)
	}
	return workspace.Credentials{}, usage("no credentials were given",
		"set RCREG_USER_ID and RCREG_AUTH_TOKEN to a personal access token of an administrator, or RCREG_USER to a user to log in as")
}

func (c *connection) token() (workspace.Credentials, error) {
	userID := c.app.or(c.userID, "RCREG_USER_ID")
	if userID == "" {
		return workspace.Credentials{}, usage("the token's user id is missing", "pass --user-id or set RCREG_USER_ID")
	}
	source, text := "RCREG_AUTH_TOKEN", c.app.system.Getenv("RCREG_AUTH_TOKEN")
	switch {
	case c.tokenFile != "":
		var err error
		if source, text, err = secretFile("auth-token-file", c.tokenFile); err != nil {
			return workspace.Credentials{}, err
		}
	case text == "":
		return workspace.Credentials{}, usage("the token is missing", "set RCREG_AUTH_TOKEN or pass --auth-token-file")
	}
	text, err := tokenText(source, text)
	return workspace.Token(userID, text), err
}

func (c *connection) login(ctx context.Context, user string) (workspace.Credentials, error) {
	if user == "" {
		return workspace.Credentials{}, usage("the user to log in as is missing", "pass --user or set RCREG_USER")
	}
	source, text := "RCREG_PASSWORD", c.app.system.Getenv("RCREG_PASSWORD")
	var err error
	switch {
	case c.passwordFile != "":
		source, text, err = secretFile("password-file", c.passwordFile)
	case text == "" && c.app.system.Ask != nil:
		source = "the password"
		text, err = c.app.system.Ask(ctx, fmt.Sprintf("Password of %s: ", user), false)
	case text == "":
		err = usage("the password is missing", "set RCREG_PASSWORD, pass --password-file, or run it on a terminal")
	}
	if err != nil {
		return workspace.Credentials{}, err
	}
	text, err = secretText(source, text)
	return workspace.Password(user, text), err
}

// session is a connection in use.
type session struct {
	*registration.Client
	workspace *workspace.Client
}

// with finds out the workspace's version and runs one piece of work on it.
func (c *connection) with(ctx context.Context, do func(context.Context, session) error, options ...registration.Option) error {
	lag, err := c.settingsLag.Options(c.app.Getenv)
	if err != nil {
		return err
	}
	return c.reach(ctx, func(ctx context.Context, ws *workspace.Client) error {
		client, err := registration.New(ctx, ws, slices.Concat(options, lag)...)
		if err != nil {
			return err
		}
		return do(ctx, session{client, ws})
	})
}

// reach opens the workspace without asking it anything, runs one piece of work on it, and logs out where a login was made.
func (c *connection) reach(ctx context.Context, do func(context.Context, *workspace.Client) error) error {
	ctx, cancel := c.limit(ctx)
	defer cancel()
	ws, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer c.logOut(ctx, ws)
	return do(ctx, ws)
}

// logOut ends a login also when the work ran out of time. The work is done by then, so that a failure is only worth a remark.
func (c *connection) logOut(ctx context.Context, ws *workspace.Client) {
	const timeout = 10 * time.Second
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeout)
	defer cancel()
	if err := ws.Close(ctx); err != nil {
		c.app.Say(func(out io.Writer, _ style) { screen.Printf(out, "Note: logging out failed: %v\n", err) })
	}
}
