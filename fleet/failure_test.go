package fleet_test

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/registrationtest/faults"
)

func TestRetries(t *testing.T) {
	t.Parallel()
	refused := faults.Fault{Kind: faults.Refused}
	for name, test := range map[string]struct {
		fault    faults.Fault
		times    int
		class    fleet.Class
		kind     string
		attempts int
	}{
		"away for a while":       {refused, 6, fleet.Done, "", 2},
		"away for good":          {refused, 100, fleet.Failed, "unreachable", 3},
		"not the API":            {faults.Fault{Kind: faults.Page}, 100, fleet.Failed, "not_rocket_chat", 1},
		"wrong credentials":      {faults.Fault{Kind: faults.Unauthorized, Call: "cloud.registrationStatus"}, 100, fleet.Failed, "unauthorized", 1},
		"the status fails":       {faults.Fault{Kind: faults.ServerError, Call: "cloud.registrationStatus"}, 7, fleet.Done, "", 2},
		"a reply is lost":        {faults.Fault{Kind: faults.Reset, After: true, Call: "cloud.connectWorkspace"}, 1, fleet.Done, "", 1},
		"the outcome is unknown": {faults.Fault{Kind: faults.Reset, Call: "cloud.connectWorkspace"}, 1, fleet.Done, "", 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := registrationtest.NewClock(someTime())
			fake := registrationtest.NewFleet(t, 1, registrationtest.InProcess(), registrationtest.WithClock(clock), registrationtest.WithVersions("9.0.0"))
			plan := faults.NewPlan(clock)
			pool, _ := poolOf(t, fake.Cloud(), 1)
			test.fault.Times = test.times
			plan.Set(test.fault)
			f := open(t, listOf(t, fake), fleet.WithClock(clock), fleet.WithTokens(pool), fleet.WithRetries(2), fleet.WithRoundTripper(plan.RoundTripper(fake.RoundTripper())))
			got := outcomes(t, f, fleet.Register())[fake.Name(0)]
			if got.Class != test.class || got.Kind != test.kind || got.Attempts != test.attempts {
				t.Errorf("%+v", got)
			}
			if (got.Class == fleet.Failed) != (got.Message != "" && got.Advice != "") || (got.Class == fleet.Failed) != (pool.Left() == 1) {
				t.Errorf("%+v, %d tokens left", got, pool.Left())
			}
			if got.Attempts > 1 && got.Took < 2*time.Second {
				t.Errorf("%d tries took %s", got.Attempts, got.Took)
			}
		})
	}
}

func TestTokensRunOut(t *testing.T) {
	t.Parallel()
	clock := registrationtest.NewClock(someTime())
	fake := registrationtest.NewFleet(t, 9, registrationtest.InProcess(), registrationtest.WithClock(clock))
	options := []fleet.Option{fleet.WithClock(clock), fleet.WithRoundTripper(fake.RoundTripper())}
	pool, _ := poolOf(t, fake.Cloud(), 5)
	counts := map[string]int{}
	for _, outcome := range outcomes(t, open(t, listOf(t, fake), slices.Concat(options, []fleet.Option{fleet.WithTokens(pool)})...), fleet.Register()) {
		counts[string(outcome.Class)+outcome.Kind]++
	}
	if counts["done"] != 5 || counts["failedno_tokens"] != 4 {
		t.Errorf("%v", counts)
	}
	for _, outcome := range outcomes(t, open(t, listOf(t, fake), options...), fleet.Register()) {
		if outcome.State == "unregistered" && (outcome.Class != fleet.Failed || !errors.Is(outcome.Err, registration.ErrInvalidInput) || !errors.Is(outcome.Err, fleet.ErrNoTokens) ||
			strings.Contains(outcome.Message, "left") || strings.Contains(outcome.Advice, "With") || !strings.Contains(outcome.Advice, "pool")) {
			t.Errorf("without a pool: %+v", outcome)
		}
	}
}

// TestRefusedToken tries a token that is refused once more in the next run, and only then takes another one: the workspace does not say why it was refused.
func TestRefusedToken(t *testing.T) {
	t.Parallel()
	clock := registrationtest.NewClock(someTime())
	fake := registrationtest.NewFleet(t, 1, registrationtest.InProcess(), registrationtest.WithClock(clock))
	options := []fleet.Option{fleet.WithClock(clock), fleet.WithRoundTripper(fake.RoundTripper())}
	pool, _ := poolOf(t, fake.Cloud(), 2)
	fake.Cloud().SetFault(faults.Fault{Kind: faults.BadRequest, Call: faults.CallClients, Times: 2})
	f := open(t, listOf(t, fake), slices.Concat(options, []fleet.Option{fleet.WithTokens(pool)})...)
	if got := outcomes(t, f, fleet.Register())[fake.Name(0)]; got.Class != fleet.Failed || got.Kind != "rejected" || got.Attempts != 1 || pool.Left() != 1 {
		t.Errorf("%+v, %d tokens left", got, pool.Left())
	}
	if got := outcomes(t, f, fleet.Register())[fake.Name(0)]; got.Class != fleet.Done || got.Attempts != 2 || pool.Left() != 0 || pool.InDoubt(fake.Name(0)) {
		t.Errorf("%+v, %d tokens left", got, pool.Left())
	}
}

func TestJournalCannotBeWritten(t *testing.T) {
	t.Parallel()
	clock := registrationtest.NewClock(someTime())
	fake := registrationtest.NewFleet(t, 5, registrationtest.InProcess(), registrationtest.WithClock(clock))
	pool, _ := poolOf(t, fake.Cloud(), 5)
	journal := openJournal(t, filepath.Join(t.TempDir(), "journal"), "register")
	if err := journal.Close(); err != nil {
		t.Fatal(err)
	}
	f := open(t, listOf(t, fake), fleet.WithClock(clock), fleet.WithTokens(pool), fleet.WithJournal(journal), fleet.WithRoundTripper(fake.RoundTripper()))
	n := 0
	for outcome := range f.Run(t.Context(), fleet.Register()) {
		n++
		if outcome.Class != fleet.Cancelled || outcome.Kind != "journal_broken" || outcome.Attempts != 0 {
			t.Errorf("%+v", outcome)
		}
	}
	if n != 5 || !errors.Is(f.Err(), fleet.ErrJournalBroken) || fake.Made() != 0 {
		t.Errorf("%d outcomes, %v, %d workspaces were asked", n, f.Err(), fake.Made())
	}
}

func TestRunIsRefused(t *testing.T) {
	t.Parallel()
	list := fleet.List{Workspaces: []fleet.Workspace{{Name: "alpha", URL: "https://alpha.example.com", UserID: "rcreg", AuthToken: fleet.Reference{Env: "NOT_SET"}}}}
	journal := openJournal(t, filepath.Join(t.TempDir(), "journal"), "register")
	f := open(t, list, fleet.WithJournal(journal))
	for name, test := range map[string]struct {
		op   fleet.Operation
		want error
		kind string
	}{
		"the journal of another operation": {fleet.Sync(), fleet.ErrOtherOperation, "other_operation"},
		"an operation that does nothing":   {fleet.Operation{Name: "register"}, registration.ErrInvalidInput, "invalid_input"},
	} {
		for outcome := range f.Run(t.Context(), test.op) {
			if outcome.Class != fleet.Cancelled || !errors.Is(outcome.Err, test.want) || outcome.Kind != test.kind || !errors.Is(f.Err(), test.want) {
				t.Errorf("%s: %+v, %v", name, outcome, f.Err())
			}
		}
	}
	busy := fleet.Operation{Name: "register", Do: func(context.Context, *fleet.Job) (registration.Result, error) { return registration.Result{}, nil }}
	for outcome := range f.Run(t.Context(), busy) {
		if outcome.Class != fleet.Failed || outcome.Kind != "invalid_input" || !strings.Contains(outcome.Advice, "alpha") {
			t.Errorf("a variable that is not set: %+v", outcome)
		}
		for within := range f.Run(t.Context(), busy) {
			if !errors.Is(within.Err, fleet.ErrRunning) {
				t.Errorf("a run within a run: %+v", within)
			}
		}
	}
}

func TestOutcomeHoldsNoSecret(t *testing.T) {
	t.Parallel()
	clock := registrationtest.NewClock(someTime())
	fake := registrationtest.NewFleet(t, 1, registrationtest.InProcess(), registrationtest.WithClock(clock))
	list := listOf(t, fake)
	fake.Cloud().SetFault(faults.Fault{Kind: faults.BadRequest, Call: faults.CallClients})
	pool, _ := poolOf(t, fake.Cloud(), 1)
	f := open(t, list, fleet.WithClock(clock), fleet.WithTokens(pool), fleet.WithRoundTripper(fake.RoundTripper()))
	for outcome := range f.Run(t.Context(), fleet.Register()) {
		text, err := json.Marshal(outcome)
		if err != nil || outcome.Class != fleet.Failed {
			t.Fatalf("%v, %+v", err, outcome)
		}
		claim, err := pool.Claim(outcome.Workspace)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{fake.Admin(0).AuthToken, claim.Token.Reveal()} {
			if strings.Contains(string(text), secret) || strings.Contains(outcome.Err.Error(), secret) {
				t.Errorf("%s", text)
			}
		}
	}
}
