package cli_test

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/rcreg/registration/temporal/internal/cli"
)

func TestDevMakesAllThatItNeeds(t *testing.T) {
	t.Parallel()
	s := newWorkerTest(t)
	s.variables["TEMPORAL_ADDRESS"] = "elsewhere.example.com:7233" // what is tried does not go there
	s.must(0, "--dev --dev-dir DIR/dev --output text", "The worker takes work.", "127.0.0.1:7233, embedded, with its database and key in "+s.in("dev"),
		"rcreg-worker fleet status --file fleet.yaml --dev --dev-dir "+s.in("dev"), "Ctrl-C again")
	if got, want := s.log.String(), "server started, worker started, worker stopped, client closed, server stopped"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if s.dialled.HostPort != "127.0.0.1:7233" || s.dialled.Namespace != "default" {
		t.Errorf("it has dialled %s, %s", s.dialled.HostPort, s.dialled.Namespace)
	}
	for name, mode := range map[string]os.FileMode{"": 0o700, "key": 0o600, "address": 0o600, "state": 0o700} {
		if info, err := os.Stat(filepath.Join(s.in("dev"), name)); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%q has another mode than %o, or %v", name, mode, err)
		}
	}
	if key := strings.TrimSpace(s.read("dev/key")); len(key) != 44 || strings.Contains(s.stderr.String(), key) {
		t.Errorf("the key has %d letters, or is shown", len(key))
	}
}

func TestDevWithoutAServerInIt(t *testing.T) {
	t.Parallel()
	s := newWorkerTest(t)
	s.system.StartDev = nil
	s.fails(2, "--dev --dev-dir DIR/dev", "usage", "there is no server in rcreg-worker")
	if _, err := os.Stat(s.in("dev")); err == nil {
		t.Error("it has made the folder")
	}
}

func TestDevGoesOn(t *testing.T) {
	t.Parallel()
	s := newWorkerTest(t)
	s.must(0, "--dev --dev-dir DIR/dev")
	key := s.read("dev/key")
	s.again()
	s.must(0, "--dev --dev-dir DIR/dev --address 127.0.0.1:7300")
	if s.read("dev/key") != key {
		t.Error("it has another key than before")
	}
	s.again()
	if code := s.line("status --dev --dev-dir DIR/dev"); s.dialled.HostPort != "127.0.0.1:7300" {
		t.Errorf("a command goes to %s, and ends with %d", s.dialled.HostPort, code)
	}
}

func TestDevNamesTheNextCommand(t *testing.T) {
	t.Parallel()
	s := newWorkerTest(t)
	pool := s.write("tokens.txt", "token-1\n", 0o600)
	s.must(0, "--dev --dev-dir DIR/dev --tokens "+pool, "Tokens      "+pool, "rcreg-worker fleet register --file "+s.in("fleet.yaml")+" --dev")
}

func TestDevIsForOneWorker(t *testing.T) {
	t.Parallel()
	s, second := newWorkerTest(t), newWorkerTest(t)
	code := s.during("--dev --dev-dir DIR/dev", func() {
		second.must(1, "--dev --dev-dir "+s.in("dev"), "another rcreg-worker-dev works on", "rcreg-worker --key-file "+s.in("dev/key"))
	})
	if code != 0 || second.log.String() != "" {
		t.Errorf("the first one ends with %d, the second one has: %s", code, second.log.String())
	}
}

func TestDevTellsWhatTheServerSays(t *testing.T) {
	t.Parallel()
	s := newWorkerTest(t)
	s.must(0, "--dev --dev-dir DIR/dev --verbose", "what the server itself says")
	s.again()
	s.must(0, "--dev --dev-dir DIR/dev")
	if strings.Contains(s.stderr.String(), "what the server itself says") {
		t.Errorf("it talks: %s", s.stderr.String())
	}
}

func TestDevThatDoesNotStart(t *testing.T) {
	t.Parallel()
	taken := &net.OpError{Op: "listen", Net: "tcp", Err: os.NewSyscallError("bind", syscall.EADDRINUSE)}
	for name, c := range map[string]struct {
		err  error
		exit int
		kind string
		told string
	}{
		"in use":     {fmt.Errorf("lock: %w", cli.ErrDevInUse), 1, "locked", "another rcreg-worker-dev works on"},
		"damaged":    {fmt.Errorf("open: %w", cli.ErrDevDamaged), 1, "dev_server_failed", "put that folder aside"},
		"everywhere": {fmt.Errorf("listen: %w", cli.ErrDevAddress), 2, "usage", "others could reach"},
		"taken":      {fmt.Errorf("listen: %w", taken), 1, "address_in_use", "--address 127.0.0.1:7234"},
		"elsewhere":  {fmt.Errorf("listen: %w", &net.OpError{Op: "listen", Err: errors.New("cannot assign")}), 2, "usage", "cannot assign"},
		"other":      {errors.New("it broke"), 1, "dev_server_failed", "it broke"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newWorkerTest(t)
			s.startDev = c.err
			s.fails(c.exit, "--dev --dev-dir DIR/dev", c.kind, c.told)
		})
	}
}

// TestDevAfterAStartThatFailed needs no new folder.
func TestDevAfterAStartThatFailed(t *testing.T) {
	t.Parallel()
	s := newWorkerTest(t)
	s.startDev = errors.New("it broke")
	s.must(1, "--dev --dev-dir DIR/dev")
	s.startDev = nil
	s.must(0, "--dev --dev-dir DIR/dev")
}

func TestDevFolderThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, line, told string
		prepare          func(s *workerTest) error
	}{
		{"others can read it", "--dev --dev-dir DIR/dev", "chmod 700 ", func(s *workerTest) error {
			return errors.Join(os.Mkdir(s.in("dev"), 0o700), os.Chmod(s.in("dev"), 0o755))
		}},
		{"in no folder", "--dev --dev-dir DIR/a/b", "the one above it must be there", nil},
		{"a file", "--dev --dev-dir DIR/dev", "cannot be used", func(s *workerTest) error { return os.WriteFile(s.in("dev"), nil, 0o600) }},
		{"without its key", "--dev --dev-dir DIR/dev", "the key of the histories in", func(s *workerTest) error {
			return errors.Join(os.Mkdir(s.in("dev"), 0o700), os.WriteFile(filepath.Join(s.in("dev"), "temporal.db"), nil, 0o600))
		}},
		{"with something else as key", "--dev --dev-dir DIR/dev", "holds no usable keys", func(s *workerTest) error {
			return errors.Join(os.Mkdir(s.in("dev"), 0o700), os.WriteFile(filepath.Join(s.in("dev"), "key"), []byte("none\n"), 0o600))
		}},
		{"asked before there is one", "status --dev --dev-dir DIR/dev", "no embedded server has run in", nil},
		{"asked while others can read it", "status --dev --dev-dir DIR/dev", "chmod 700 ", func(s *workerTest) error {
			return errors.Join(os.Mkdir(s.in("dev"), 0o700), os.Chmod(s.in("dev"), 0o755))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newWorkerTest(t)
			if c.prepare != nil {
				if err := c.prepare(s); err != nil {
					t.Fatal(err)
				}
			}
			s.must(2, c.line, "Error: ", c.told, "Next: ")
			if got := s.log.String(); got != "" {
				t.Errorf("it has begun: %s", got)
			}
		})
	}
}
