package main

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/offline"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/workspace"
)

func TestPlay(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := play(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	want := `^here:  request (\w+) is written\nthere: request (\w+) is answered\nhere:  was unregistered, is registered as workspace \S+\n$`
	found := regexp.MustCompile(want).FindStringSubmatch(out.String())
	if found == nil || found[1] != found[2] {
		t.Errorf("it says %q, want %q", out.String(), want)
	}
}

// A courier whose token is refused says so, and the program ends with an error.
func TestDeliverRefused(t *testing.T) {
	t.Parallel()
	fake := registrationtest.NewWorkspace(t, "6.13.0")
	ws, err := workspace.New(fake.URL(), workspace.Token(fake.Admin().UserID, fake.Admin().AuthToken))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ws.Close(context.WithoutCancel(t.Context())) })
	machine := t.TempDir()
	client, err := open(t.Context(), ws, machine)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Register(t.Context(), registration.Request{}); !errors.Is(err, registration.ErrPending) {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := deliver(t.Context(), &out, machine, fake.Cloud().URL(), "no-such-token"); !errors.Is(err, offline.ErrTokenRefused) {
		t.Errorf("error %v, want %v", err, offline.ErrTokenRefused)
	}
	if !strings.HasSuffix(out.String(), " is refused\n") {
		t.Errorf("it says %q", out.String())
	}
}
