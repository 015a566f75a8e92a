package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration/diagnose"
	"github.com/rcreg/registration/internal/advice"
	"github.com/rcreg/registration/internal/screen"
	"github.com/rcreg/registration/workspace"
)

const doctorHelp = `Look at the workspace from the outside in: address, TLS, version, credentials, permissions,
support and status, and say what to do about each thing that is wrong, and which transport fits.

It only reads. --with-cloud also asks whether the workspace and this machine reach the Cloud; the
workspace sends its registration data there. --with-sync tries one sync: a workspace that the
Cloud has removed forgets its registration then.

The exit code is 1 when something is wrong, or could not be seen.`

func (a *app) doctor() *cobra.Command {
	var c *connection
	var withSync, withCloud bool
	source := &supportSource{cloudSource: cloudSource{app: a}}
	cmd := a.leaf("doctor", "Find out why the workspace does not work, and what to do", func(ctx context.Context) error {
		cloudClient, options, err := source.options(c)
		if err != nil {
			return err
		}
		asked := []diagnose.Option{diagnose.ClientOptions(options...)}
		var consent []string
		if withCloud {
			asked = append(asked, diagnose.AskCloud(cloudClient))
		} else {
			consent = append(consent, "--with-cloud")
		}
		if withSync {
			asked = append(asked, diagnose.TrySync())
		} else {
			consent = append(consent, "--with-sync")
		}
		return c.reach(ctx, func(ctx context.Context, ws *workspace.Client) error {
			return a.diagnose(ctx, ws, asked, strings.Join(consent, " and "))
		})
	})
	cmd.Long = doctorHelp
	cmd.Example = "  rcreg doctor --workspace https://chat.example.com\n  rcreg doctor --with-cloud --output json | jq '.findings[] | select(.severity == \"problem\")'"
	c = a.connectTo(cmd)
	cmd.Flags().BoolVar(&withSync, "with-sync", false, "also try one sync, which acts")
	cmd.Flags().BoolVar(&withCloud, "with-cloud", false, "also ask who reaches the Cloud")
	source.flags(cmd)
	source.cloudSource.flags(cmd)
	return cmd
}

func (a *app) diagnose(ctx context.Context, ws *workspace.Client, options []diagnose.Option, consent string) error {
	found := diagnose.Run(ctx, ws, options...)
	view := doctorView{Workspace: found.Workspace, Version: found.Version, Findings: make([]finding, len(found.Findings)), Transport: found.Transport, Calls: found.Calls, consent: consent}
	for i, f := range found.Findings {
		view.Findings[i] = finding{f.ID, f.Severity, f.Evidence, advice.InFlags(f.Remedies)}
	}
	if err := a.show(view); err != nil {
		return err
	}
	switch found.Worst() {
	case diagnose.Problem, diagnose.Unknown:
		return errAnsweredBadly
	}
	return nil
}

type doctorView struct {
	Workspace string           `json:"workspace"`
	Version   string           `json:"version,omitempty"`
	Findings  []finding        `json:"findings"`
	Transport string           `json:"transport,omitempty"`
	Calls     []workspace.Call `json:"calls"`
	consent   string           // the flags that allow more, where they were not given
}

// finding is one of a diagnosis, with the next step in flags.
type finding struct {
	ID       diagnose.Check    `json:"id"`
	Severity diagnose.Severity `json:"severity"`
	Evidence string            `json:"evidence"`
	Next     string            `json:"next,omitempty"`
}

func (v doctorView) text(out io.Writer, s style) {
	version := v.Version
	if version == "" {
		version = "of an unknown version"
	}
	heading(out, s, v.Workspace, version)
	const widest = 23 // workspace-reaches-cloud
	for _, finding := range v.Findings {
		screen.Printf(out, "%s  %-*s  %s\n", paintSeverity(s, finding.Severity), widest, finding.ID, finding.Evidence)
		if finding.Next != "" {
			screen.Printf(out, "%s  Next: %s\n", strings.Repeat(" ", len("problem")+2+widest), finding.Next)
		}
	}
	if v.consent != "" {
		screen.Printf(out, "\nMore is looked at with %s.\n", v.consent)
	}
	switch v.Transport {
	case viaDirect:
		screen.Printf(out, "\nRecommended transport: %s\n", v.Transport)
	case viaRelay, viaOffline:
		screen.Printf(out, "\nRecommended transport: %s (rcreg register %s)\n", v.Transport, advice.Via(v.Transport))
	}
}

// paintSeverity colours how much a finding matters, and pads it to the longest.
func paintSeverity(s style, severity diagnose.Severity) string {
	text := fmt.Sprintf("%-7s", severity)
	switch severity {
	case diagnose.OK:
		return s.Good(text)
	case diagnose.Warning, diagnose.Unknown:
		return s.Warn(text)
	case diagnose.Problem:
		return s.Bad(text)
	}
	return text
}
