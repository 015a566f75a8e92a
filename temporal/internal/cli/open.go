package cli

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"

	"github.com/rcreg/registration/internal/screen"
	"github.com/rcreg/registration/temporal"
)

// fewFlows is up to how many workflows are asked for their phase: each asks a worker.
const fewFlows = 32

// openView is what is open on a task queue.
type openView struct {
	Workflows []openFlow `json:"workflows"`
	// More tells that there are others beyond the limit.
	More bool `json:"more,omitempty"`
}

// openFlow is one workflow of it.
type openFlow struct {
	ID   string `json:"id"`
	Kind string `json:"kind"` // the command that starts it
	// Phase is that of a workspace, or how far a fleet is; empty where it was not asked, or no worker has answered.
	Phase string `json:"phase,omitempty"`
	// Since is when the phase began, and without one the workflow's latest run.
	Since time.Time `json:"since"`
}

// runOpen shows what is open.
func (a *app) runOpen(ctx context.Context, limit int) error {
	c, err := a.dial(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	v, err := a.listOpen(ctx, c, limit)
	if err != nil {
		return flow{a, c, ""}.badCall(err)
	}
	if len(v.Workflows) <= fewFlows {
		for i := range v.Workflows {
			if !v.Workflows[i].ask(ctx, a, c) { // nor would the others answer
				a.note("No worker answers on the task queue " + a.taskQueue + ", so that phases are not known.")
				break
			}
		}
	}
	return a.show(v)
}

// listOpen asks the server for what is open, a page at a time.
func (a *app) listOpen(ctx context.Context, c client.Client, limit int) (openView, error) {
	v := openView{Workflows: []openFlow{}}
	request := &workflowservice.ListWorkflowExecutionsRequest{
		Query: "ExecutionStatus = 'Running' AND TaskQueue = '" + strings.ReplaceAll(a.taskQueue, "'", "''") + "'",
	}
	for {
		page, err := c.ListWorkflow(ctx, request)
		if err != nil {
			return v, err
		}
		for _, info := range page.GetExecutions() {
			if limit > 0 && len(v.Workflows) == limit {
				v.More = true
				return v.sorted(), nil
			}
			v.Workflows = append(v.Workflows, newOpenFlow(info))
		}
		if request.NextPageToken = page.GetNextPageToken(); len(request.NextPageToken) == 0 {
			return v.sorted(), nil
		}
	}
}

func (v openView) sorted() openView {
	slices.SortFunc(v.Workflows, func(a, b openFlow) int { return strings.Compare(a.ID, b.ID) })
	return v
}

func newOpenFlow(info *workflowpb.WorkflowExecutionInfo) openFlow {
	kind := info.GetType().GetName()
	for workflow, command := range map[string]string{
		temporal.RegisterWorkflow: "register", temporal.KeepSyncedWorkflow: "keep-synced", temporal.MoveLicenseWorkflow: "move-license", temporal.FleetWorkflow: "fleet",
	} {
		if workflow == kind {
			kind = command
		}
	}
	return openFlow{ID: info.GetExecution().GetWorkflowId(), Kind: kind, Since: info.GetStartTime().AsTime()}
}

// ask asks for the phase. It returns false when no worker answers.
func (o *openFlow) ask(ctx context.Context, a *app, c client.Client) bool {
	run := flow{a, c, o.ID}
	if o.Kind == "fleet" {
		var tally temporal.Tally
		if err := run.query(ctx, &tally); err != nil {
			return !isUnanswered(err)
		}
		o.Phase = fmt.Sprintf("%d of %d", tally.Ended, tally.Total)
		return true
	}
	var p temporal.Progress
	if err := run.query(ctx, &p); err != nil {
		return !isUnanswered(err)
	}
	o.Phase, o.Since = string(p.Phase), p.Since
	return true
}

func (v openView) text(out io.Writer, _ screen.Style) {
	if len(v.Workflows) == 0 {
		_, _ = fmt.Fprintln(out, "No workflow is open.")
		return
	}
	rows := [][]string{{"WORKFLOW", "KIND", "PHASE", "SINCE"}}
	for _, o := range v.Workflows {
		rows = append(rows, []string{o.ID, o.Kind, o.Phase, moment(o.Since)})
	}
	screen.Columns(out, rows)
	if v.More {
		screen.Printf(out, "\nThere are more than these %d: see them with --limit 0.\n", len(v.Workflows))
	}
}
