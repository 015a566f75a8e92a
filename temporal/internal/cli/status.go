package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/temporal"
)

const statusHelp = `Show which workflows are open on the task queue; with an ID all that one tells, also of how it has ended.

` + aboutIDs + `

Exit codes with an ID: 0 while it is under way, and when it has ended well; else those of how it ended.`

// statusCommand shows what is open, or one workflow.
func (a *app) statusCommand() *cobra.Command {
	limit := 0
	cmd := a.Leaf("status [ID]", "Show which workflows are open, or how far one is", atMostOne(whichWorkflow), func(ctx context.Context, args []string) error {
		if len(args) == 1 {
			return a.runStatus(ctx, args[0])
		}
		return a.runOpen(ctx, limit)
	})
	cmd.Long = statusHelp
	cmd.Example = "  rcreg-worker status\n  rcreg-worker status alpha\n  rcreg-worker status " + temporal.FleetID(temporal.FleetRegister)
	cmd.Flags().IntVar(&limit, "limit", 100, "list this `NUMBER` of workflows at most; 0 for all")
	return cmd
}

// runStatus shows one workflow.
func (a *app) runStatus(ctx context.Context, word string) error {
	c, err := a.dial(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	target, err := a.find(ctx, c, word, true)
	switch {
	case err != nil:
		return err
	case isFleet(target.info):
		return a.statusOfFleet(ctx, target)
	case isOpen(target.info):
		v := &workspaceView{ID: target.id, Progress: &temporal.Progress{}}
		if err := target.ask(ctx, v.Progress); err != nil {
			return err
		}
		return a.show(v)
	}
	v := &workspaceView{ID: target.id}
	var result fleet.Outcome
	if err := target.result(ctx, &result); err != nil {
		v.Ended = hasEnded(err)
		return a.conclude(v, target.badEnd(err))
	}
	return a.endWorkspace(v, result)
}

func (a *app) statusOfFleet(ctx context.Context, target found) error {
	v := newFleetView(target.id)
	if isOpen(target.info) {
		if err := target.ask(ctx, &v.Tally); err != nil {
			return err
		}
		return a.show(v)
	}
	if err := target.result(ctx, &v.Tally); err != nil {
		v.Ended = hasEnded(err)
		return a.conclude(v, target.badEnd(err))
	}
	return a.endFleet(v)
}

// ask is query with errors for people.
func (f found) ask(ctx context.Context, into any) error {
	err := f.query(ctx, into)
	if err != nil && isUnanswered(err) {
		return f.unanswered(err)
	}
	return f.badCall(err)
}
