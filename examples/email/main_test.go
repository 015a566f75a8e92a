package main

import (
	"path/filepath"
	"regexp"
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
	want := `^ops@example\.com has to confirm the message with the code \S+\nregistered as workspace \S+\n$`
	if !regexp.MustCompile(want).MatchString(out.String()) {
		t.Errorf("it says %q, want %q", out.String(), want)
	}
}

// Until somebody confirms, every run says so and keeps the ticket.
func TestRunUnconfirmed(t *testing.T) {
	t.Parallel()
	fake := registrationtest.NewWorkspace(t, "9.0.0")
	credentials := workspace.Token(fake.Admin().UserID, fake.Admin().AuthToken)
	path := filepath.Join(t.TempDir(), "ticket.json")
	var out strings.Builder
	for range 3 {
		if err := run(t.Context(), &out, fake.URL(), credentials, "ops@example.com", path); err != nil {
			t.Fatal(err)
		}
	}
	if n := strings.Count(out.String(), "has to confirm"); n != 3 || len(fake.Cloud().Devices()) != 1 {
		t.Errorf("%d messages; it says %q", len(fake.Cloud().Devices()), out.String())
	}
}
