package temporal

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/testsuite"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/offline"
	"github.com/rcreg/registration/registrationtest"
)

// airGap is a world whose worker and Cloud are joined by what a courier carries.
type airGap struct {
	*world
	exchange string
}

func newAirGap(t *testing.T, options ...registrationtest.Option) airGap {
	t.Helper()
	w := newWorld(t, "6.13.0", options...)
	g := airGap{world: w, exchange: filepath.Join(t.TempDir(), "exchange")}
	if err := os.Mkdir(g.exchange, 0o700); err != nil {
		t.Fatal(err)
	}
	folder, err := offline.OpenFolder(g.exchange)
	if err != nil {
		t.Fatal(err)
	}
	state, err := offline.OpenState(filepath.Join(t.TempDir(), "state"))
	if err != nil {
		t.Fatal(err)
	}
	transport, err := offline.NewTransport(folder, state)
	if err != nil {
		t.Fatal(err)
	}
	w.activities.AirGap = w.fleet(fleet.WithClient(func(fleet.Workspace) []registration.Option {
		return []registration.Option{registration.WithTransport(transport)}
	}))
	return g
}

// deliver has the courier answer what was asked.
func (g airGap) deliver() error {
	folder, err := offline.OpenFolder(g.exchange)
	if err != nil {
		return err
	}
	ledger, err := offline.OpenLedger(filepath.Join(g.t.TempDir(), "ledger"))
	if err != nil {
		return err
	}
	defer ledger.Close()
	client, err := cloud.New(cloud.WithURL(g.fake.Cloud().URL()))
	if err != nil {
		return err
	}
	defer client.CloseIdleConnections()
	courier := offline.Courier{Cloud: client, Tokens: offline.OneToken(g.fake.Cloud().IssueToken()), Folder: folder, Ledger: ledger}
	_, err = courier.Run(context.Background())
	return err
}

// TestAirGapAfterDays waits for the courier, without a token on this side.
func TestAirGapAfterDays(t *testing.T) {
	t.Parallel()
	g := newAirGap(t)
	began := g.Now()
	const days = 3*24*time.Hour + time.Hour
	g.later(days-time.Hour, func() error {
		if p := g.progress(); p.Phase != PhaseWaiting || p.Request == "" || !p.Expires.IsZero() || p.Looks < 100 {
			t.Errorf("progress %+v", p)
		}
		return nil
	})
	g.later(days, g.deliver)
	outcome, err := g.run(RegisterWorkflow, Registration{Workspace: g.entry, AirGap: true})
	if took := g.Now().Sub(began); err != nil || outcome.Class != fleet.Done || outcome.State != "registered" || took > days+maxPause {
		t.Errorf("%+v, %v after %s", outcome, err, took)
	}
	if spent := len(g.fake.Cloud().SpentTokens()); spent != 1 {
		t.Errorf("%d tokens were spent", spent)
	}
}

// TestAirGapReplacesALicenseWithConsent: without it the workflow ends, and nothing was handed over.
func TestAirGapReplacesALicenseWithConsent(t *testing.T) {
	t.Parallel()
	for name, consent := range map[string]bool{"without consent": false, "with consent": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newAirGap(t, registrationtest.WithLicense(registrationtest.LicenseSpec{Modules: []string{"scalability"}}))
			g.later(time.Hour, g.deliver)
			outcome, err := g.run(RegisterWorkflow, Registration{Workspace: g.entry, AirGap: true, ReplaceLicense: consent})
			if !consent {
				checkFailure(t, err, "license_worse")
			} else if err != nil || outcome.Class != fleet.Done || outcome.State != "registered" {
				t.Errorf("%+v, %v", outcome, err)
			}
		})
	}
}

// TestStatusOfAWorkerReadsPublicSettings: it reads when a workspace becomes read-only, which rcreg fleet status shows too.
func TestStatusOfAWorkerReadsPublicSettings(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "8.6.1")
	w.fake.Set("Cloud_Workspace_AirGapped_Restrictions_Remaining_Days", 3.0)
	var env testsuite.WorkflowTestSuite
	activities := env.NewTestActivityEnvironment()
	activities.RegisterActivityWithOptions(w.activities.status, activity.RegisterOptions{Name: statusActivity})
	value, err := activities.ExecuteActivity(statusActivity, w.entry)
	var step Step
	if err == nil {
		err = value.Get(&step)
	}
	if err != nil || step.Outcome.ReadOnly.String() != "read-only in 3 days" {
		t.Errorf("%+v, %v", step.Outcome, err)
	}
}

func TestAWorkerWithoutAFolderRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "6.13.0")
	_, err := w.run(RegisterWorkflow, Registration{Workspace: w.entry, AirGap: true})
	checkFailure(t, err, "invalid_input")
}
