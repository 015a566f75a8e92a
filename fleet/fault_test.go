package fleet_test

import (
	"flag"
	"path/filepath"
	"strconv"
	"testing"
	"testing/synctest"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/grants"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/faults"
	"github.com/rcreg/registration/relay"
)

var faultySeeds = flag.Uint64("faulty.seeds", 3, "how many fleets are registered over a network on which exchanges fail")

// TestFaultyNetwork registers a fleet while one in ten exchanges fails in some way, before or after the act. In the end every workspace is registered. A token is
// spent in vain only where a server's answer was lost together with what it had registered, and then the pool knows of it.
func TestFaultyNetwork(t *testing.T) {
	t.Parallel()
	for seed := range *faultySeeds {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { faultyNetwork(t, seed) })
		})
	}
}

func faultyNetwork(t *testing.T, seed uint64) {
	t.Helper()
	fake := registrationtest.NewFleet(t, 54, registrationtest.InProcess())
	plan := faults.NewPlan(nil)
	pool, _ := poolOf(t, fake.Cloud(), 2*fake.Len())
	list := listOf(t, fake)
	path := filepath.Join(t.TempDir(), "journal")
	plan.Random(0.1, seed)
	retried := 0
	for round := range 4 {
		if round == 3 {
			plan.Random(0, 0)
		}
		journal := openJournal(t, path, "register")
		f := open(t, list, fleet.WithTokens(pool), fleet.WithJournal(journal), fleet.WithCloudRate(1e6), fleet.WithRoundTripper(plan.RoundTripper(fake.RoundTripper())))
		got := outcomes(t, f, fleet.Register())
		for _, outcome := range got {
			if outcome.Attempts > 1 {
				retried++
			}
			if outcome.Class == fleet.Done && outcome.State != "registered" {
				t.Errorf("%+v", outcome)
			}
		}
		if round == 3 {
			expectRegistered(t, fake, got)
		}
		if err := journal.Close(); err != nil {
			t.Error(err)
		}
	}
	if retried == 0 || len(plan.Fired()) == 0 {
		t.Error("nothing went wrong")
	}
	spent, known, taken := len(fake.Cloud().SpentTokens()), len(fake.Cloud().Workspaces()), 2*fake.Len()-pool.Left()
	t.Logf("%d exchanges failed, %d workspaces were tried again, %d tokens were taken and %d spent", len(plan.Fired()), retried, taken, spent)
	if spent != fake.Len() || known != fake.Len() || taken < spent {
		t.Errorf("%d tokens were taken and %d spent, and the Cloud knows %d workspaces", taken, spent, known)
	}
	for i := range fake.Len() {
		if pool.InDoubt(fake.Name(i)) {
			t.Errorf("the token of %s is in doubt", fake.Name(i))
		}
	}
}

func expectRegistered(t *testing.T, fake *registrationtest.Fleet, got map[string]fleet.Outcome) {
	t.Helper()
	for i := range fake.Len() {
		outcome := got[fake.Name(i)]
		if outcome.State != "registered" || outcome.Class != fleet.Done && outcome.Class != fleet.Unchanged {
			t.Errorf("%s (%s): %+v", fake.Name(i), fake.Version(i), outcome)
		}
	}
}

// TestRelayedFleet registers over a relay, logs in with user and password, and leaves no login behind.
func TestRelayedFleet(t *testing.T) {
	t.Parallel()
	clock := registrationtest.NewClock(someTime())
	fake := registrationtest.NewFleet(t, 9, registrationtest.InProcess(), registrationtest.WithClock(clock))
	list := listOf(t, fake)
	for i := range list.Workspaces {
		w := &list.Workspaces[i]
		w.Via, w.UserID, w.AuthToken = fleet.ViaRelay, "", fleet.Reference{}
		w.User, w.Password = "admin", secretFile(t, fake.Admin(i).Password)
	}
	if _, err := fleet.New(list); err == nil {
		t.Error("a list of relays was taken without a relay")
	}
	pool, _ := poolOf(t, fake.Cloud(), fake.Len())
	f := open(t, list, fleet.WithClock(clock), fleet.WithRoundTripper(fake.RoundTripper()), fleet.WithTokens(pool), overRelay(t, fake, clock))
	wantAll(t, fake, outcomes(t, f, fleet.Reconcile()), fleet.Done, "registered")
	if n := len(fake.Cloud().SpentTokens()); n != fake.Len() || pool.Left() != 0 {
		t.Errorf("%d tokens were spent, %d are left", n, pool.Left())
	}
	for i := range fake.Len() {
		logins := map[string]int{}
		for _, exchange := range fake.Workspace(i).History() {
			logins[exchange.Path]++
		}
		if in, out := logins["/api/v1/login"], logins["/api/v1/logout"]; in == 0 || in != out {
			t.Errorf("%s: %d logins, %d logouts", fake.Name(i), in, out)
		}
	}
}

// TestRelayedFleetGoesOnWithAKeptGrant: the token that was taken for a workspace whose grant another run has kept goes back to the pool.
func TestRelayedFleetGoesOnWithAKeptGrant(t *testing.T) {
	t.Parallel()
	clock := registrationtest.NewClock(someTime())
	fake := registrationtest.NewFleet(t, 1, registrationtest.InProcess(), registrationtest.WithClock(clock), registrationtest.WithVersions("9.0.0"))
	list := listOf(t, fake)
	list.Workspaces[0].Via = fleet.ViaRelay
	pool, _ := poolOf(t, fake.Cloud(), 1)
	options := []fleet.Option{fleet.WithClock(clock), fleet.WithRoundTripper(fake.RoundTripper()), overRelay(t, fake, clock)}
	// A run with a token of its own gets a grant, which cannot be used yet.
	fake.Cloud().SetFault(faults.Fault{Call: faults.CallToken, Kind: faults.ServerError})
	token, _ := poolOf(t, fake.Cloud(), 1)
	if o := outcomes(t, open(t, list, append(options, fleet.WithTokens(token))...), fleet.Register())[fake.Name(0)]; o.Class != fleet.Failed {
		t.Fatalf("%+v", o)
	}
	fake.Cloud().ClearFaults()
	wantAll(t, fake, outcomes(t, open(t, list, append(options, fleet.WithTokens(pool))...), fleet.Register()), fleet.Done, "registered")
	if n := len(fake.Cloud().SpentTokens()); n != 1 || pool.Left() != 1 || pool.LeftInDoubt() != 0 {
		t.Errorf("%d tokens were spent, %d are left, %d in doubt", n, pool.Left(), pool.LeftInDoubt())
	}
}

// TestRelayedFleetReplacesALicenseWithConsent: a fleet replaces no better license unless it is allowed to, and spends no second token then.
func TestRelayedFleetReplacesALicenseWithConsent(t *testing.T) {
	t.Parallel()
	for _, op := range []fleet.Operation{fleet.Register(), fleet.Reconcile()} {
		clock := registrationtest.NewClock(someTime())
		fake := registrationtest.NewFleet(t, 1, registrationtest.InProcess(), registrationtest.WithClock(clock), registrationtest.WithVersions("9.0.0"),
			registrationtest.WithLicense(registrationtest.LicenseSpec{Modules: []string{"scalability"}}))
		list := listOf(t, fake)
		list.Workspaces[0].Via = fleet.ViaRelay
		pool, _ := poolOf(t, fake.Cloud(), 2)
		f := open(t, list, fleet.WithClock(clock), fleet.WithRoundTripper(fake.RoundTripper()), fleet.WithTokens(pool), overRelay(t, fake, clock))
		if o := outcomes(t, f, op)[fake.Name(0)]; o.Class != fleet.Failed || o.Kind != "license_worse" || o.State != "unregistered" {
			t.Errorf("without consent it is %+v", o)
		}
		op.ReplaceLicense = true
		wantAll(t, fake, outcomes(t, f, op), fleet.Done, "registered")
		if n := len(fake.Cloud().SpentTokens()); n != 1 || pool.Left() != 1 || pool.LeftInDoubt() != 0 {
			t.Errorf("%d tokens were spent, %d are left, %d in doubt", n, pool.Left(), pool.LeftInDoubt())
		}
	}
}

// overRelay is how a fleet reaches the Cloud over this machine.
func overRelay(t *testing.T, fake *registrationtest.Fleet, clock *registrationtest.Clock) fleet.Option {
	t.Helper()
	store, err := grants.Open(filepath.Join(t.TempDir(), "store"))
	if err != nil {
		t.Fatal(err)
	}
	toCloud, err := cloud.New(cloud.WithURL(fake.Cloud().URL()), cloud.WithRoundTripper(fake.RoundTripper()), cloud.WithClock(clock))
	if err != nil {
		t.Fatal(err)
	}
	transport, err := relay.New(toCloud, store)
	if err != nil {
		t.Fatal(err)
	}
	option := registration.WithTransport(transport)
	return fleet.WithClient(func(fleet.Workspace) []registration.Option { return []registration.Option{option} })
}
