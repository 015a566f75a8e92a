package devserver_test

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"testing"

	"go.temporal.io/sdk/client"

	"github.com/rcreg/registration/internal/safedir"
	"github.com/rcreg/registration/temporal/devserver/internal/devserver"
)

// TestGoesOnAfterItsDeath kills a server (SIGKILL) while a workflow waits, and starts another one in its folder.
func TestGoesOnAfterItsDeath(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "dev")
	child, s := startChild(t, dir)
	w := s.work(t)
	run := s.begin(t, waitForSignal)
	s.ask(t, run)
	w.Stop()
	child.kill(t)
	s.client.Close()

	s = start(t, devserver.Config{Dir: dir})
	s.work(t)
	if err := s.client.SignalWorkflow(t.Context(), run, "", "go on", nil); err != nil {
		t.Fatal(err)
	}
	s.expectEnd(t, run)
	s.stop(t)
}

// TestGoesOn stops a server while a workflow waits, and starts it again.
func TestGoesOn(t *testing.T) {
	t.Parallel()
	for _, folder := range []string{"dev", "a b#c?d", "a%20ä&b=c"} {
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), folder)
			s := start(t, devserver.Config{Dir: dir})
			w := s.work(t)
			run := s.begin(t, waitForSignal)
			s.ask(t, run) // it waits
			w.Stop()
			s.stop(t)

			s = start(t, devserver.Config{Dir: dir})
			s.work(t)
			if err := s.client.SignalWorkflow(t.Context(), run, "", "go on", nil); err != nil {
				t.Fatal(err)
			}
			s.expectEnd(t, run)
			s.stop(t)
			if info, err := os.Stat(filepath.Join(dir, "temporal.db")); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%v, %v", info, err)
			}
		})
	}
}

func TestTwoOnOneFolder(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "dev")
	s := start(t, devserver.Config{Dir: dir})
	if _, err := devserver.Start(devserver.Config{Dir: dir, Address: anyPort}); !errors.Is(err, devserver.ErrInUse) {
		t.Errorf("a second one: %v", err)
	}
	s.stop(t)
	start(t, devserver.Config{Dir: dir}).stop(t)
}

func TestStartFails(t *testing.T) {
	t.Parallel()
	busy, err := net.Listen("tcp", anyPort)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = busy.Close() })
	open := filepath.Join(t.TempDir(), "open")
	if err := errors.Join(os.Mkdir(open, 0o700), os.Chmod(open, 0o755)); err != nil {
		t.Fatal(err)
	}
	private := filepath.Join(t.TempDir(), "dev")
	for name, c := range map[string]struct {
		devserver.Config
		want error
	}{
		"a folder that others can read":  {devserver.Config{Dir: open, Address: anyPort}, safedir.ErrReadableByOthers},
		"a folder in none":               {devserver.Config{Dir: filepath.Join(private, "none", "dev"), Address: anyPort}, os.ErrNotExist},
		"a port that is taken":           {devserver.Config{Dir: private, Address: busy.Addr().String()}, nil},
		"an address that is none":        {devserver.Config{Dir: private + "2", Address: "here"}, nil},
		"an address of another machine":  {devserver.Config{Dir: private + "3", Address: "192.0.2.1:7233"}, nil},
		"an address that leads anywhere": {devserver.Config{Dir: private + "4", Address: ":0"}, devserver.ErrNotLoopback},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := devserver.Start(c.Config)
			if err == nil {
				t.Fatal("it started", s.Stop())
			}
			if c.want != nil && !errors.Is(err, c.want) {
				t.Errorf("error %v, want %v", err, c.want)
			}
		})
	}
}

// TestStartsAfterAFailure has the folder free again, and the port.
func TestStartsAfterAFailure(t *testing.T) {
	t.Parallel()
	busy, err := net.Listen("tcp", anyPort)
	if err != nil {
		t.Fatal(err)
	}
	config := devserver.Config{Dir: filepath.Join(t.TempDir(), "dev"), Address: busy.Addr().String()}
	if _, err := devserver.Start(config); err == nil {
		t.Fatal("it started on a port that is taken")
	}
	_ = busy.Close()
	s := start(t, config)
	if s.Address() != config.Address {
		t.Errorf("it listens on %s, not on %s", s.Address(), config.Address)
	}
	if _, err := s.client.CheckHealth(t.Context(), &client.CheckHealthRequest{}); err != nil {
		t.Error(err)
	}
	s.stop(t)
	if _, err := net.Dial("tcp", config.Address); err == nil {
		t.Error("it listens after it was stopped")
	}
}
