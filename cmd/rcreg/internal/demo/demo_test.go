package demo_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rcreg/registration/cmd/rcreg/internal/demo"
	"github.com/rcreg/registration/registrationtest"
)

// Every step ends where it should, over the kind of call that its version has.
func TestRun(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		version string
		steps   []string
		calls   string // of the last sync
	}{
		{"3.0.0", []string{"status unregistered", "register registered", "sync registered", "disconnect disconnected", "reconnect registered"}, "DDP"},
		{"5.4.0", []string{"status unregistered", "register registered", "sync registered", "disconnect disconnected", "reconnect registered"}, "method.call"},
		{"9.0.0", []string{"status unregistered", "register registered", "sync registered", "disconnect unsupported", "reconnect unsupported"}, "REST"},
	} {
		t.Run(c.version, func(t *testing.T) {
			t.Parallel()
			report := run(t, "direct", c.version)
			steps := report.Workspaces[0].Steps
			if got := outline(t, steps); !slices.Equal(got, c.steps) {
				t.Errorf("steps %q, want %q", got, c.steps)
			}
			if protocol := steps[2].Calls[1].Protocol; protocol != c.calls {
				t.Errorf("sync goes over %s, want %s", protocol, c.calls)
			}
			if report.Registrations != 1 || report.Syncs == 0 {
				t.Errorf("the Cloud counts %d registrations and %d syncs", report.Registrations, report.Syncs)
			}
		})
	}
}

// A workspace that does not reach the Cloud is registered all the same, and never syncs with it.
func TestRunCutOff(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		transport, version string
		steps              []string
	}{
		{"relay", "3.0.0", []string{"register registered", "sync unsupported", "disconnect disconnected"}},
		{"relay", "6.4.0", []string{"register registered", "sync in-force", "disconnect disconnected"}},
		{"relay", "9.0.0", []string{"register registered", "sync in-force", "disconnect unsupported"}},
		{"offline", "3.0.0", []string{"register carried 3", "resume registered", "sync unsupported", "disconnect disconnected"}},
		{"offline", "6.4.0", []string{"register carried 3", "resume registered", "sync carried 3", "resume in-force", "disconnect disconnected"}},
		{"offline", "9.0.0", []string{"register carried 3", "resume registered", "sync carried 3", "resume in-force", "disconnect unsupported"}},
	} {
		t.Run(c.transport+" "+c.version, func(t *testing.T) {
			t.Parallel()
			report := run(t, c.transport, c.version)
			if got := outline(t, report.Workspaces[0].Steps); !slices.Equal(got, c.steps) {
				t.Errorf("steps %q, want %q", got, c.steps)
			}
			if report.Registrations != 1 || report.Syncs != 0 {
				t.Errorf("the Cloud counts %d registrations and %d syncs", report.Registrations, report.Syncs)
			}
		})
	}
}

// A license that forbids the Cloud leaves the transports over which the workspace does not ask it.
func TestRunWithAnOfflineLicense(t *testing.T) {
	t.Parallel()
	report, err := demo.Run(t.Context(), []demo.Transport{{Name: "direct", Versions: []string{"8.8.0"}, Offline: true}, {Name: "relay", Versions: []string{"8.8.0"}, Offline: true}})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range [][]string{{"status unregistered", "register unsupported"}, {"register registered", "sync in-force", "disconnect unsupported"}} {
		if got := outline(t, report.Workspaces[i].Steps); !slices.Equal(got, want) || !report.Workspaces[i].Offline {
			t.Errorf("steps %q, want %q", got, want)
		}
	}
	if report.Registrations != 1 {
		t.Errorf("the Cloud counts %d registrations", report.Registrations)
	}
}

func run(t *testing.T, transport, version string) demo.Report {
	t.Helper()
	report, err := demo.Run(t.Context(), []demo.Transport{{Name: transport, Versions: []string{version}}})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// outline tells each step and what it came to.
func outline(t *testing.T, steps []demo.Step) []string {
	t.Helper()
	lines := make([]string, 0, len(steps))
	for _, step := range steps {
		came := string(step.State)
		switch {
		case !step.Supported:
			came = "unsupported"
		case len(step.Carried) > 0:
			came = fmt.Sprintf("carried %d", len(step.Carried))
		case step.License != "":
			came = string(step.License)
		}
		lines = append(lines, step.Operation+" "+came)
		if (step.Advice == "") != step.Supported || step.Supported && len(step.Calls) == 0 {
			t.Errorf("%s: advice %q, calls %v", step.Operation, step.Advice, step.Calls)
		}
	}
	return lines
}

func TestRunFails(t *testing.T) {
	t.Parallel()
	for _, transport := range demo.Transports() {
		t.Run(transport.Name, func(t *testing.T) {
			t.Parallel()
			if _, err := demo.Run(t.Context(), []demo.Transport{{Name: transport.Name, Versions: []string{"2.4.0"}}}); !errors.Is(err, registrationtest.ErrVersion) {
				t.Errorf("before 3.0: %v", err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			if _, err := demo.Run(ctx, []demo.Transport{transport}); !errors.Is(err, context.Canceled) {
				t.Errorf("interrupted: %v", err)
			}
		})
	}
}

func TestWriteFitsATerminal(t *testing.T) {
	t.Parallel()
	report, err := demo.Run(t.Context(), demo.Transports())
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
	for _, transport := range demo.Transports() {
		for _, version := range transport.Versions {
			if !strings.Contains(table.String(), "\n"+version+" ") {
				t.Errorf("the table has no row for %s", version)
			}
		}
	}
}
