package devserver_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/rcreg/registration/temporal/devserver/internal/devserver"
	"github.com/rcreg/registration/temporal/devserver/internal/jumpclock"
)

// TestAWeekIsSkipped has a timer of seven days fire when the clock of the server jumps, and not before.
func TestAWeekIsSkipped(t *testing.T) {
	t.Parallel()
	c := jumpclock.New()
	s := start(t, devserver.Config{Dir: filepath.Join(t.TempDir(), "dev"), Clock: c})
	defer s.stop(t)
	s.work(t)
	run := s.begin(t, waitForAWeek)
	s.ask(t, run)
	for range 6 {
		c.Jump(24 * time.Hour)
		s.ask(t, run)
	}
	answer, err := s.client.DescribeWorkflowExecution(t.Context(), run, "")
	if err != nil || answer.GetWorkflowExecutionInfo().GetCloseTime() != nil {
		t.Fatalf("it ended too early, or %v", err)
	}
	c.Jump(24 * time.Hour)
	s.expectEnd(t, run)
	answer, err = s.client.DescribeWorkflowExecution(t.Context(), run, "")
	if err != nil {
		t.Fatal(err)
	}
	took := answer.GetWorkflowExecutionInfo().GetCloseTime().AsTime().Sub(answer.GetWorkflowExecutionInfo().GetStartTime().AsTime())
	if took < 7*24*time.Hour || took > 7*24*time.Hour+time.Minute {
		t.Errorf("by the clock of the server it took %s", took)
	}
}
