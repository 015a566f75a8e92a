package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"

	"github.com/rcreg/registration/temporal"
)

const registerHelp = `Register one workspace of a list, on a worker. The token comes from --token-file, which is read where
the worker runs, or from the pool of the worker. With --email or --air-gap a person has to act: the
command says who and ends with exit code 3, unless --wait waits for that, too. It goes on for 14 days
without this command.

A workspace that is being registered already, also by a fleet, is followed, and nothing is begun.`

// registerFlags are the flags of register.
type registerFlags struct {
	list      listFlags
	transport transportFlags
	wait      bool
}

// registerCommand registers one workspace.
func (a *app) registerCommand() *cobra.Command {
	f := &registerFlags{}
	cmd := a.Leaf("register NAME", "Register one workspace of a list", oneArgument("the name of a workspace"), func(ctx context.Context, args []string) error {
		return a.runRegister(ctx, f, args[0])
	})
	cmd.Long = registerHelp
	cmd.Example = "  rcreg-worker register alpha --file fleet.yaml --token-file secrets/alpha.reg\n  rcreg-worker register alpha --file fleet.yaml --email ops@example.com --wait"
	flags := cmd.Flags()
	f.list.add(flags)
	f.transport.add(flags)
	flags.BoolVar(&f.wait, "wait", false, "wait until it was confirmed or answered")
	return cmd
}

// input is what the workflow gets.
func (f *registerFlags) input(name string) (in temporal.Registration, err error) {
	if err := f.transport.check(); err != nil {
		return in, err
	}
	w, err := f.list.workspace(name)
	if err != nil {
		return in, err
	}
	token, err := secretFile("--token-file", f.transport.tokenFile, name)
	return temporal.Registration{Workspace: w, Token: token, Email: f.transport.email, AirGap: f.transport.airGap, ReplaceLicense: f.transport.replaceLicense}, err
}

func (a *app) runRegister(ctx context.Context, f *registerFlags, name string) error {
	in, err := f.input(name)
	if err != nil {
		return err
	}
	c, err := a.dial(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	run, started, err := a.beginRegistration(ctx, c, in)
	if err != nil {
		return err
	}
	a.noteBegin(run.id, started)
	return a.awaitWorkspace(ctx, &wait{flow: run, workspace: in.Workspace, view: &workspaceView{ID: run.id, Started: started}, toTheEnd: f.wait})
}

// beginRegistration starts the workflow, unless one of a fleet already waits for confirmation.
func (a *app) beginRegistration(ctx context.Context, c client.Client, in temporal.Registration) (flow, bool, error) {
	waits := flow{a, c, temporal.WaitID(in.Workspace.Name)}
	info, err := waits.describe(ctx)
	var missing *serviceerror.NotFound
	switch {
	case err == nil && isOpen(info):
		return waits, false, nil
	case err != nil && !errors.As(err, &missing):
		return waits, false, waits.badCall(err)
	}
	run := flow{a, c, temporal.RegisterID(in.Workspace.Name)}
	started, err := run.begin(ctx, temporal.RegisterWorkflow, in)
	return run, started, err
}
