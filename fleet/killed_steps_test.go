package fleet_test

import (
	"errors"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rcreg/registration/registrationtest"
)

// TestKilledBetweenFileOperations registers a fleet in a process that is killed (SIGKILL) at each of its changes of the journal and of the pool's memory: before one is
// made, before it lasts, and with half of a record written. The next run ends with every workspace registered, and one token spent for each.
func TestKilledBetweenFileOperations(t *testing.T) {
	t.Parallel()
	whole, fake := beginKilled(t)
	whole.KillAt = -1
	out, err := whole.child(t).Output()
	acts, countErr := strconv.Atoi(strings.TrimSpace(string(out)))
	if err := errors.Join(err, countErr); err != nil || acts < 20 {
		t.Fatalf("%d acts, %v", acts, err)
	}
	whole.expectDone(t, fake)
	for at := range acts {
		t.Run(strconv.Itoa(at+1), func(t *testing.T) {
			t.Parallel()
			run, fake := beginKilled(t)
			run.KillAt = int64(at + 1)
			var exit *exec.ExitError
			if out, err := run.child(t).Output(); !errors.As(err, &exit) || exit.ExitCode() != -1 {
				t.Fatalf("it was not killed: %v, %s", err, out)
			}
			run.KillAt = 0
			if out, err := run.child(t).CombinedOutput(); err != nil {
				t.Fatalf("the next run: %v, %s", err, out)
			}
			run.expectDone(t, fake)
		})
	}
}

// beginKilled starts a fleet whose journal is beside its pool.
func beginKilled(t *testing.T) (killedRun, *registrationtest.Fleet) {
	t.Helper()
	fake := registrationtest.NewFleet(t, 2, registrationtest.WithoutHistory())
	pool, path := poolOf(t, fake.Cloud(), fake.Len()+1)
	if err := pool.Close(); err != nil {
		t.Fatal(err)
	}
	// The pool was opened to be made: its memory belongs to the run.
	return killedRun{List: writeList(t, listOf(t, fake)), Tokens: path, Journal: filepath.Join(filepath.Dir(path), "register.journal")}, fake
}
