package temporal

import (
	"hash/fnv"
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/rcreg/registration/fleet"
)

// Sync is the input of [KeepSyncedWorkflow].
type Sync struct {
	Workspace fleet.Workspace `json:"workspace"`
	// Every is the time from one sync to the next: 12 hours when it is zero, as servers do it themselves. Up to a tenth is taken off, another part for each
	// workspace, so that a fleet does not ask the Cloud all at once.
	Every time.Duration `json:"every_ns,omitempty"`
	// Progress is what an earlier run of the workflow has left; nil to begin.
	Progress *Progress `json:"progress,omitempty"`
}

const (
	usualEvery = 12 * time.Hour
	leastEvery = time.Minute // a workspace may sync twice a minute, whoever asks
	spread     = 10
)

// keepSyncedWorkflow syncs a workspace again and again, until it is cancelled or only a person can help.
func keepSyncedWorkflow(ctx workflow.Context, in Sync) error {
	s := &syncRun{in: in, progress: Progress{Workspace: in.Workspace.Name, URL: in.Workspace.URL}}
	if in.Progress != nil {
		s.progress = *in.Progress
	}
	if err := s.answer(ctx); err != nil {
		return err
	}
	err := s.run(ctx)
	s.enter(ctx, PhaseDone)
	if waitErr := workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) }); err == nil {
		err = waitErr
	}
	if err == nil && !s.cancelled {
		s.in.Progress = &s.progress
		return workflow.NewContinueAsNewError(ctx, KeepSyncedWorkflow, s.in)
	}
	return err
}

// syncRun is one run of the workflow.
type syncRun struct {
	in        Sync
	progress  Progress
	now       bool // a sync is asked for now
	cancelled bool
}

// run syncs until it is cancelled, or its history is long enough.
func (s *syncRun) run(ctx workflow.Context) error {
	for !s.cancelled {
		s.enter(ctx, PhaseActing)
		s.now = false
		_, err := act(ctx, syncActivity, s.every(), s.in.Workspace)
		s.progress.Looks++
		s.progress.Kind, s.progress.Message = "", ""
		if err != nil {
			s.progress.Kind, s.progress.Message = kindOfFailure(err), err.Error()
			if failedForGood(err) || ctx.Err() != nil {
				return err
			}
		}
		s.enter(ctx, PhaseResting)
		s.progress.Next = workflow.Now(ctx).Add(s.every())
		if err := pause(ctx, s.every(), func() bool { return s.now || s.cancelled }); err != nil {
			return err
		}
		if workflow.GetInfo(ctx).GetContinueAsNewSuggested() && !s.now { // else an update waits for the next sync
			return nil
		}
	}
	return nil
}

// every is the time between two syncs of this workspace.
func (s *syncRun) every() time.Duration {
	every := s.in.Every
	if every <= 0 {
		every = usualEvery
	}
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(s.in.Workspace.Name))
	return max(every-every/spread*time.Duration(hash.Sum32()%1000)/1000, leastEvery)
}

func (s *syncRun) enter(ctx workflow.Context, phase Phase) {
	s.progress.Phase, s.progress.Since, s.progress.Next = phase, workflow.Now(ctx), time.Time{}
}

func (s *syncRun) answer(ctx workflow.Context) error {
	if err := workflow.SetQueryHandler(ctx, QueryStatus, func() (Progress, error) { return s.progress, nil }); err != nil {
		return err
	}
	confirm := func(ctx workflow.Context) (Progress, error) {
		s.now = true
		answer := s.progress.Looks + 1
		if s.progress.Phase == PhaseActing {
			answer++ // the sync that is under way may have begun before there was anything to sync
		}
		err := workflow.Await(ctx, func() bool { return s.progress.Looks >= answer || s.progress.Phase == PhaseDone })
		return s.progress, err
	}
	if err := workflow.SetUpdateHandler(ctx, UpdateConfirm, confirm); err != nil {
		return err
	}
	return workflow.SetUpdateHandler(ctx, UpdateCancel, func(workflow.Context) (Progress, error) {
		s.cancelled = true
		return s.progress, nil
	})
}
