package offline_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/grants"
	"github.com/rcreg/registration/internal/safedir/stick"
	"github.com/rcreg/registration/registrationtest"
)

// expectDone asks everybody: the workspace, the Cloud, and the folders.
func (tr trial) expectDone(t *testing.T, ws *registrationtest.Workspace) {
	t.Helper()
	tr.expectWhole(t)
	known, status := ws.Cloud().Workspaces(), tr.status(t)
	if len(known) == 0 || status.State != registration.Registered || status.WorkspaceID != known[len(known)-1].ID {
		t.Fatalf("the status is %+v, the Cloud knows %+v", status, known)
	}
	if tr.Transport == byEmail && len(known) != 1 {
		t.Errorf("the Cloud knows %+v", known)
	}
	tr.expectSwept(t)
	for _, name := range tr.files(t) {
		switch folder := filepath.ToSlash(filepath.Dir(name)); folder {
		case "pending/grants", "state/pending", "state/received", "exchange/requests", "exchange/answers", "ledger/unfinished":
			t.Errorf("%s is left", name)
		case "registered/grants", "ledger/grants":
			store, err := grants.Open(tr.at(filepath.Dir(folder)))
			must(t, err)
			if grant, err := store.Load(tr.UniqueID); err != nil || grant.WorkspaceID != status.WorkspaceID {
				t.Errorf("kept for its licenses is %v, %v", grant, err)
			}
		}
	}
}

// expectLost runs once more with a token that is lost: that must end with a clear error, and change nothing.
func (tr trial) expectLost(t *testing.T, lost loss) {
	t.Helper()
	_, err := tr.inAChild(t)
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != lost.exit {
		t.Errorf("the token is lost, and the next run ends with %v", said(err))
	}
	if state := tr.status(t).State; state != registration.Unregistered {
		t.Errorf("the token is lost, and the workspace is %s", state)
	}
}

// isKilled tells a child that had no time to say anything.
func isKilled(err error) bool {
	var exit *exec.ExitError
	return errors.As(err, &exit) && len(exit.Stderr) == 0
}

// said describes how a child ended, with what it said.
func said(err error) string {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return fmt.Sprintf("%v: %s", err, exit.Stderr)
	}
	return fmt.Sprint(err)
}

// expectWhole looks for files that are there under their name, and cut off. The ledger may be: its next reader cuts off the rest of the line.
func (tr trial) expectWhole(t *testing.T) {
	t.Helper()
	for _, name := range tr.files(t) {
		text, err := os.ReadFile(tr.at(name))
		must(t, err)
		switch filepath.Ext(name) {
		case ".json":
		case ".txt":
			text, err = base64.StdEncoding.DecodeString(string(text))
			must(t, err)
		default:
			continue
		}
		if !json.Valid(text) {
			t.Errorf("%s is cut off", name)
		}
	}
}

// isPart reports whether a file was being written: no reader looks at it.
func isPart(name string) bool { return strings.HasPrefix(filepath.Base(name), ".") }

// files lists the files that a reader looks at.
func (tr trial) files(t *testing.T) []string {
	t.Helper()
	return slices.DeleteFunc(stick.Files(t, tr.Path), isPart)
}

// filesLeft lists the files with a star in the place of what is random.
func (tr trial) filesLeft(t *testing.T) []string {
	t.Helper()
	random := regexp.MustCompile(`[0-9a-z]{16,}`)
	files := tr.files(t)
	for i, name := range files {
		files[i] = random.ReplaceAllString(name, "*")
	}
	slices.Sort(files)
	return files
}

// expectSwept opens the folders some hours later, as the next run may: nothing is left then of what was being written.
func (tr trial) expectSwept(t *testing.T) {
	t.Helper()
	for _, name := range stick.Files(t, tr.Path) {
		if isPart(name) {
			hoursAgo := time.Now().Add(-3 * time.Hour)
			must(t, os.Chtimes(tr.at(name), hoursAgo, hoursAgo))
		}
	}
	must(t, tr.open())
	if i := slices.IndexFunc(stick.Files(t, tr.Path), isPart); i >= 0 {
		t.Errorf("%s is never removed", stick.Files(t, tr.Path)[i])
	}
}
