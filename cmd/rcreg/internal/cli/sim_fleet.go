package cli

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration/internal/screen"
	"github.com/rcreg/registration/registrationtest/sim"
)

// mixedVersions stands for one version of each dialect.
const mixedVersions = "mixed"

// checkFleet reads the flags of a fleet together.
func checkFleet(cmd *cobra.Command, config *sim.Config) error {
	one, several := cmd.Flags().Changed("version"), cmd.Flags().Changed("versions")
	switch {
	case config.Count < 1:
		return usage("--count is less than 1", "pass the number of workspaces, such as --count 200")
	case config.Count == 1 && (several || config.FleetDir != ""):
		return usage("--versions and --fleet are for a fleet, and this is one workspace", "pass the number of workspaces too, such as --count 200")
	case one && several:
		return usage("--version and --versions are both given", "pass one of them")
	case one:
		config.Versions = []string{config.Version}
	case len(config.Versions) == 1 && config.Versions[0] == mixedVersions:
		config.Versions = nil
	}
	return nil
}

type simFleetView struct {
	sim.FleetInfo
	// SupportKey is that of simView.
	SupportKey string `json:"support_key"`
}

func (v simFleetView) text(out io.Writer, s style) {
	first, last := v.Workspaces[0], v.Workspaces[len(v.Workspaces)-1]
	screen.Printf(out, "%s, from %s to %s\n", s.Strong(fmt.Sprintf("%d workspaces", len(v.Workspaces))), first.URL, last.URL)
	screen.Printf(out, "of the versions %s in turn\n", strings.Join(v.Versions, ", "))
	screen.Printf(out, "%s on %s, with a control API under %s/_sim/\n\n", s.Strong("Their Cloud"), v.CloudURL, v.CloudURL)
	writeFaults(out, s, v.Faults, v.Seed)
	if v.FleetDir == "" {
		screen.Printf(out, "For rcreg fleet, pass --fleet DIR: their list, secrets and registration tokens are written there.\n")
		screen.Printf(out, "With --output json all of them are printed.\n\nCtrl-C ends it.\n")
		return
	}
	list, pool := filepath.Join(v.FleetDir, "fleet.yaml"), filepath.Join(v.FleetDir, "tokens.txt")
	screen.Printf(out, "To use them, in another terminal:\n  export RCREG_CLOUD_URL=%s\n  export RCREG_RELEASES_URL=%s\n  export RCREG_SUPPORT_KEY=%s\n  export RCREG_SETTINGS_LAG=0s\n", v.CloudURL, v.CloudURL, v.SupportKey)
	screen.Printf(out, "  rcreg fleet status --file %s\n  rcreg fleet register --file %s --tokens %s\n\nCtrl-C ends it.\n", list, list, pool)
}
