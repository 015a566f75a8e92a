package cli_test

import (
	"os"
	"runtime"
	"strings"
	"testing"
)

// A file of secrets that others can read is refused before anything but the version is asked, with the command that mends it.
func TestSecretFilesThatOthersCanRead(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		return // what a file inherits is what protects it
	}
	const secret = "SECRET-IN-A-FILE"
	for _, c := range []struct{ name, args string }{
		{"authentication token", "status --auth-token-file FILE"},
		{"password", "status --user admin --password-file FILE"},
		{"registration token", "register --token-file FILE"},
		{"registration token for a relay", "register --via relay --token-file FILE"},
		{"tokens of a courier", "courier run --exchange EXCHANGE --tokens-file FILE"},
		{"key of a relay", "register --via relay --identity-file FILE"},
		{"ticket to resume", "resume --ticket-file FILE"},
		{"ticket to ask again", "register --email ops@example.com --ticket-file FILE"},
	} {
		for _, mode := range []os.FileMode{0o644, 0o640, 0o604, 0o620} {
			t.Run(c.name+" "+mode.String(), func(t *testing.T) {
				t.Parallel()
				b := newBench(t, "6.4.0")
				freshToken(b)
				path := b.file(secret)
				if err := os.Chmod(path, mode); err != nil {
					t.Fatal(err)
				}
				got := b.line(strings.NewReplacer("FILE", path, "EXCHANGE", b.exchange).Replace(c.args))
				if got.exit != 2 || !strings.Contains(got.stderr, "chmod 600 "+path) || strings.Contains(got.stdout+got.stderr, secret) {
					t.Errorf("exit %d: %s%s", got.exit, got.stdout, got.stderr)
				}
				for _, exchange := range b.fake.History() {
					if exchange.Path != "/api/info" { // its version
						t.Errorf("asked: %s", exchange.Path)
					}
				}
			})
		}
	}
}

// The ticket that a command finds by itself is looked at like one that was named.
func TestKeptTicketThatOthersCanRead(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		return // what a file inherits is what protects it
	}
	b := newBench(t, "6.4.0")
	b.must(3, "register", "--email", "ops@example.com")
	path := b.ticketPath()
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, args := range []string{"resume", "register --email ops@example.com"} {
		if got := b.line(args); got.exit != 2 || !strings.Contains(got.stderr, "chmod 600 "+path) {
			t.Errorf("%s: exit %d: %s", args, got.exit, got.stderr)
		}
	}
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	b.confirm()
	b.must(0, "resume")
}
