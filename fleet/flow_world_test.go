package fleet_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/registrationtest"
)

// listOf is the list of a fake fleet, with each token in a file.
func listOf(tb testing.TB, fake *registrationtest.Fleet) fleet.List {
	tb.Helper()
	list := fleet.List{Workspaces: make([]fleet.Workspace, fake.Len())}
	for i := range list.Workspaces {
		list.Workspaces[i] = fleet.Workspace{
			Name: fake.Name(i), URL: fake.URL(i), UserID: fake.Admin(i).UserID, AuthToken: secretFile(tb, fake.Admin(i).AuthToken), Via: fleet.ViaDirect,
		}
	}
	return list
}

func secretFile(tb testing.TB, text string) fleet.Reference {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "secret")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		tb.Fatal(err)
	}
	return fleet.Reference{File: path}
}

// poolOf is a pool of n tokens of the fake Cloud, in a file.
func poolOf(tb testing.TB, cloud *registrationtest.Cloud, n int) (*fleet.Tokens, string) {
	tb.Helper()
	tokens := make([]string, n)
	for i := range tokens {
		tokens[i] = cloud.IssueToken()
	}
	path := filepath.Join(tb.TempDir(), "tokens.txt")
	if err := os.WriteFile(path, []byte(strings.Join(tokens, "\n")+"\n"), 0o600); err != nil {
		tb.Fatal(err)
	}
	return openPool(tb, path), path
}

func openPool(tb testing.TB, path string) *fleet.Tokens {
	tb.Helper()
	pool, err := fleet.OpenTokens(path)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = pool.Close() })
	return pool
}

func openJournal(tb testing.TB, path, operation string) *fleet.Journal {
	tb.Helper()
	journal, err := fleet.OpenJournal(path, operation)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = journal.Close() })
	return journal
}

// open makes the fleet of a fake one.
// withoutLag is for fakes whose settings caches do not trail, where the looks at the status would only take time and calls.
func withoutLag() fleet.Option {
	return fleet.WithClient(func(fleet.Workspace) []registration.Option {
		return []registration.Option{registration.WithSettingsLag(0)}
	})
}

func open(tb testing.TB, list fleet.List, options ...fleet.Option) *fleet.Fleet {
	tb.Helper()
	f, err := fleet.New(list, options...)
	if err != nil {
		tb.Fatal(err)
	}
	return f
}

// outcomes runs an operation and returns what became of each workspace, by its name.
func outcomes(tb testing.TB, f *fleet.Fleet, op fleet.Operation) map[string]fleet.Outcome {
	tb.Helper()
	all := map[string]fleet.Outcome{}
	for outcome := range f.Run(tb.Context(), op) {
		if _, twice := all[outcome.Workspace]; twice {
			tb.Errorf("%s was yielded twice", outcome.Workspace)
		}
		all[outcome.Workspace] = outcome
	}
	if err := f.Err(); err != nil {
		tb.Errorf("the run ended with: %v", err)
	}
	return all
}

// wantAll checks that every workspace of a fleet ended in a class and a state.
func wantAll(tb testing.TB, fake *registrationtest.Fleet, got map[string]fleet.Outcome, class fleet.Class, state string) {
	tb.Helper()
	if len(got) != fake.Len() {
		tb.Errorf("there are %d outcomes, want %d", len(got), fake.Len())
	}
	for i := range fake.Len() {
		outcome := got[fake.Name(i)]
		if outcome.Class != class || outcome.State != state {
			tb.Errorf("%s (%s) is %s, %s: %s %s", outcome.Workspace, fake.Version(i), outcome.Class, outcome.State, outcome.Kind, outcome.Message)
		}
	}
}
