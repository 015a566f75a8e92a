package main

import (
	"strings"
	"testing"

	"github.com/rcreg/registration/registrationtest"
)

func TestRunAsItIs(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := run(t.Context(), &out, func(string) string { return "" }); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(out.String(), "was unregistered, is registered as workspace ") {
		t.Errorf("it says %q", out.String())
	}
}

func TestRunOnAWorkspace(t *testing.T) {
	t.Parallel()
	fake := registrationtest.NewWorkspace(t, "6.13.0")
	env := map[string]string{
		"RCREG_WORKSPACE":          fake.URL(),
		"RCREG_USER_ID":            fake.Admin().UserID,
		"RCREG_AUTH_TOKEN":         fake.Admin().AuthToken,
		"RCREG_REGISTRATION_TOKEN": fake.Cloud().IssueToken(),
	}
	var out strings.Builder
	if err := run(t.Context(), &out, func(name string) string { return env[name] }); err != nil {
		t.Fatal(err)
	}
	if known := fake.Cloud().Workspaces(); len(known) != 1 {
		t.Errorf("the Cloud knows %d workspaces, want 1", len(known))
	}
}
