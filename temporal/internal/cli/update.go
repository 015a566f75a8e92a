package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"go.temporal.io/sdk/client"
	sdk "go.temporal.io/sdk/temporal"

	"github.com/rcreg/registration/temporal"
)

// confirmCommand has a workflow look, or sync, at once.
func (a *app) confirmCommand() *cobra.Command {
	return a.updateCommand(temporal.UpdateConfirm, "Look at once for a confirmation; sync now, where a workspace is kept synced")
}

// remindCommand has the message of a registration sent once more.
func (a *app) remindCommand() *cobra.Command {
	return a.updateCommand(temporal.UpdateRemind, "Send the message of a registration by e-mail once more")
}

// cancelCommand ends a wait, or a fleet.
func (a *app) cancelCommand() *cobra.Command {
	return a.updateCommand(temporal.UpdateCancel, "End the wait, or begin no more of a fleet; what was begun is finished")
}

// updateTimeout is how long an answer may take: a look asks the workspace, which may be slow.
const updateTimeout = 2 * time.Minute

func (a *app) updateCommand(update, short string) *cobra.Command {
	timeout := updateTimeout
	cmd := a.Leaf(update+" ID", short, oneArgument(whichWorkflow), func(ctx context.Context, args []string) error {
		return a.runUpdate(ctx, update, args[0], timeout)
	})
	cmd.Long = short + ".\n\n" + aboutIDs
	cmd.Example = "  rcreg-worker " + update + " alpha\n  rcreg-worker " + update + " " + temporal.WaitID("alpha")
	cmd.Flags().DurationVar(&timeout, "timeout", timeout, "give up waiting for the answer after this `DURATION`")
	return cmd
}

const (
	whichWorkflow = "the id of a workflow, or the name of a workspace"
	aboutIDs      = `ID is the id of a workflow, as rcreg-worker status shows it; or the name of a workspace, as long as one
workflow alone is open for it.`
)

func (a *app) runUpdate(ctx context.Context, update, word string, timeout time.Duration) error {
	c, err := a.dial(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	target, err := a.find(ctx, c, word, false)
	switch {
	case err != nil:
		return err
	case !isOpen(target.info):
		return advised(fmt.Errorf("%s has ended", target.id), kindEnded, "see how with "+a.again("status "+target.id))
	}
	if isFleet(target.info) {
		v := newFleetView(target.id)
		if err := target.update(ctx, update, timeout, &v.Tally); err != nil {
			return err
		}
		return a.show(v)
	}
	v := &workspaceView{ID: target.id, Progress: &temporal.Progress{}}
	if err := target.update(ctx, update, timeout, v.Progress); err != nil {
		return err
	}
	return a.show(v)
}

// update asks a workflow for something, and waits for its answer.
func (f found) update(ctx context.Context, name string, timeout time.Duration, into any) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	handle, err := f.client.UpdateWorkflow(ctx, client.UpdateWorkflowOptions{WorkflowID: f.id, UpdateName: name, WaitForStage: client.WorkflowUpdateStageCompleted})
	if err == nil {
		err = handle.Get(ctx, into)
	}
	var refused *sdk.ApplicationError
	switch {
	case err == nil && name == temporal.UpdateCancel:
		f.app.note(f.id + " is asked to end: what was begun is finished.")
		return nil
	case err == nil:
		return nil
	case errors.Is(ctx.Err(), context.Canceled):
		return advised(fmt.Errorf("interrupted before there was an answer: %w", err), kindInterrupted, "see what came of it with "+f.app.again("status "+f.id))
	case ctx.Err() != nil:
		return advised(fmt.Errorf("%s has not answered within %s", f.id, timeout), "timeout",
			"see that a worker runs on its task queue; what was asked may still be done, see "+f.app.again("status "+f.id))
	case errors.As(err, &refused):
		why := refused.Message()
		if strings.HasPrefix(why, "unknown update") { // what follows are names of the protocol
			why = "there is nothing to " + name + " in a workflow of its kind"
		}
		return advised(fmt.Errorf("%s refuses: %s", f.id, why), "invalid_input", "see what it is doing with "+f.app.again("status "+f.id))
	case isUnanswered(err):
		return f.unanswered(err)
	}
	return f.badCall(err)
}
