package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"go.temporal.io/api/serviceerror"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/sdk/client"

	"github.com/rcreg/registration/temporal"
)

// oneArgument takes one argument, and says what it is when it is not there.
func oneArgument(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != 1 {
			return fmt.Errorf("%s takes one argument: %s", cmd.CommandPath(), what)
		}
		return nil
	}
}

// atMostOne takes one argument or none.
func atMostOne(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > 1 {
			return fmt.Errorf("%s takes one argument at most: %s", cmd.CommandPath(), what)
		}
		return nil
	}
}

// found is a workflow that is there.
type found struct {
	flow
	info *workflowpb.WorkflowExecutionInfo
}

// find finds the workflow that a person means: by its id, or by the name of a workspace, which may have several. One that is open goes before those that have
// ended, and those count only when ended is true, or a person names one by its id.
func (a *app) find(ctx context.Context, c client.Client, word string, ended bool) (found, error) {
	if strings.Contains(word, "/") {
		run := flow{a, c, word}
		info, err := run.describe(ctx)
		return found{run, info}, run.badCall(err)
	}
	var open, closed []found
	for _, id := range []string{temporal.RegisterID(word), temporal.WaitID(word), temporal.SyncID(word), temporal.LicenseID(word)} {
		run := flow{a, c, id}
		info, err := run.describe(ctx)
		var missing *serviceerror.NotFound
		switch {
		case errors.As(err, &missing):
		case err != nil:
			return found{}, run.badCall(err)
		case isOpen(info):
			open = append(open, found{run, info})
		case ended:
			closed = append(closed, found{run, info})
		}
	}
	if len(open) == 0 {
		open = closed
	}
	return a.only(open, word)
}

// only is the one workflow that is meant.
func (a *app) only(candidates []found, word string) (found, error) {
	switch len(candidates) {
	case 0:
		return found{}, advised(fmt.Errorf("there is no workflow for a workspace %q", word), kindNotFound, "see what is open with "+a.again("status"))
	case 1:
		return candidates[0], nil
	}
	names := make([]string, 0, len(candidates))
	for _, one := range candidates {
		names = append(names, one.id)
	}
	return found{}, usage(fmt.Sprintf("%s has several workflows: %s", word, strings.Join(names, ", ")), "name one of them in full")
}
