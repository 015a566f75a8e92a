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
			return a.show(statusView{s.workspace.Address(), s.Capabilities().Version, status})
		})
	})
	cmd.Long = "Show what the workspace believes about its registration: registered, disconnected or\nunregistered. The Cloud may know better; only a sync asks it."
	cmd.Example = "  rcreg status --workspace https://chat.example.com\n  rcreg status --output json | jq -r .status.state"
	c = a.connectTo(cmd)
	return cmd
}

type statusView struct {
	Workspace string              `json:"workspace"`
	Version   string              `json:"version"`
	Status    registration.Status `json:"status"`
}

func (v statusView) text(out io.Writer, s style) {
	screen.Columns(out, [][]string{
		{"Workspace", v.Workspace},
		{"Version", v.Version},
		{"State", paintState(s, v.Status.State)},
		{"Workspace ID", orNone(v.Status.WorkspaceID)},
		{"Unique ID", orNone(v.Status.UniqueID)},
		{"E-mail", orNone(v.Status.Email)},
	})
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
