package cli_test

import (
	"context"
	"encoding/json"
	"errors"
	"sync"

	commonpb "go.temporal.io/api/common/v1"
	enums "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/serviceerror"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/mocks"
	sdk "go.temporal.io/sdk/temporal"

	"github.com/rcreg/registration/temporal"
)

// script is what a workflow of the fake server does.
type script struct {
	workflow string // its type
	ended    bool   // from the beginning
	input    any    // nil is a fleet over the list of the test
	answers  []any  // to the query, one after the other: values or errors; after the last one it ends
	stays    bool   // it does not end, and gives the last answer again and again
	result   any
	err      error          // with which it ends
	updates  map[string]any // values, errors, or functions that take their time and fail
}

// start is a workflow that a command has started.
type start struct {
	options  client.StartWorkflowOptions
	workflow string
	input    any
}

// fakeServer is a Temporal server as the commands see it. What they do not use panics.
type fakeServer struct {
	mocks.Client

	fleet   temporal.FleetRun // that of a script without input
	keys    *temporal.Keyring
	mu      sync.Mutex
	flows   map[string]*script // under way, or ended
	next    map[string]*script // what becomes of those that are started
	starts  []start
	outages []error // of the next calls that describe
	queries int
	onQuery func(n int) // nil does nothing
	list    string      // the last query for what is open
	update  client.UpdateWorkflowOptions
	closed  bool
}

func (s *fakeServer) Close() { s.closed = true }

func (s *fakeServer) ExecuteWorkflow(_ context.Context, options client.StartWorkflowOptions, workflow any, args ...any) (client.WorkflowRun, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if flow := s.flows[options.ID]; flow != nil && !flow.ended {
		return nil, serviceerror.NewWorkflowExecutionAlreadyStarted("it is under way", "", "run")
	}
	name, _ := workflow.(string)
	s.starts = append(s.starts, start{options, name, args[0]})
	flow := s.next[options.ID]
	if flow == nil {
		flow = &script{stays: true, answers: []any{struct{}{}}}
	}
	flow.workflow = name
	s.flows[options.ID] = flow
	return nil, nil //nolint:nilnil // the commands know the workflow by its id
}

func (s *fakeServer) DescribeWorkflowExecution(_ context.Context, id, _ string) (*workflowservice.DescribeWorkflowExecutionResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.outages) > 0 {
		err := s.outages[0]
		s.outages = s.outages[1:]
		return nil, err
	}
	flow := s.flows[id]
	if flow == nil {
		return nil, serviceerror.NewNotFound("no such workflow")
	}
	return &workflowservice.DescribeWorkflowExecutionResponse{WorkflowExecutionInfo: info(id, flow)}, nil
}

func info(id string, flow *script) *workflowpb.WorkflowExecutionInfo {
	status := enums.WORKFLOW_EXECUTION_STATUS_RUNNING
	if flow.ended {
		status = enums.WORKFLOW_EXECUTION_STATUS_COMPLETED
	}
	return &workflowpb.WorkflowExecutionInfo{Execution: &commonpb.WorkflowExecution{WorkflowId: id}, Type: &commonpb.WorkflowType{Name: flow.workflow}, Status: status}
}

func (s *fakeServer) QueryWorkflow(_ context.Context, id, _, _ string, _ ...any) (converter.EncodedValue, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queries++
	if s.onQuery != nil {
		s.onQuery(s.queries)
	}
	flow := s.flows[id]
	if len(flow.answers) == 0 {
		return nil, serviceerror.NewFailedPrecondition("no poller seen for task queue recently, worker may be down")
	}
	answer := flow.answers[0]
	switch {
	case len(flow.answers) > 1:
		flow.answers = flow.answers[1:]
	case !flow.stays:
		flow.ended = true
	}
	if err, failed := answer.(error); failed {
		return nil, err
	}
	return value{answer}, nil
}

func (s *fakeServer) GetWorkflow(_ context.Context, id, _ string) client.WorkflowRun {
	s.mu.Lock()
	defer s.mu.Unlock()
	flow := s.flows[id]
	return &endOf{value: value{flow.result}, err: flow.err}
}

func (s *fakeServer) UpdateWorkflow(ctx context.Context, options client.UpdateWorkflowOptions) (client.WorkflowUpdateHandle, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.update = options
	answer, known := s.flows[options.WorkflowID].updates[options.UpdateName]
	if hangs, ok := answer.(func(context.Context) error); ok {
		return nil, hangs(ctx)
	}
	if err, failed := answer.(error); failed {
		return nil, err
	}
	if !known {
		return nil, sdk.NewApplicationError("unknown update "+options.UpdateName+". KnownUpdates=[]", "")
	}
	return &answerOf{value: value{answer}}, nil
}

func (s *fakeServer) ListWorkflow(_ context.Context, request *workflowservice.ListWorkflowExecutionsRequest) (*workflowservice.ListWorkflowExecutionsResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = request.GetQuery()
	page := &workflowservice.ListWorkflowExecutionsResponse{}
	half := string(request.GetNextPageToken()) == "half" // two pages: odd and even
	for id, flow := range s.flows {
		if !flow.ended && (len(id)%2 == 0) == half {
			page.Executions = append(page.Executions, info(id, flow))
		}
	}
	if !half {
		page.NextPageToken = []byte("half")
	}
	return page, nil
}

// GetWorkflowHistory gives the first event, which has the input as the data converter of the client has left it.
func (s *fakeServer) GetWorkflowHistory(_ context.Context, id, _ string, _ bool, _ enums.HistoryEventFilterType) client.HistoryEventIterator {
	s.mu.Lock()
	defer s.mu.Unlock()
	input := s.flows[id].input
	if input == nil {
		input = s.fleet
	}
	payloads, err := temporal.NewDataConverter(s.keys).ToPayloads(input)
	return &firstEvent{err: err, event: &historypb.HistoryEvent{Attributes: &historypb.HistoryEvent_WorkflowExecutionStartedEventAttributes{
		WorkflowExecutionStartedEventAttributes: &historypb.WorkflowExecutionStartedEventAttributes{Input: payloads},
	}}}
}

// firstEvent is a history of which nobody reads more.
type firstEvent struct {
	mocks.HistoryEventIterator
	event *historypb.HistoryEvent
	err   error
}

func (f *firstEvent) Next() (*historypb.HistoryEvent, error) { return f.event, f.err }

// value is what a server gives back.
type value struct{ v any }

func (v value) HasValue() bool { return v.v != nil }

// Get copies it as a data converter does.
func (v value) Get(into any) error {
	text, err := json.Marshal(v.v)
	if err != nil || v.v == nil {
		return err
	}
	return json.Unmarshal(text, into)
}

// endOf is the end of a workflow.
type endOf struct {
	mocks.WorkflowRun
	value value
	err   error
}

func (e *endOf) Get(_ context.Context, into any) error {
	if e.err != nil {
		return e.err
	}
	return e.value.Get(into)
}

// answerOf is the answer to an update.
type answerOf struct {
	mocks.WorkflowUpdateHandle
	value value
}

func (a *answerOf) Get(_ context.Context, into any) error { return a.value.Get(into) }

// endedWith is the error of a workflow that has ended with another one.
func endedWith(err error) error { return errors.Join(&sdk.WorkflowExecutionError{}, err) }

// failedWith is the error of a workflow that has failed as activities do.
func failedWith(kind, message string, details ...any) error {
	return endedWith(sdk.NewNonRetryableApplicationError(message, kind, nil, details...))
}

// away is the error of a server that is not there.
func away() error { return serviceerror.NewUnavailable("connection refused") }
