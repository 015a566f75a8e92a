package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/screen"
)

func (a *app) capabilities() *cobra.Command {
	var c *connection
	cmd := a.leaf("capabilities", "Show what the workspace's version can do, and over which calls", func(ctx context.Context) error {
		return c.with(ctx, func(_ context.Context, s session) error {
			return a.show(capabilitiesView{s.workspace.Address(), s.Capabilities()})
		})
	})
	cmd.Long = "Show what the workspace's version can do, and over which calls. Only its version is asked for."
	cmd.Example = "  rcreg capabilities --workspace https://chat.example.com"
	c = a.connectTo(cmd)
	return cmd
}

type capabilitiesView struct {
	Workspace string `json:"workspace"`
	registration.Capabilities
}

func (v capabilitiesView) text(out io.Writer, s style) {
	heading(out, s, v.Workspace, v.Version)
	screen.Printf(out, "It speaks like servers from %s. Its transport: %s.\n", v.Dialect, v.Transport)
	if v.Newer {
		_, _ = fmt.Fprintln(out, s.Warn("It is newer than any version that is known: it is treated like the newest known."))
	}
	_, _ = fmt.Fprintln(out)
	rows := make([][]string, 0, len(v.Abilities))
	for _, ability := range v.Abilities {
		rows = append(rows, []string{ability.Name, over(ability, s)})
	}
	screen.Columns(out, rows)
}

// over says over which calls something is done, or which versions could do it.
func over(ability registration.Capability, s style) string {
	if ability.Supported {
		return strings.Join(ability.Calls, ", else ")
	}
	span := ""
	switch {
	case ability.Since != "" && ability.Until != "":
		span = fmt.Sprintf(" (from %s, %s)", ability.Since, ability.Until)
	case ability.Since != "":
		span = fmt.Sprintf(" (from %s)", ability.Since)
	case ability.Until != "":
		span = fmt.Sprintf(" (%s)", ability.Until)
	}
	return s.Warn("not supported" + span)
}
