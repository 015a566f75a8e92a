package offline_test

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/registrationtest"
	"github.com/rcreg/registration/workspace"
)

// killing is a kind of registration that is killed again and again.
type killing struct {
	trial
	isStep func(name string) bool // tells at which steps
	// lost are the steps, and the only ones, after which the token cannot be saved.
	lost map[string]loss
	// then is done after the kill at a step, in the place of going on with the same token.
	then func(t *testing.T, tr trial, ws *registrationtest.Workspace, step string)
}

// loss is what has to be true after a kill whose token cannot be saved.
type loss struct {
	exit  int // of the next run
	spent int // tokens, once a new one was taken
}

// at says at which steps there is such a loss.
func (l loss) at(steps ...string) map[string]loss {
	all := map[string]loss{}
	for _, step := range steps {
		all[step] = l
	}
	return all
}

// killAll registers once to learn the steps. Then it kills a process at each of those that count, starts another one, and looks at what they have done together.
func (k killing) killAll(t *testing.T, version string) {
	t.Helper()
	t.Run(version, func(t *testing.T) {
		t.Parallel()
		whole, ws := k.begin(t, version)
		names, err := whole.inAChild(t)
		if err != nil {
			t.Fatalf("without a kill: %s", said(err))
		}
		whole.expectDone(t, ws)
		files := whole.filesLeft(t)
		for step := range k.lost {
			if !slices.Contains(names, step) {
				t.Errorf("there is no step %q any more", step)
			}
		}
		for i, name := range names {
			if k.isStep(name) {
				t.Run(name, func(t *testing.T) { t.Parallel(); k.killedAt(t, version, names[:i+1], files) })
			}
		}
	})
}

// killedAt kills a process at the last of some steps. In the end the same files must be there as without a kill.
func (k killing) killedAt(t *testing.T, version string, steps, files []string) {
	t.Helper()
	tr, ws := k.begin(t, version)
	killed := tr
	killed.KillAt = len(steps)
	if taken, err := killed.inAChild(t); !isKilled(err) || !slices.Equal(taken, steps) {
		t.Fatalf("killed after %q: %s", taken, said(err))
	}
	tr.expectWhole(t)
	if k.then != nil {
		k.then(t, tr, ws, steps[len(steps)-1])
		return
	}
	spent := 1
	if tr.Transport == byEmail {
		spent = 0
	}
	if lost, ok := k.lost[steps[len(steps)-1]]; ok {
		tr.expectLost(t, lost)
		tr.Token, spent = ws.Cloud().IssueToken(), lost.spent
	}
	if _, err := tr.inAChild(t); err != nil {
		t.Fatalf("the next run ends with %s", said(err))
	}
	tr.expectDone(t, ws)
	if got := len(ws.Cloud().SpentTokens()); got != spent {
		t.Errorf("%d tokens were spent, want %d", got, spent)
	}
	putAside := func(name string) bool { return strings.Contains(name, ".torn-") } // half a record
	if left := slices.DeleteFunc(tr.filesLeft(t), putAside); !slices.Equal(left, files) {
		t.Errorf("left are %v, want %v", left, files)
	}
}

// begin starts a workspace and its Cloud, for one registration.
func (k killing) begin(t *testing.T, version string) (trial, *registrationtest.Workspace) {
	t.Helper()
	ws := registrationtest.NewWorkspace(t, version, registrationtest.WithClock(registrationtest.NewClock(killedStart())))
	tr, admin := k.trial, ws.Admin()
	tr.Workspace, tr.UserID, tr.AuthToken, tr.Cloud, tr.Path = ws.URL(), admin.UserID, admin.AuthToken, ws.Cloud().URL(), t.TempDir()
	tr.UniqueID = tr.status(t).UniqueID
	if tr.Transport != byEmail {
		tr.Token = ws.Cloud().IssueToken()
		return tr, ws
	}
	start := tr
	start.Transport, start.Email, start.Path = byRelay, "ops@example.com", t.TempDir()
	var pending *registration.PendingError
	if _, err := start.run(t.Context(), undisturbed()); !errors.As(err, &pending) {
		t.Fatalf("no message was sent: %v", err)
	}
	tr.Ticket = pending.Ticket
	must(t, ws.Cloud().ConfirmDevice(tr.Ticket.DeviceCode))
	return tr, ws
}

// undisturbed are the steps of a run that nobody kills.
func undisturbed() *steps { return &steps{seen: map[string]int{}, names: func(string) {}} }

// inAChild registers in a process of its own, and returns the steps that were taken there. The error is how the process ended, an [*exec.ExitError].
//
// Nothing that is locked there may be locked in this process before: a child that is just being started holds the lock for a moment, whatever it is for.
func (tr trial) inAChild(t *testing.T) ([]string, error) {
	t.Helper()
	out, err := tr.child(t).Output()
	return strings.Split(strings.TrimSpace(string(out)), "\n"), err
}

// child is a process that registers.
func (tr trial) child(t *testing.T) *exec.Cmd {
	t.Helper()
	text, err := json.Marshal(tr)
	must(t, err)
	self, err := os.Executable()
	must(t, err)
	child := exec.CommandContext(t.Context(), self)
	child.Env = append(os.Environ(), killedVariable+"="+string(text), "GORACE=atexit_sleep_ms=0")
	return child
}

// status asks the workspace itself, over a client of its own.
func (tr trial) status(t *testing.T) registration.Status {
	t.Helper()
	ws, err := workspace.New(tr.Workspace, workspace.Token(tr.UserID, tr.AuthToken))
	must(t, err)
	client, err := registration.New(t.Context(), ws)
	must(t, err)
	status, err := client.Status(t.Context())
	must(t, errors.Join(err, ws.Close(t.Context())))
	return status
}
