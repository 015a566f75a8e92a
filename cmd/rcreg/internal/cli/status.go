package cli

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/screen"
)

func (a *app) status() *cobra.Command {
	var c *connection
	cmd := a.leaf("status", "Show what the workspace believes about its registration", func(ctx context.Context) error {
		return c.with(ctx, func(ctx context.Context, s session) error {
			status, err := s.Status(ctx)
			if err != nil {
				return err
			}
			offline, _ := s.ForbidsCloud(ctx) // who may not see the license sees the status
			return a.show(statusView{s.workspace.Address(), s.Capabilities().Version, status, offline})
		}, registration.WithPublicSettings())
	})
	cmd.Long = "Show what the workspace believes about its registration: registered, disconnected or\nunregistered. The Cloud may know better; only a sync asks it.\nFrom 8.7 it also says when the license in force forbids the workspace to ask the Cloud,\nfrom 7.0 how many days are left until it is read-only, for want of a license, and from 6.5\nwhen it waits to be told whether it is a copy or was moved."
	cmd.Example = "  rcreg status --workspace https://chat.example.com\n  rcreg status --output json | jq -r .status.state"
	c = a.connectTo(cmd)
	return cmd
}

type statusView struct {
	Workspace string              `json:"workspace"`
	Version   string              `json:"version"`
	Status    registration.Status `json:"status"`
	// OfflineLicense is true where the license in force forbids the workspace to ask the Cloud.
	OfflineLicense bool `json:"offline_license,omitempty"`
}

func (v statusView) text(out io.Writer, s style) {
	rows := [][]string{
		{"Workspace", v.Workspace},
		{"Version", v.Version},
		{"State", paintState(s, v.Status.State)},
		{"Workspace ID", orNone(v.Status.WorkspaceID)},
		{"Unique ID", orNone(v.Status.UniqueID)},
		{"E-mail", orNone(v.Status.Email)},
	}
	if v.OfflineLicense {
		rows = append(rows, []string{"License", "offline: it forbids the workspace to ask the Cloud, so that no sync shows what the Cloud knows"})
	}
	if text := readOnlyText(s, v.Status.ReadOnly); text != "" {
		rows = append(rows, []string{"Writing", text})
	}
	if v.Status.Unconfirmed {
		rows = append(rows, []string{"Deployment", s.Warn("not confirmed") + ": its address or its database has changed. " +
			"Say whether it is a copy (rcreg deployment confirm new-workspace) or was moved (rcreg deployment confirm updated-configuration)"})
	}
	screen.Columns(out, rows)
}

// warnsWithin is from how many days on servers warn of the end of a countdown themselves.
const warnsWithin = 7

// readOnlyText says when a workspace becomes read-only, and what ends that.
func readOnlyText(s style, c registration.Countdown) string {
	const way = ": apply a license that is valid here (rcreg license apply), or let the workspace reach https://collector.rocket.chat"
	switch days, counting := c.Days(); {
	case !counting:
		return c.String()
	case days == 0:
		return s.Bad(c.String()) + way
	case days <= warnsWithin:
		return s.Warn(c.String()) + way
	}
	return c.String() + ", unless it reports to Rocket.Chat before or has a license"
}

func orNone(text string) string {
	if text == "" {
		return "none"
	}
	return text
}

// heading names a workspace above what is said of it.
func heading(out io.Writer, s style, workspace, version string) {
	screen.Printf(out, "%s (Rocket.Chat %s)\n", s.Strong(workspace), version)
}
