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

func (a *app) licenseShow() *cobra.Command {
	var c *connection
	var path string
	cmd := a.leaf("show", "Show the workspace's license, or that of a file", func(ctx context.Context) error {
		if path != "" {
			return a.showLicenseFile(path)
		}
		return c.with(ctx, func(ctx context.Context, s session) error {
			license, err := s.License(ctx)
			if err != nil {
				return err
			}
			return a.show(licenseView{s.workspace.Address(), s.Capabilities().Version, license})
		})
	})
	cmd.Long = "Show the license that the workspace goes by (from 3.10). It is in force, there is none, or the\nworkspace does not show it to this user.\n\nWith --file it is that of a license text, which is read without a workspace: what it is for, until\nwhen, and whether it is an offline license. Whether it is signed is the workspace's to say."
	cmd.Example = "  rcreg license show --workspace https://chat.example.com\n  rcreg license show --file license.txt"
	c = a.connectTo(cmd)
	cmd.Flags().StringVar(&path, "file", "", "`FILE` with a license text to show in place of the workspace's; - is stdin")
	return cmd
}

func (a *app) licenseApply() *cobra.Command {
	var c *connection
	var path string
	var force bool
	cmd := a.leaf("apply", "Apply a license that Rocket.Chat sent", func(ctx context.Context) error {
		text, err := a.textOf("the license", "file", path)
		if err != nil {
			return err
		}
		return c.with(ctx, func(ctx context.Context, s session) error {
			apply := s.ApplyLicense
			if force {
				apply = s.ForceLicense
			}
			result, err := apply(ctx, text)
			if err != nil {
				return err
			}
			return a.show(licenseResultView{s.workspace.Address(), s.Capabilities().Version, result})
		})
	})
	cmd.Long = "Apply a license text that Rocket.Chat sent (from 3.10), and read it back: a workspace takes also\na license that it then does not go by, and that ends the one in force. What would not be valid\nthere is therefore not sent without --force. Line breaks and white space in the text do not matter."
	cmd.Example = "  rcreg license apply --file license.txt\n  rcreg license apply --file - < license.txt"
	c = a.connectTo(cmd)
	cmd.Flags().StringVar(&path, "file", "", "`FILE` with the license; - is stdin")
	cmd.Flags().BoolVar(&force, "force", false, "hand over a license that would not be valid there, which ends the one in force")
	return cmd
}

func (a *app) licenseRemove() *cobra.Command {
	var c *connection
	var yes bool
	cmd := a.leaf("remove", "Remove the license that came from the Cloud (from 6.5)", func(ctx context.Context) error {
		if err := a.confirm(ctx, yes, "license remove", "The license of "+c.address()+" is cancelled at the Cloud. Type yes to go on: ",
			"add --yes: the license is cancelled at the Cloud, and the workspace goes on without one"); err != nil {
			return err
		}
		return c.with(ctx, func(ctx context.Context, s session) error {
			result, err := s.RemoveLicense(ctx)
			if err != nil {
				return err
			}
			return a.show(licenseResultView{s.workspace.Address(), s.Capabilities().Version, result})
		})
	})
	cmd.Long = "Remove the license that came from the Cloud (from 6.5): the workspace asks the Cloud to cancel it, and\nsyncs, which may bring it back. Success is what the workspace shows afterwards. From 7.0 a workspace\nwithout a valid license becomes read-only where it does not reach Rocket.Chat."
	cmd.Example = "  rcreg license remove --workspace https://chat.example.com\n  rcreg license remove --yes"
	c = a.connectTo(cmd)
	cmd.Flags().BoolVar(&yes, "yes", false, "do not ask whether it is meant")
	return cmd
}

const licenseRequestHelp = `Ask for the workspace's present license across an air gap (from 3.10): write a request into the
exchange folder, which is carried, and end with exit code 3. The same command again, or rcreg
offline apply, looks for the answer and applies it.

A courier answers it that has registered the workspace with --keep-grants. A person saves the
license that Rocket.Chat sent as a text file beside it, or applies it with rcreg license apply.`

func (a *app) licenseRequest() *cobra.Command {
	var c *connection
	g := &gapSource{app: a}
	cmd := a.leaf("request", "Ask for the present license across an air gap", func(ctx context.Context) error { return g.operate(ctx, c, syncNow) })
	cmd.Long = licenseRequestHelp
	cmd.Example = "  rcreg license request --exchange /media/stick/exchange"
	c = a.connectTo(cmd)
	g.flags(cmd)
	qrFlag(cmd, &g.qr, "the request")
	return cmd
}

type licenseView struct {
	Workspace string               `json:"workspace"`
	Version   string               `json:"version"`
	License   registration.License `json:"license"`
}

func (v licenseView) text(out io.Writer, s style) {
	heading(out, s, v.Workspace, v.Version)
	screen.Columns(out, licenseRows(v.License))
}

func licenseRows(license registration.License) [][]string {
	rows := [][]string{{"License", string(license.State)}}
	if license.State != registration.LicenseInForce {
		return rows
	}
	if license.Trial {
		rows = append(rows, []string{"Trial", "yes"})
	}
	if license.Offline {
		rows = append(rows, []string{"Offline", "yes: from 8.7 the workspace asks the Cloud nothing"})
	}
	return append(rows, []string{"ID", orNone(license.ID)}, []string{"Expires", day(license.Expires)},
		[]string{"Modules", orNone(strings.Join(license.Modules, ", "))})
}

type licenseResultView struct {
	Workspace string `json:"workspace"`
	Version   string `json:"version"`
	registration.LicenseResult
}

func (v licenseResultView) text(out io.Writer, s style) {
	heading(out, s, v.Workspace, v.Version)
	result := "nothing was changed: " + string(v.After.State)
	if v.Changed {
		result = fmt.Sprintf("%s (was %s)", v.After.State, v.Before.State)
	}
	rows := append([][]string{{"Result", result}}, licenseRows(v.After)...)
	for _, note := range v.Notes {
		rows = append(rows, []string{"Note", note})
	}
	screen.Columns(out, rows)
}
