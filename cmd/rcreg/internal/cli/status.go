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
		})
	})
	cmd.Long = "Show what the workspace believes about its registration: registered, disconnected or\nunregistered. The Cloud may know better; only a sync asks it.\nFrom 8.7 it also says when the license in force forbids the workspace to ask the Cloud."
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
	screen.Columns(out, rows)
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
