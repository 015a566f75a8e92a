package cli

import (
	"context"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/screen"
)

const supportHelp = `Show until when Rocket.Chat supports the workspace's version: the Cloud serves no others. The
answer comes from a list that Rocket.Chat has signed, the workspace's own or else the Cloud's.

The exit code is 0 for a supported version, and 1 for one that is not or of which nothing is
known.`

func (a *app) support() *cobra.Command {
	var c *connection
	source := &supportSource{cloudSource: cloudSource{app: a}}
	cmd := a.leaf("support", "Show until when the workspace's version is supported", func(ctx context.Context) error {
		_, options, err := source.options(c)
		if err != nil {
			return err
		}
		return c.with(ctx, func(ctx context.Context, s session) error { return a.showSupport(ctx, s) }, options...)
	})
	cmd.Long = supportHelp
	cmd.Example = "  rcreg support --workspace https://chat.example.com\n  rcreg support --output json | jq -r .until"
	c = a.connectTo(cmd)
	source.flags(cmd)
	return cmd
}

func (a *app) showSupport(ctx context.Context, s session) error {
	support, err := s.Support(ctx)
	if err != nil {
		return err
	}
	if err := a.show(supportView{s.workspace.Address(), support, a.system.Clock.Now()}); err != nil {
		return err
	}
	if support.State != registration.Supported {
		return errAnsweredBadly
	}
	return nil
}

type supportView struct {
	Workspace string `json:"workspace"`
	registration.Support
	now time.Time
}

func (v supportView) text(out io.Writer, s style) {
	heading(out, s, v.Workspace, v.Version)
	state := s.Bad(string(v.State))
	if v.State == registration.Supported {
		state = s.Good(string(v.State))
	}
	if v.Exception {
		state += " by an exception for this workspace"
	}
	enforced := "Enforced since"
	if v.EnforcedSince.After(v.now) {
		enforced = "Enforced from"
	}
	rows := [][]string{
		{"State", state},
		{"Until", day(v.Until)},
		{"Says", "the signed list of the " + v.Source},
		{"Issued", day(v.Issued)},
		{enforced, day(v.EnforcedSince)},
	}
	if v.Issued.After(v.now.Add(time.Hour)) {
		rows = append(rows, []string{"Note", "the list was issued after what the clock of this machine shows (" + day(v.now) + "): set the clock"})
	}
	screen.Columns(out, rows)
}

func day(at time.Time) string {
	if at.IsZero() {
		return "not said"
	}
	return at.UTC().Format(time.DateOnly)
}
