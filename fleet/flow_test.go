package fleet_test

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/registrationtest"
)

// someTime is when tests with a clock of their own begin.
func someTime() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

func TestMixedFleet(t *testing.T) {
	t.Parallel()
	clock := registrationtest.NewClock(someTime())
	fake := registrationtest.NewFleet(t, 36, registrationtest.WithClock(clock))
	pool, _ := poolOf(t, fake.Cloud(), 40)
	list := listOf(t, fake)
	options := []fleet.Option{fleet.WithClock(clock), fleet.WithPerHost(8), fleet.WithTokens(pool)}
	f := open(t, list, options...)

	wantAll(t, fake, outcomes(t, f, fleet.Status()), fleet.Unchanged, "unregistered")
	for _, outcome := range outcomes(t, f, fleet.Sync()) {
		if outcome.Class != fleet.Failed || outcome.Kind != "not_registered" || outcome.Attempts != 1 || outcome.Advice == "" {
			t.Errorf("a sync of %s is %+v", outcome.Workspace, outcome)
		}
	}
	journal := openJournal(t, filepath.Join(t.TempDir(), "register.journal"), "register")
	f = open(t, list, slices.Concat(options, []fleet.Option{fleet.WithJournal(journal)})...)
	registered := outcomes(t, f, fleet.Register())
	wantAll(t, fake, registered, fleet.Done, "registered")
	if n := len(fake.Cloud().Workspaces()); n != fake.Len() || pool.Left() != 4 {
		t.Errorf("the Cloud knows %d workspaces, and %d tokens are left", n, pool.Left())
	}
	for i := range fake.Len() {
		if outcome := registered[fake.Name(i)]; outcome.Version == "" || outcome.Attempts != 1 || outcome.Began.IsZero() || outcome.Operation != "register" {
			t.Errorf("%+v", outcome)
		}
	}

	resumed := outcomes(t, f, fleet.Register())
	wantAll(t, fake, resumed, fleet.Done, "registered")
	for _, outcome := range resumed {
		if !outcome.Resumed || !outcome.Changed {
			t.Errorf("%s was asked again: %+v", outcome.Workspace, outcome)
		}
	}
	f = open(t, list, options...)
	wantAll(t, fake, outcomes(t, f, fleet.Sync()), fleet.Unchanged, "registered")
	wantAll(t, fake, outcomes(t, f, fleet.Reconcile()), fleet.Unchanged, "registered")
	if pool.Left() != 4 {
		t.Errorf("%d tokens are left, want 4", pool.Left())
	}
}

// TestCallsToAWorkspace counts them, for docs/fleet.md: they say how many workspaces fit into a minute.
func TestCallsToAWorkspace(t *testing.T) {
	t.Parallel()
	for version, calls := range map[string][]int{
		"3.0.0": {2, 7, 5, 5}, "3.1.0": {2, 7, 5, 5}, "4.4.0": {2, 7, 5, 5}, "6.4.0": {2, 7, 5, 5}, "6.5.0": {2, 9, 9, 9}, "8.7.0": {2, 9, 10, 10}, "9.0.0": {2, 9, 10, 10},
	} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			clock := registrationtest.NewClock(someTime())
			fake := registrationtest.NewFleet(t, 1, registrationtest.InProcess(), registrationtest.WithClock(clock), registrationtest.WithVersions(version))
			pool, _ := poolOf(t, fake.Cloud(), 1)
			f := open(t, listOf(t, fake), fleet.WithClock(clock), fleet.WithTokens(pool), fleet.WithRoundTripper(fake.RoundTripper()))
			for i, op := range []fleet.Operation{fleet.Status(), fleet.Register(), fleet.Sync(), fleet.Reconcile()} {
				fake.Workspace(0).ClearHistory()
				outcomes(t, f, op)
				if asked := fake.Workspace(0).History(); len(asked) != calls[i] {
					t.Errorf("%s takes %d calls, want %d", op.Name, len(asked), calls[i])
				}
			}
		})
	}
}

// TestJournalOfAnotherAddress resumes a list in which a name has another address than in the journal: that is another workspace, which was never asked.
func TestJournalOfAnotherAddress(t *testing.T) {
	t.Parallel()
	clock := registrationtest.NewClock(someTime())
	fake := registrationtest.NewFleet(t, 2, registrationtest.InProcess(), registrationtest.WithClock(clock))
	pool, _ := poolOf(t, fake.Cloud(), 2)
	journal := openJournal(t, filepath.Join(t.TempDir(), "journal"), "register")
	list := listOf(t, fake)
	register := func(workspaces ...fleet.Workspace) map[string]fleet.Outcome {
		f := open(t, fleet.List{Workspaces: workspaces}, fleet.WithClock(clock), fleet.WithTokens(pool), fleet.WithJournal(journal), fleet.WithRoundTripper(fake.RoundTripper()))
		return outcomes(t, f, fleet.Register())
	}
	first, moved := list.Workspaces[0], list.Workspaces[1]
	moved.Name = first.Name
	for i, test := range []struct {
		workspace fleet.Workspace
		resumed   bool
	}{{first, false}, {first, true}, {moved, false}, {moved, true}} {
		got := register(test.workspace)[first.Name]
		if got.Class != fleet.Done || got.Resumed != test.resumed || got.URL != test.workspace.URL {
			t.Errorf("run %d: %+v", i, got)
		}
	}
	if n := len(fake.Cloud().Workspaces()); n != 2 {
		t.Errorf("%d workspaces are registered", n)
	}
}

// TestStatusWithPublicSettings reads, with one more request, when each workspace becomes read-only, and which of them wait to be told what they are.
func TestStatusWithPublicSettings(t *testing.T) {
	t.Parallel()
	clock := registrationtest.NewClock(someTime())
	fake := registrationtest.NewFleet(t, 3, registrationtest.InProcess(), registrationtest.WithClock(clock), registrationtest.WithVersions("8.6.1"))
	fake.Workspace(0).Set("Cloud_Workspace_AirGapped_Restrictions_Remaining_Days", 3.0)
	fake.Workspace(1).Set("Cloud_Workspace_AirGapped_Restrictions_Remaining_Days", "soon")
	fake.Workspace(2).Set("Deployment_FingerPrint_Verified", false)
	for name, o := range outcomes(t, open(t, listOf(t, fake), fleet.WithClock(clock), fleet.WithRoundTripper(fake.RoundTripper())), fleet.Status()) {
		if !o.ReadOnly.IsZero() || o.Unconfirmed || o.Notes != nil {
			t.Errorf("%s shows %+v unasked", name, o)
		}
	}
	asking := fleet.Status()
	asking.PublicSettings = true
	all := outcomes(t, open(t, listOf(t, fake), fleet.WithClock(clock), fleet.WithRoundTripper(fake.RoundTripper())), asking)
	for i, want := range []string{"read-only in 3 days", "", "read-only in 10 days"} {
		o := all[fake.Name(i)]
		if o.ReadOnly.String() != want || o.Unconfirmed != (i == 2) || (len(o.Notes) == 1) != (i == 2) || o.Class != fleet.Unchanged {
			t.Errorf("%d shows %+v", i, o)
		}
	}
}
