package cli_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/workspace"
)

const byEmail = "register --email ops@example.com --output json"

// line runs a command line; EXCHANGE in it is the folder that is carried.
func (b *bench) line(args string) outcome {
	b.t.Helper()
	return b.run(strings.Fields(strings.ReplaceAll(args, "EXCHANGE", b.exchange))...)
}

// device returns the newest device code.
func (b *bench) device() registrationtest.Device {
	b.t.Helper()
	devices := b.fake.Cloud().Devices()
	if len(devices) == 0 {
		b.t.Fatal("the Cloud has handed out no device code")
	}
	return devices[len(devices)-1]
}

func (b *bench) confirm() {
	b.t.Helper()
	if err := b.fake.Cloud().ConfirmDevice(b.device().Code); err != nil {
		b.t.Fatal(err)
	}
}

// tickets returns the files that are kept.
func (b *bench) tickets() []string {
	b.t.Helper()
	entries, err := os.ReadDir(filepath.Join(b.system.StateDir, "tickets"))
	if err != nil {
		b.t.Fatal(err)
	}
	names := make([]string, 0, len(entries))
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	return names
}

// The same command again looks whether the message was confirmed, sends no second one, and removes the ticket in the end.
func TestRegisterByEmailAgain(t *testing.T) {
	t.Parallel()
	for _, again := range []string{byEmail, "resume --output json"} {
		t.Run(again, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, "6.4.0")
			first := b.line(byEmail)
			pending := first.json(t).Pending
			if first.exit != 3 || pending == nil || pending.Email != "ops@example.com" || pending.UserCode != b.device().UserCode {
				t.Fatalf("exit %d: %s", first.exit, first.stdout)
			}
			if got := b.line(again); got.exit != 3 || got.json(t).Pending.File != pending.File {
				t.Errorf("unconfirmed: exit %d: %s", got.exit, got.stdout)
			}
			b.confirm()
			if got := b.line(again); got.exit != 0 || got.json(t).After.State != "registered" || !got.json(t).Changed {
				t.Errorf("confirmed: exit %d: %s", got.exit, got.stdout)
			}
			if n := len(b.fake.Cloud().Devices()); n != 1 {
				t.Errorf("%d messages were sent, want 1", n)
			}
			if left := b.tickets(); len(left) != 0 {
				t.Errorf("left behind: %v", left)
			}
			if got := b.line(byEmail); got.exit != 0 || got.json(t).Changed {
				t.Errorf("registered: exit %d: %s", got.exit, got.stdout)
			}
		})
	}
}

// A ticket is a secret: nobody else may read it, and what it holds is a whole ticket.
func TestTicketFile(t *testing.T) {
	t.Parallel()
	b := newBench(t, "9.0.0")
	path := filepath.Join(t.TempDir(), "new", "ticket.json")
	got := b.run("register", "--email", "ops@example.com", "--ticket-file", path)
	if got.exit != 3 || !strings.Contains(got.stderr, "rcreg resume --ticket-file "+path) {
		t.Fatalf("exit %d: %s", got.exit, got.stderr)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if ticket, err := registration.ParseTicket(text); err != nil || ticket.DeviceCode != b.device().Code {
		t.Errorf("ticket %v, error %v", ticket, err)
	}
	for name, want := range map[string]os.FileMode{path: 0o600, filepath.Dir(path): 0o700} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want && runtime.GOOS != "windows" {
			t.Errorf("%s has mode %o, want %o", name, got, want)
		}
	}
	if entries, err := os.ReadDir(filepath.Dir(path)); err != nil || len(entries) != 1 {
		t.Errorf("beside the ticket: %v, %v", entries, err)
	}
}

// What is kept is never overwritten unless it is of no more use, or it was asked for.
func TestTicketIsKept(t *testing.T) {
	t.Parallel()
	const other = "register --email other@example.com --output json"
	for _, c := range []struct {
		name    string
		between func(*bench)
		args    string
		exit    int
		sent    int // messages in the end
	}{
		{"another address", func(*bench) {}, other, 2, 1},
		{"another address on purpose", func(*bench) {}, other + " --resend", 3, 2},
		{"the same address on purpose", func(*bench) {}, byEmail + " --resend", 3, 2},
		{"expired", func(b *bench) { b.system.Clock.(*registrationtest.Clock).Advance(time.Hour) }, byEmail, 3, 2},
		{"no ticket at all", func(b *bench) { b.overwriteTicket("a note of somebody") }, byEmail + " --resend", 2, 1},
		{"another workspace", func(b *bench) { b.editTicket(b.fake.URL(), "https://chat.example.com") }, byEmail + " --resend", 2, 1},
		{"a newer format", func(b *bench) { b.editTicket(`"format": 1`, `"format": 2`) }, "resume --output json", 2, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, "5.4.0")
			if got := b.line(byEmail); got.exit != 3 {
				t.Fatalf("exit %d: %s", got.exit, got.stdout)
			}
			c.between(b)
			before := b.ticketText()
			got := b.line(c.args)
			if sent := len(b.fake.Cloud().Devices()); got.exit != c.exit || sent != c.sent {
				t.Errorf("exit %d, %d messages, want %d and %d: %s", got.exit, sent, c.exit, c.sent, got.stdout)
			}
			if overwritten := b.ticketText() != before; overwritten != (c.sent == 2) {
				t.Errorf("overwritten: %t", overwritten)
			}
			if left := b.tickets(); len(left) != 1 {
				t.Errorf("tickets: %v", left)
			}
		})
	}
}

func (b *bench) ticketPath() string {
	b.t.Helper()
	return filepath.Join(b.system.StateDir, "tickets", b.tickets()[0])
}

func (b *bench) ticketText() string {
	b.t.Helper()
	text, err := os.ReadFile(b.ticketPath())
	if err != nil {
		b.t.Fatal(err)
	}
	return string(text)
}

func (b *bench) overwriteTicket(text string) {
	b.t.Helper()
	if err := os.WriteFile(b.ticketPath(), []byte(text), 0o600); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) editTicket(from, to string) {
	b.t.Helper()
	before := b.ticketText()
	after := strings.Replace(before, from, to, 1)
	if after == before {
		b.t.Fatalf("the ticket has no %q", from)
	}
	b.overwriteTicket(after)
}

// A message is only sent when its ticket can be kept.
func TestNoMessageWithoutATicket(t *testing.T) {
	t.Parallel()
	b := newBench(t, "6.4.0")
	b.system.StateDir = b.file("a file, no folder")
	if got := b.line(byEmail); got.exit != 2 || len(b.fake.Cloud().Devices()) != 0 {
		t.Errorf("exit %d, %d messages: %s", got.exit, len(b.fake.Cloud().Devices()), got.stdout)
	}
	b.system.StateDir = ""
	if got := b.line(byEmail); got.exit != 2 || !strings.Contains(got.json(t).Error.Advice, "--ticket-file") {
		t.Errorf("exit %d: %s", got.exit, got.stdout)
	}
}

// hookClock is a virtual clock on which something happens at the first longer wait.
type hookClock struct {
	workspace.Clock
	hook func()
}

func (c *hookClock) Sleep(ctx context.Context, d time.Duration) error {
	if d >= time.Second && c.hook != nil {
		hook := c.hook
		c.hook = nil
		hook()
	}
	return c.Clock.Sleep(ctx, d)
}

func TestWait(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		meet     func(b *bench, cancel func())
		terminal bool
		exit     int
		kind     string
		stderr   []string
		left     int // tickets
	}{
		{"confirmed", func(b *bench, _ func()) { b.confirm() }, false, 0, "", nil, 0},
		{"confirmed on a terminal", func(b *bench, _ func()) { b.confirm() }, true, 0, "", []string{"A message was sent to ops@example.com", "Next look in 5s", "Next look in 1s", "\r\x1b[K"}, 0},
		{"expired", func(*bench, func()) {}, false, 1, "expired", nil, 1},
		{"interrupted", func(_ *bench, cancel func()) { cancel() }, false, 3, "pending", nil, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, "6.4.0")
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			b.system.Clock = &hookClock{b.system.Clock, func() { c.meet(b, cancel) }}
			b.system.StderrTerminal = c.terminal
			got := b.runWith(ctx, strings.Fields(byEmail+" --wait")...)
			if read := got.json(t); got.exit != c.exit || read.Error.Kind != c.kind {
				t.Errorf("exit %d, kind %q, want %d, %q: %s", got.exit, read.Error.Kind, c.exit, c.kind, got.stdout)
			}
			for _, want := range c.stderr {
				if !strings.Contains(got.stderr, want) {
					t.Errorf("stderr has no %q: %q", want, got.stderr)
				}
			}
			if len(c.stderr) == 0 && got.stderr != "" {
				t.Errorf("stderr without a terminal: %q", got.stderr)
			}
			if left := b.tickets(); len(left) != c.left {
				t.Errorf("tickets: %v", left)
			}
		})
	}
}

// A file that is no ticket is left as it is; an empty one may be used.
func TestTicketReplacesNothingElse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"": 3, "PRECIOUS-TOKEN-1": 2, "{}": 2, "workspaces: []\n": 2} {
		b := newBench(t, "6.4.0")
		path := filepath.Join(t.TempDir(), "file")
		must(t, os.WriteFile(path, []byte(text), 0o600))
		got := b.line(byEmail + " --ticket-file " + path)
		after, err := os.ReadFile(path)
		if got.exit != want || err != nil || want == 2 && (string(after) != text || len(b.fake.Cloud().Devices()) != 0) {
			t.Errorf("%q became %q, %v; exit %d: %s", text, after, err, got.exit, got.stdout)
		}
	}
}
