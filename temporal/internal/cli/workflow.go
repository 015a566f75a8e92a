package cli

import (
	"context"
	"errors"
	"time"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/sdk/client"

	"github.com/rcreg/registration/temporal"
)

// callTimeout is how long a server may take to answer, and a worker to answer a query.
const callTimeout = 10 * time.Second

// flow is a workflow that is started or asked, known by its id whatever its runs.
type flow struct {
	app    *app
	client client.Client
	id     string
}

// begin starts the workflow, unless it is under way; it reports whether it did.
func (f flow) begin(ctx context.Context, workflow string, in any) (bool, error) {
	_, err := f.client.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID:                       f.id,
		TaskQueue:                f.app.taskQueue,
		WorkflowIDConflictPolicy: enums.WORKFLOW_ID_CONFLICT_POLICY_FAIL,
		// Only the error tells which of the two happened.
		WorkflowExecutionErrorWhenAlreadyStarted: true,
	}, workflow, in)
	var underWay *serviceerror.WorkflowExecutionAlreadyStarted
	if errors.As(err, &underWay) {
		return false, nil
	}
	return err == nil, f.badCall(err)
}

// describe tells what the server knows of the latest run.
func (f flow) describe(ctx context.Context) (*workflowpb.WorkflowExecutionInfo, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	described, err := f.client.DescribeWorkflowExecution(ctx, f.id, "")
	return described.GetWorkflowExecutionInfo(), err
}

// query asks how far it is: a temporal.Progress, or a temporal.Tally.
func (f flow) query(ctx context.Context, into any) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	answer, err := f.client.QueryWorkflow(ctx, f.id, "", temporal.QueryStatus)
	if err != nil {
		return err
	}
	return answer.Get(into)
}

// result waits for the end; its errors are those of the workflow, too.
func (f flow) result(ctx context.Context, into any) error {
	return f.client.GetWorkflow(ctx, f.id, "").Get(ctx, into)
}

// isOpen reports whether a workflow has not ended. A run that was continued as new is only the last one until the server shows the next.
func isOpen(info *workflowpb.WorkflowExecutionInfo) bool {
	return info.GetStatus() == enums.WORKFLOW_EXECUTION_STATUS_RUNNING || info.GetStatus() == enums.WORKFLOW_EXECUTION_STATUS_CONTINUED_AS_NEW
}

// isFleet tells fleets, which answer with a tally, from workflows for one workspace, which answer with their progress.
func isFleet(info *workflowpb.WorkflowExecutionInfo) bool {
	return info.GetType().GetName() == temporal.FleetWorkflow
}
