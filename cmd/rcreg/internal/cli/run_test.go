package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rcreg/registration/cmd/rcreg/internal/cli"
	"github.com/rcreg/registration/internal/command"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/workspace"
)

// testStart is what the clocks of the tests show at first.
var testStart = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// bench is a fake workspace with the surroundings of a command that works on it.
type bench struct {
	t      *testing.T
	fake   *registrationtest.Workspace
	env    map[string]string
	system cli.System
	// exchange is the folder that is carried across an air gap; it is not there yet.
	exchange string
}

// newBench starts a fake workspace, on a clock of its own, and points the environment at its administrator.
func newBench(t *testing.T, version string, options ...registrationtest.Option) *bench {
	t.Helper()
	clock := registrationtest.NewClock(testStart)
	fake := registrationtest.NewWorkspace(t, version, append([]registrationtest.Option{registrationtest.WithClock(clock)}, options...)...)
	b := emptyBench(t, clock)
	b.fake = fake
	b.as(fake.Admin())
	b.env["RCREG_WORKSPACE"] = fake.URL()
	return b
}

// emptyBench is a machine that knows no workspace.
func emptyBench(t *testing.T, clock workspace.Clock) *bench {
	t.Helper()
	b := &bench{t: t, env: map[string]string{}, exchange: filepath.Join(t.TempDir(), "exchange")}
	b.system = cli.System{
		Streams:  command.Streams{Stdin: strings.NewReader("")},
		Getenv:   func(name string) string { return b.env[name] },
		Clock:    clock,
		StateDir: t.TempDir(),
	}
	return b
}

func (b *bench) as(account registrationtest.Account) {
	b.env["RCREG_USER_ID"], b.env["RCREG_AUTH_TOKEN"] = account.UserID, account.AuthToken
}

// asLogin uses a user's name and password in the place of a token.
func (b *bench) asLogin(account registrationtest.Account) {
	delete(b.env, "RCREG_USER_ID")
	delete(b.env, "RCREG_AUTH_TOKEN")
	b.env["RCREG_USER"], b.env["RCREG_PASSWORD"] = account.Username, account.Password
}

// outcome is what one run of the command line did.
type outcome struct {
	exit           int
	stdout, stderr string
}

func (b *bench) run(args ...string) outcome {
	b.t.Helper()
	return b.runWith(b.t.Context(), args...)
}

func (b *bench) runWith(ctx context.Context, args ...string) outcome {
	b.t.Helper()
	var stdout, stderr bytes.Buffer
	system := b.system
	system.Stdout, system.Stderr = &stdout, &stderr
	exit := cli.Run(ctx, args, system)
	return outcome{exit, stdout.String(), stderr.String()}
}

// must runs a command that prepares a test.
func (b *bench) must(exit int, args ...string) outcome {
	b.t.Helper()
	got := b.run(args...)
	if got.exit != exit {
		b.t.Fatalf("rcreg %s: exit %d, want %d\n%s%s", strings.Join(args, " "), got.exit, exit, got.stdout, got.stderr)
	}
	return got
}

// register registers the workspace with a fresh token.
func (b *bench) register() {
	b.t.Helper()
	b.env["RCREG_REGISTRATION_TOKEN"] = b.fake.Cloud().IssueToken()
	b.must(0, "register")
}

// answer is the union of what commands print as JSON, as far as tests look at it.
type answer struct {
	Error struct {
		Kind, Message, Advice, Workspace, Version string
	}
	Status  struct{ State string }
	State   string
	After   struct{ State string }
	Changed bool
	Result  *struct {
		Operation string
		Calls     []struct{ Protocol, Name string }
	}
	Pending *struct {
		Email    string
		UserCode string `json:"user_code"`
		File     string `json:"ticket_file"`
	}
	Request *struct {
		ID, Kind string
		Console  string `json:"console_request"`
		Parts    []string
	}
	Requests []struct {
		Request, Kind, Workspace, Answer, Outcome, Error string
		Parts                                            []string
	}
	License *struct{ After struct{ State string } }
	Notes   []string
}

// json reads the one object that a command has printed.
func (o outcome) json(t *testing.T) answer {
	t.Helper()
	if strings.Count(o.stdout, "\n") != 1 || !strings.HasSuffix(o.stdout, "\n") {
		t.Errorf("stdout is not one line: %q", o.stdout)
	}
	var read answer
	if err := json.Unmarshal([]byte(o.stdout), &read); err != nil {
		t.Fatalf("stdout is no JSON: %v: %q", err, o.stdout)
	}
	return read
}

// What a workspace says of itself reaches the terminal without what could steer it, and scripts as it is.
func TestHostileWorkspaceOnATerminal(t *testing.T) {
	t.Parallel()
	const hostile = "ops\x1b[2J@example.com"
	b := newBench(t, "6.0.0")
	b.fake.Set("Organization_Email", hostile)
	b.system.StdoutTerminal = true
	if got := b.run("status"); got.exit != 0 || strings.Contains(got.stdout, "\x1b[2J") || !strings.Contains(got.stdout, `ops\x1b[2J@`) {
		t.Errorf("the terminal is sent %q (exit %d)", got.stdout, got.exit)
	}
	var shown struct{ Status struct{ Email string } }
	if got := b.run("status", "--output", "json"); json.Unmarshal([]byte(got.stdout), &shown) != nil || shown.Status.Email != hostile {
		t.Errorf("a script gets %q", got.stdout)
	}
}
