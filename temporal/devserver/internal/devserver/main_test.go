package devserver_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/rcreg/registration/temporal/devserver/internal/devserver"
)

// folderVariable tells a child process in which folder to run a server until it is killed.
const folderVariable = "DEVSERVER_CHILD_FOLDER"

// TestMain runs the tests, or a server, when a test has started this program again. It does not look for goroutines that stay: the server leaves some of its own
// behind when it stops, and its connection to the database is open as long as the process, on purpose.
func TestMain(m *testing.M) {
	dir, isChild := os.LookupEnv(folderVariable)
	if !isChild {
		os.Exit(m.Run())
	}
	s, err := devserver.Start(devserver.Config{Dir: dir, Address: anyPort})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	_, _ = fmt.Fprintln(os.Stdout, s.Address())
	_, _ = io.Copy(io.Discard, os.Stdin) // until the parent has gone, however it went
	os.Exit(0)
}

// child is a process that runs a server.
type child struct{ *exec.Cmd }

func startChild(t *testing.T, dir string) (child, running) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := child{exec.CommandContext(t.Context(), self)}
	c.Env = append(os.Environ(), folderVariable+"="+dir)
	c.Stderr = os.Stderr
	said, err := c.StdoutPipe()
	if err == nil {
		_, err = c.StdinPipe()
	}
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	address, err := bufio.NewReader(said).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return c, running{client: dial(t, strings.TrimSpace(address))}
}

func (c child) kill(t *testing.T) {
	t.Helper()
	if err := c.Process.Kill(); err != nil {
		t.Error(err)
	}
	var exit *exec.ExitError
	if err := c.Wait(); !errors.As(err, &exit) || exit.ExitCode() != -1 {
		t.Errorf("the child ended by itself: %v", err)
	}
}
