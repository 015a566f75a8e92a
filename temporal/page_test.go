package temporal

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"sync/atomic"
	"testing"

	sdk "go.temporal.io/sdk/temporal"

	"github.com/rcreg/registration/fleet"
)

// TestPagesOfAList covers it without a gap, and ends where it ends.
func TestPagesOfAList(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "8.9.0")
	list := w.listFile(4)
	first, err := w.activities.page(t.Context(), pageRequest{List: list, Size: 3})
	if err != nil || first.Total != 5 || len(first.Workspaces) != 3 || first.Digest == "" || first.Workspaces[0].Name != "chat" {
		t.Fatalf("%+v, %v", first, err)
	}
	for from, want := range map[int]int{3: 2, 5: 0, 500: 0} {
		next, err := w.activities.page(t.Context(), pageRequest{List: list, Digest: first.Digest, From: from, Size: 3})
		if err != nil || next.Total != 5 || len(next.Workspaces) != want || next.Digest != first.Digest {
			t.Errorf("from %d: %+v, %v", from, next, err)
		}
	}
	if p, err := w.activities.page(t.Context(), pageRequest{List: list, Labels: map[string]string{"tier": "w2"}, Size: 3}); err != nil || p.Total != 1 || p.Workspaces[0].Name != "w2" {
		t.Errorf("%+v, %v", p, err)
	}
}

// TestAListThatIsNotThere may come: it is no final failure.
func TestAListThatIsNotThere(t *testing.T) {
	t.Parallel()
	_, err := new(Activities).page(t.Context(), pageRequest{List: filepath.Join(t.TempDir(), "fleet.yaml"), Size: 1})
	if !errors.Is(err, fs.ErrNotExist) || failedForGood(err) {
		t.Errorf("error %v", err)
	}
}

// held is a runner that works until it is let go, and tells when two are at work.
type held struct {
	working atomic.Int64
	both    func()
	release chan struct{}
}

func (h *held) Do(context.Context, fleet.Workspace, fleet.Operation) fleet.Outcome {
	if h.working.Add(1) == 2 {
		h.both()
	}
	<-h.release
	return fleet.Outcome{Class: fleet.Unchanged}
}

// TestFleetIsCancelledByTemporal ends what is in flight, and nothing is begun after it.
func TestFleetIsCancelledByTemporal(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "8.9.0")
	work := &held{both: w.CancelWorkflow, release: make(chan struct{})}
	w.activities.Runner = work
	_, err := w.fleetRun(FleetRun{List: w.listFile(9), Operation: FleetSync, Window: 2})
	close(work.release)
	if !sdk.IsCanceledError(err) {
		t.Errorf("error %v", err)
	}
	value, err := w.QueryWorkflow(QueryStatus)
	var tally Tally
	if err != nil || value.Get(&tally) != nil || tally.InFlight != 0 || tally.Classes[fleet.Cancelled] != 2 || tally.Ended != 2 {
		t.Errorf("%+v, %v", tally, err)
	}
}
