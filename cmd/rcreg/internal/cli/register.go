package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration"
)

const registerHelp = `Register the workspace, with a registration token from the Cloud console or by e-mail (from 4.4; with
--via relay any version).

The token comes from RCREG_REGISTRATION_TOKEN, a file, or stdin. It works once; on a registered
workspace it is not spent, unless --replace has it registered once more: the only way out up to 6.4
where the Cloud has dropped the workspace.

With --email the Cloud sends a message to be confirmed. The command keeps a ticket
and ends with exit code 3; the same command again, or rcreg resume, looks whether it was
confirmed, and --wait does so until it is. The ticket is a secret: it is kept in a file that only
you can read, and removed when the workspace is registered.

With --complete-setup the setup wizard is ended once the workspace is registered, which 6.x and later
ask for: an unattended installation is then registered and open. On a registered workspace that needs
no token. It takes the permission edit-privileged-setting and, from 3.18, a second factor.

Where the workspace does not reach the Cloud, --via names another transport:
--via relay goes over this machine, which reaches both. What the Cloud gives for the token is kept in
the state folder until the workspace is seen registered: run it again after whatever went wrong.
--via offline takes no token. It writes a request into the --exchange folder, which is carried to
rcreg courier run or to the Cloud console, and ends with exit code 3; the same command again, or
rcreg offline apply, applies the answer. --wait looks until one comes. Over both, --replace-license
lets the Cloud's license replace a better one that is in force.`

const registerExample = `  rcreg register --token-file token.txt
  pass show chat/token | rcreg register --token-stdin
  rcreg register --email ops@example.com --wait
  rcreg register --via relay --token-file token.txt
  rcreg register --via offline --exchange /media/stick/exchange`

type registerFlags struct {
	tokenFile  string
	tokenStdin bool
	email      string
	resend     bool
	wait       bool
	ticketFile string
	// replaceLicense is the consent to a worse license than the one in force.
	replaceLicense bool
	// completeSetup is the consent to end the setup wizard of a registered workspace.
	completeSetup bool
	// replace is the consent to register a registered workspace once more.
	replace bool
}

func (a *app) register() *cobra.Command {
	var c *connection
	var r *transport
	var f registerFlags
	cmd := a.leaf("register", "Register the workspace, with a token, by e-mail or across an air gap", func(ctx context.Context) error {
		return a.runRegister(ctx, c, r, f)
	})
	cmd.Long, cmd.Example = registerHelp, registerExample
	c, r = a.connectTo(cmd), a.registerTransportOf(cmd)
	flags := cmd.Flags()
	flags.StringVar(&f.tokenFile, "token-file", "", "`FILE` with the registration token (RCREG_REGISTRATION_TOKEN)")
	flags.BoolVar(&f.tokenStdin, "token-stdin", false, "read the registration token from stdin")
	flags.StringVar(&f.email, "email", "", "register by a message to this `ADDRESS`")
	flags.BoolVar(&f.resend, "resend", false, "with --email: send the message once more, and replace the ticket")
	replaceLicenseFlag(cmd, &f.replaceLicense)
	flags.BoolVar(&f.replace, "replace", false, "register a registered workspace once more, with a token")
	flags.BoolVar(&f.completeSetup, "complete-setup", false, "end the setup wizard once the workspace is registered, also where it was before")
	waitFlags(cmd, &f.wait, &f.ticketFile)
	cmd.MarkFlagsMutuallyExclusive("email", "token-file", "token-stdin")
	return cmd
}

// runRegister registers over the transport that was asked for.
func (a *app) runRegister(ctx context.Context, c *connection, r *transport, f registerFlags) error {
	c.completesSetup = f.completeSetup
	via, err := r.name()
	switch {
	case err != nil:
		return err
	case via == viaOffline && f.ticketFile != "":
		return usage("--ticket-file is for --email", "leave it out: the state folder knows the request")
	case via == viaOffline:
		return a.registerOffline(ctx, c, &r.gap, registration.Request{ReplaceLicense: f.replaceLicense, Replace: f.replace}, f.wait)
	case f.email != "":
		return a.registerByEmail(ctx, c, r, f)
	}
	request, err := a.tokenRequest(f)
	if err != nil && f.completeSetup && !a.hasToken(f) {
		return r.operate(ctx, c, foundRegistered(err))
	}
	if err != nil {
		return err
	}
	return r.operate(ctx, c, func(ctx context.Context, s session) (registration.Result, error) { return s.Register(ctx, request) })
}

// waitFlags adds the flags of a registration that waits for confirmation.
func waitFlags(cmd *cobra.Command, wait *bool, ticketFile *string) {
	cmd.Flags().BoolVar(wait, "wait", false, "wait until the message is confirmed or has expired, or the answer has come")
	cmd.Flags().StringVar(ticketFile, "ticket-file", "", "keep the ticket in this `FILE`, not in the configuration folder")
}

// replaceLicenseFlag adds the consent to a worse license than the one in force.
func replaceLicenseFlag(cmd *cobra.Command, consent *bool) {
	cmd.Flags().BoolVar(consent, "replace-license", false, "over a relay or an air gap: let a worse license replace the one in force")
}

// hasToken reports whether a registration token was named.
func (a *app) hasToken(f registerFlags) bool {
	return f.tokenStdin || f.tokenFile != "" || a.system.Getenv("RCREG_REGISTRATION_TOKEN") != ""
}

// tokenRequest reads the registration token. Nothing is sent when it cannot be one.
func (a *app) tokenRequest(f registerFlags) (registration.Request, error) {
	if f.resend || f.wait || f.ticketFile != "" {
		return registration.Request{}, usage("--resend, --wait and --ticket-file are for --email", "add --email ADDRESS, or leave them out; --wait is also for --via offline")
	}
	source, text := "RCREG_REGISTRATION_TOKEN", a.system.Getenv("RCREG_REGISTRATION_TOKEN")
	var err error
	switch {
	case f.tokenStdin:
		source = "the token on stdin"
		text, err = secretStream(source, a.Stdin)
	case f.tokenFile != "":
		source, text, err = secretFile("token-file", f.tokenFile)
	case text == "":
		err = usage("no registration token was given", "set RCREG_REGISTRATION_TOKEN, pass --token-file or --token-stdin, or register with --email")
	}
	if err != nil {
		return registration.Request{}, err
	}
	token, err := tokenText(source, text)
	return registration.Request{Token: token, ReplaceLicense: f.replaceLicense, Replace: f.replace}, err
}
