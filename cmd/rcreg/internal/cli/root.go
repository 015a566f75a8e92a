package cli

import (
	"context"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration/internal/command"
)

// The groups that the help sorts commands into.
const (
	groupWorkspace = "workspace"
	groupTry       = "try"
)

const rootHelp = `Register, sync and disconnect self-managed Rocket.Chat workspaces (3.0 to 9.x) with Rocket.Chat
Cloud.

Say which workspace and as whom, by flags or by the environment:

  RCREG_WORKSPACE            its address, such as https://chat.example.com
  RCREG_USER_ID              with RCREG_AUTH_TOKEN: a personal access token of an administrator
  RCREG_AUTH_TOKEN
  RCREG_USER                 or with RCREG_PASSWORD: a login
  RCREG_PASSWORD
  RCREG_2FA_CODE             the second factor, where no terminal can ask for it
  RCREG_REGISTRATION_TOKEN   the token from the Cloud console, for register
  RCREG_VIA                  the transport to the Cloud, as --via: direct, relay or offline

A secret is never an argument: it comes from the environment, a file, stdin, or a question on the
terminal.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 pending (waiting for a person), 4 not supported by
this version, 5 outcome unknown.`

// root builds the command tree.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:     "rcreg",
		Short:   "Register Rocket.Chat workspaces with Rocket.Chat Cloud",
		Long:    rootHelp,
		Example: "  rcreg demo\n  rcreg status --workspace https://chat.example.com\n  rcreg register --token-file token.txt",
		Args:    command.NoSuchCommand,
		// How many letters a misspelt command may be off and still be recognized.
		SuggestionsMinimumDistance: 2,
		RunE:                       func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	a.AddFlags(root)
	root.AddGroup(&cobra.Group{ID: groupWorkspace, Title: "Commands on a workspace:"}, &cobra.Group{ID: groupTry, Title: "Commands that need no workspace:"})
	for _, cmd := range []*cobra.Command{
		a.status(), a.register(), a.resume(), a.sync(), a.disconnect(), a.reconnect(), a.capabilities(), a.support(),
		a.doctor(), a.group("license", "Show, apply, ask for or remove a license", a.licenseShow(), a.licenseApply(), a.licenseRequest(), a.licenseRemove()), a.deployment(),
		a.offline(), a.fleet(), a.watch(),
	} {
		cmd.GroupID = groupWorkspace
		root.AddCommand(cmd)
	}
	for _, cmd := range []*cobra.Command{a.courier(), a.demo(), a.sim(), a.version()} {
		cmd.GroupID = groupTry
		root.AddCommand(cmd)
	}
	return root
}

func (a *app) version() *cobra.Command {
	return a.leaf("version", "Show the version of rcreg", func(context.Context) error {
		info, ok := debug.ReadBuildInfo()
		v := command.VersionOf(a.Program, info, ok)
		return a.Show(v, v.Text)
	})
}
