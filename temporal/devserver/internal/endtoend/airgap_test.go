package endtoend_test

import (
	"path/filepath"
	"testing"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/offline"
	"github.com/rcreg/registration/temporal"
)

// TestAirGapAnsweredAfterDays has a courier come after three days, for a request that was written by a worker that is gone by then.
func TestAirGapAnsweredAfterDays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2, "6.13.0")
	gap := t.TempDir()
	config := w.config()
	config.Gap = gap
	run := w.register(temporal.Registration{AirGap: true})
	stop := w.work(config)
	w.until(run.GetID(), "the request was written", func(p temporal.Progress) bool { return p.Phase == temporal.PhaseWaiting && p.Request != "" })
	for looks := range 3 {
		w.clock.Jump(day)
		w.until(run.GetID(), "a look", func(p temporal.Progress) bool { return p.Looks > looks })
	}
	stop()
	w.courier(exchangeOf(gap))
	w.work(config)
	w.clock.Jump(day) // nobody tells the workflow
	var outcome fleet.Outcome
	if err := run.Get(t.Context(), &outcome); err != nil || outcome.Class != fleet.Done || outcome.State != "registered" {
		t.Errorf("%+v, %v", outcome, err)
	}
	if spent := w.sim.Cloud().SpentTokens(); len(spent) != 1 {
		t.Errorf("%d tokens were spent", len(spent))
	}
}

// courier answers what was asked.
func (w *world) courier(exchange string) {
	w.tb.Helper()
	folder, err := offline.OpenFolder(exchange)
	if err != nil {
		w.tb.Fatal(err)
	}
	ledger, err := offline.OpenLedger(filepath.Join(w.tb.TempDir(), "ledger"))
	if err != nil {
		w.tb.Fatal(err)
	}
	defer ledger.Close()
	client, err := cloud.New(cloud.WithURL(w.sim.Cloud().URL()))
	if err != nil {
		w.tb.Fatal(err)
	}
	defer client.CloseIdleConnections()
	courier := offline.Courier{Cloud: client, Tokens: offline.OneToken(w.sim.Cloud().IssueToken()), Folder: folder, Ledger: ledger, Clock: w.clock}
	report, err := courier.Run(w.tb.Context())
	if err != nil || len(report.Items) != 1 || report.Items[0].Err != nil {
		w.tb.Fatalf("the courier: %+v, %v", report, err)
	}
}
