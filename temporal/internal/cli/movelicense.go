package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration/temporal"
)

const moveLicenseHelp = `Put a new license of a workspace in force, on a worker, and sync afterwards. The file with the text that
Rocket.Chat sent is read where the worker runs. What would not be valid on the workspace, and would end
the license in force there, is not sent without --force. A license that is refused leaves the one before
in force.`

// moveLicenseCommand puts a new license in force.
func (a *app) moveLicenseCommand() *cobra.Command {
	var list listFlags
	var file string
	var force bool
	cmd := a.Leaf("move-license NAME", "Put a new license of a workspace in force", oneArgument("the name of a workspace"), func(ctx context.Context, args []string) error {
		return a.runMoveLicense(ctx, list, args[0], file, force)
	})
	cmd.Long = moveLicenseHelp
	cmd.Example = "  rcreg-worker move-license alpha --file fleet.yaml --license-file licenses/alpha.txt"
	list.add(cmd.Flags())
	cmd.Flags().StringVar(&file, "license-file", "", "`FILE` with the license, on the workers; {name} in it stands for the workspace")
	cmd.Flags().BoolVar(&force, "force", false, "hand over a license that would not be valid there, which ends the one in force")
	return cmd
}

func (a *app) runMoveLicense(ctx context.Context, list listFlags, name, file string, force bool) error {
	if file == "" {
		return usage("no license was named", "name the file of the license with --license-file")
	}
	w, err := list.workspace(name)
	if err != nil {
		return err
	}
	license, err := secretFile("--license-file", file, name)
	if err != nil {
		return err
	}
	c, err := a.dial(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	run := flow{a, c, temporal.LicenseID(name)}
	move := temporal.LicenseMove{Workspace: w, License: license, Force: force}
	started, err := run.begin(ctx, temporal.MoveLicenseWorkflow, move)
	if err == nil && !started {
		err = a.sameLicense(ctx, run, move)
	}
	if err != nil {
		return err
	}
	a.noteBegin(run.id, started)
	return a.awaitWorkspace(ctx, &wait{flow: run, workspace: w, view: &workspaceView{ID: run.id, Started: started}, toTheEnd: true})
}

// sameLicense refuses to follow a workflow that puts another license in force.
func (a *app) sameLicense(ctx context.Context, run flow, asked temporal.LicenseMove) error {
	var under temporal.LicenseMove
	if err := run.input(ctx, &under); err != nil {
		return run.badCall(err)
	}
	switch {
	case under.License == asked.License && under.Force == asked.Force:
		return nil
	case under.License == asked.License:
		return advised(fmt.Errorf("%s is under way with another --force", run.id), kindUnderWay, "see how far it is with "+a.again("status "+run.id)+", and run this again after it")
	}
	return advised(fmt.Errorf("%s is under way with another license, %s", run.id, under.License), kindUnderWay, "see how far it is with "+a.again("status "+run.id)+", and run this again after it")
}
