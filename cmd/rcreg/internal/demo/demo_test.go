package demo_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cmd/rcreg/internal/demo"
	"github.com/rcreg/registration/registrationtest"
)

// Every step ends where it should, over the kind of call that its version has.
func TestRun(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		version string
		states  []registration.State
		roads   string // of the last sync
	}{
		{"3.0.0", []registration.State{registration.Unregistered, registration.Registered, registration.Registered, registration.Disconnected, registration.Registered}, "DDP"},
		{"5.4.0", []registration.State{registration.Unregistered, registration.Registered, registration.Registered, registration.Disconnected, registration.Registered}, "method.call"},
		{"9.0.0", []registration.State{registration.Unregistered, registration.Registered, registration.Registered}, "REST"},
	} {
		t.Run(c.version, func(t *testing.T) {
			t.Parallel()
			report, err := demo.Run(t.Context(), []string{c.version})
			if err != nil {
				t.Fatal(err)
			}
			steps := report.Workspaces[0].Steps
			for i, step := range steps {
				if supported := i < len(c.states); step.Supported != supported || supported && step.State != c.states[i] {
					t.Errorf("%s: supported %t, state %q", step.Operation, step.Supported, step.State)
				}
				if (step.Advice == "") != step.Supported || (len(step.Calls) > 0) != step.Supported {
					t.Errorf("%s: advice %q, calls %v", step.Operation, step.Advice, step.Calls)
				}
			}
			if road := steps[2].Calls[1].Road; road != c.roads {
				t.Errorf("sync goes over %s, want %s", road, c.roads)
			}
			if report.Registrations != 1 || report.Syncs == 0 {
				t.Errorf("the Cloud counts %d registrations and %d syncs", report.Registrations, report.Syncs)
			}
		})
	}
}

func TestRunFails(t *testing.T) {
	t.Parallel()
	if _, err := demo.Run(t.Context(), []string{"2.4.0"}); !errors.Is(err, registrationtest.ErrVersion) {
		t.Errorf("before 3.0: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := demo.Run(ctx, []string{"9.0.0"}); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
}

func TestWriteFitsATerminal(t *testing.T) {
	t.Parallel()
	report, err := demo.Run(t.Context(), demo.Versions())
	if err != nil {
		t.Fatal(err)
	}
	var table strings.Builder
	if err := report.Write(&table); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(table.String()) {
		if width := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); width > 80 || strings.HasSuffix(line, " \n") {
			t.Errorf("%d columns: %q", width, line)
		}
	}
	for _, version := range demo.Versions() {
		if !strings.Contains(table.String(), "\n"+version+" ") {
			t.Errorf("the table has no row for %s", version)
		}
	}
}
