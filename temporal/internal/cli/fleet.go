package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration/internal/command"
	"github.com/rcreg/registration/internal/outcome"
	"github.com/rcreg/registration/internal/progress"
	"github.com/rcreg/registration/internal/screen"
	"github.com/rcreg/registration/temporal"
)

const fleetHelp = `Do one thing to many workspaces, on the workers of a task queue. It goes on without this command: Ctrl-C
ends following, and the same command follows again. One fleet for each operation is under way at a time.

The list is checked here first, as far as it can be without the secrets that it refers to: those are
read by the workers, where the list has to be under the same path.

Exit codes: 0 all workspaces are well, 1 some failed or were not finished, 5 some outcomes are unknown, 3
some wait for confirmation. Where several apply it is the first of these.`

const fleetRegisterHelp = `

Registration tokens come from one of three: --token-file with {name} in it, a file for each workspace
on every worker; --email or --air-gap, which wait for confirmation in workflows of their own; or else the
pool of the worker, see rcreg-worker --tokens.`

// fleetFlags are the flags of a command on a fleet.
type fleetFlags struct {
	operation string
	list      listFlags
	transport transportFlags
	window    int
	patience  time.Duration
	noFollow  bool
}

// fleetCommand builds the commands on a fleet.
func (a *app) fleetCommand() *cobra.Command {
	group := &cobra.Command{
		Use: "fleet", Short: "Do one thing to many workspaces", Long: fleetHelp, Args: command.NoSuchCommand,
		SuggestionsMinimumDistance: 2,
		RunE:                       func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	for _, one := range []struct{ operation, short, more string }{
		{temporal.FleetStatus, "Look at what each workspace believes about its registration", ""},
		{temporal.FleetRegister, "Register what is unregistered", fleetRegisterHelp},
		{temporal.FleetSync, "Let each workspace and the Cloud exchange what they know", ""},
	} {
		f := &fleetFlags{operation: one.operation}
		cmd := a.Leaf(one.operation, one.short, command.NoArguments, func(ctx context.Context, _ []string) error { return a.runFleet(ctx, f) })
		cmd.Long = one.short + ".\n\n" + fleetHelp + one.more
		f.add(cmd)
		group.AddCommand(cmd)
	}
	return group
}

func (f *fleetFlags) add(cmd *cobra.Command) {
	line := "  rcreg-worker fleet " + f.operation + " --file fleet/fleet.yaml"
	cmd.Example = line + "\n" + line + " --select tier=gold --output json\n" + line + " --dev --no-follow"
	flags := cmd.Flags()
	f.list.add(flags)
	f.list.addSelect(flags)
	flags.IntVar(&f.window, "window", 0, "`NUMBER` of workspaces at the same time (default 32)")
	flags.DurationVar(&f.patience, "patience", 0, "how long a workspace is tried that may do better later, a `DURATION` (default 5m)")
	flags.BoolVar(&f.noFollow, "no-follow", false, "start it and do not wait for its end")
	if f.operation == temporal.FleetRegister {
		f.transport.add(flags)
	}
}

// input is what the workflow gets. All that can be wrong with files and flags is found here.
func (f *fleetFlags) input() (in temporal.FleetRun, err error) {
	if f.window < 0 || f.patience < 0 {
		return in, usage("--window and --patience cannot be negative", "leave them out for the usual ones")
	}
	if err := f.transport.check(); err != nil {
		return in, err
	}
	list, chosen, err := f.list.load()
	if err != nil {
		return in, err
	}
	if f.transport.tokenFile != "" && !strings.Contains(f.transport.tokenFile, perName) && len(list.Workspaces) > 1 {
		return in, usage(fmt.Sprintf("--token-file names one file for %d workspaces, and a token works once", len(list.Workspaces)),
			"give each workspace a token of its own, with {name} in the name of its file: --token-file 'secrets/{name}.reg'")
	}
	token, err := secretFile("--token-file", f.transport.tokenFile, "")
	return temporal.FleetRun{
		List: f.list.path, Labels: chosen, Operation: f.operation, Token: token, Email: f.transport.email, AirGap: f.transport.airGap, ReplaceLicense: f.transport.replaceLicense,
		Window: f.window, Patience: f.patience,
	}, err
}

// runFleet starts a fleet, or finds the one under way, and follows it.
func (a *app) runFleet(ctx context.Context, f *fleetFlags) error {
	in, err := f.input()
	if err != nil {
		return err
	}
	c, err := a.dial(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	v := newFleetView(temporal.FleetID(f.operation))
	run := flow{a, c, v.ID}
	if v.Started, err = run.begin(ctx, temporal.FleetWorkflow, in); err != nil {
		return err
	}
	if !v.Started {
		if err := a.sameFleet(ctx, run, in); err != nil {
			return err
		}
	}
	a.noteBegin(v.ID, v.Started)
	if f.noFollow {
		return a.show(v)
	}
	err = a.followFleet(ctx, run, v)
	switch {
	case ctx.Err() != nil:
		return a.conclude(v, a.leftFleet(v))
	case err != nil:
		v.Ended = hasEnded(err)
		return a.conclude(v, run.badEnd(err))
	}
	return a.endFleet(v)
}

// endFleet shows what became of a fleet, and ends as rcreg fleet would.
func (a *app) endFleet(v *fleetView) error {
	v.Ended = true
	v.count()
	if err := a.show(v); err != nil {
		return err
	}
	return exitWith(outcome.ExitCode(v.Tally.Classes))
}

// followFleet shows how far a fleet is until it ends.
func (a *app) followFleet(ctx context.Context, run flow, v *fleetView) error {
	style := a.Style(a.StderrTerminal)
	bar := a.StderrTerminal && !a.Verbose // a log would tear it
	meter := progress.New(a.Stderr, bar, style, a.system.Clock)
	defer meter.Clear()
	before := -1 // those that had ended when following began took none of our time
	f := &follower{flow: run, look: func(ctx context.Context) (bool, error) {
		var tally temporal.Tally
		if err := run.query(ctx, &tally); err != nil {
			return false, err
		}
		v.Tally = tally
		if before < 0 {
			before = tally.Ended
		}
		if a.Output != command.JSON {
			meter.Show(progress.Count{Total: tally.Total, Ended: tally.Ended, Skipped: before, Troubled: v.troubled()})
		}
		return false, nil
	}}
	if a.Output != command.JSON {
		f.say = func(write func(io.Writer, screen.Style)) { _ = meter.Say(write) } // no reader is left
	}
	var result temporal.Tally
	err := f.follow(ctx, &result)
	if err == nil {
		v.Tally = result
	}
	return err
}

// leftFleet is how following ends before the fleet does.
func (a *app) leftFleet(v *fleetView) error {
	problem := "following was ended, and the fleet goes on"
	if v.Tally.Total > 0 {
		problem += fmt.Sprintf(": %d of %d workspaces are through", v.Tally.Ended, v.Tally.Total)
	}
	return advised(errors.New(problem), kindInterrupted, "follow it again with the same command; end it with "+a.again("cancel "+v.ID))
}

// noteBegin tells which of the two happened.
func (a *app) noteBegin(id string, started bool) {
	if started {
		a.note(fmt.Sprintf("Started %s on the task queue %s.", id, a.taskQueue))
		return
	}
	a.note(fmt.Sprintf("Following %s, which is under way.", id))
}
