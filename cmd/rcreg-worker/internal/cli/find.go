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

// find finds the workflow that a person means: by its id, or by the name of a workspace, of which there may be several. Those that are open go before those
// that have ended.
func (a *app) find(ctx context.Context, c client.Client, word string) (found, error) {
	ids := []string{word}
	if !strings.Contains(word, "/") {
		ids = []string{temporal.RegisterID(word), temporal.WaitID(word), temporal.SyncID(word), temporal.LicenseID(word)}
	}
	var open, ended []found
	for _, id := range ids {
		run := flow{a, c, id}
		info, err := run.describe(ctx)
		var missing *serviceerror.NotFound
		switch {
		case errors.As(err, &missing):
		case err != nil:
			return found{}, run.badCall(err)
		case isOpen(info):
			open = append(open, found{run, info})
		default:
			ended = append(ended, found{run, info})
		}
	}
	if len(open) == 0 {
		open = ended
	}
	switch len(open) {
	case 0:
		return found{}, flow{a, c, word}.notFound()
	case 1:
		return open[0], nil
	}
	names := make([]string, 0, len(open))
	for _, one := range open {
		names = append(names, one.id)
	}
	return found{}, usage(fmt.Sprintf("%s has several workflows: %s", word, strings.Join(names, ", ")), "name one of them in full")
}
