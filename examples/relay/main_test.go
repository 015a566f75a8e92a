package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/workspace"
)

func TestPlay(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := play(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"register: was unregistered, is registered as workspace ", "a grant is still on its way: false\n",
		"sync: was registered, is registered as workspace ", "the license is in-force, for ", "note: only the license was refreshed",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("it says %q, without %q", out.String(), want)
		}
	}
}

// The second run finds the workspace registered, and spends nothing.
func TestRunTwice(t *testing.T) {
	t.Parallel()
	fake := registrationtest.NewWorkspace(t, "6.4.0")
	credentials, token, folder := workspace.Token(fake.Admin().UserID, fake.Admin().AuthToken), fake.Cloud().IssueToken(), filepath.Join(t.TempDir(), "state")
	for range 2 {
		if err := run(t.Context(), &strings.Builder{}, fake.URL(), credentials, token, fake.Cloud().URL(), folder); err != nil {
			t.Fatal(err)
		}
	}
	if known := fake.Cloud().Workspaces(); len(known) != 1 || len(fake.Cloud().SpentTokens()) != 1 {
		t.Errorf("the Cloud knows %d workspaces, and %d tokens were spent", len(known), len(fake.Cloud().SpentTokens()))
	}
}
