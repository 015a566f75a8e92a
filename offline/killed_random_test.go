package offline_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/rcreg/registration/internal/safedir/stick"
	"github.com/rcreg/registration/offline"
)

var kills = flag.Int("kills", 8, "how many processes are killed at a random moment")

// tally is what became of all the trials together.
type tally struct {
	mu                            sync.Mutex
	kills, spent, registered      int
	inDoubt, unspent, lost, whole int
}

// TestKilledAtRandom kills processes with SIGKILL at random moments, between and within what they do to files and to the Cloud, and goes on with the same token. No grant
// that was whole on disk is lost, and every token that is spent is a registration or was reported in doubt.
//
//	go test ./offline -run TestKilledAtRandom -v -kills 400
func TestKilledAtRandom(t *testing.T) {
	t.Parallel()
	kinds := []killing{
		{trial: trial{Transport: byRelay}}, {trial: trial{Transport: byRelay, WithoutLicense: true}},
		{trial: trial{Transport: overAGap}}, {trial: trial{Transport: overAGap, WithoutLicense: true}}, {trial: trial{Transport: overAGap, KeepGrants: true}},
	}
	versions := []string{"3.0.0", "5.4.0", "6.13.0", "9.0.0"}
	sums := &tally{}
	t.Cleanup(func() {
		t.Logf("%d kills: %d tokens spent = %d registrations + %d reported in doubt; %d reported in doubt were unspent; %d grants were whole on disk when the process was killed, %d of them lost",
			sums.kills, sums.spent, sums.registered, sums.inDoubt, sums.unspent, sums.whole, sums.lost)
		if sums.kills < *kills || sums.lost > 0 || sums.spent != sums.registered+sums.inDoubt {
			t.Errorf("%d kills, %d grants lost, %d tokens spent", sums.kills, sums.lost, sums.spent)
		}
	})
	for i := range *kills {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			k := kinds[i%len(kinds)]
			for !k.killedAtRandom(t, versions[rand.IntN(len(versions))], sums) {
			}
		})
	}
}

// killedAtRandom reports whether the process was killed before it was done.
func (k killing) killedAtRandom(t *testing.T, version string, sums *tally) bool {
	t.Helper()
	tr, ws := k.begin(t, version)
	if !tr.killAtRandom(t) {
		return false
	}
	spent, whole := len(ws.Cloud().SpentTokens()), tr.hasWholeGrant(t)
	_, err := tr.inAChild(t)
	inDoubt, unspent := 0, 0
	if code := exitOf(err); code == exitTokenUsed || code == exitOutcomeUnknown {
		// An administrator looks in the Cloud console.
		if inDoubt = spent; spent == 0 {
			unspent = 1
		}
		tr.settle(t, code, spent > 0)
		if spent > 0 {
			tr.Token = ws.Cloud().IssueToken()
		}
		_, err = tr.inAChild(t)
	}
	if err != nil {
		t.Fatalf("the next run ends with %s", said(err))
	}
	tr.expectDone(t, ws)
	sums.mu.Lock()
	defer sums.mu.Unlock()
	sums.kills++
	sums.spent += len(ws.Cloud().SpentTokens())
	sums.registered++
	sums.inDoubt += inDoubt
	sums.unspent += unspent
	if whole {
		sums.whole++
		sums.lost += inDoubt
		if inDoubt > 0 {
			t.Errorf("a grant that was whole on disk is lost: %v", stick.Files(t, tr.Path))
		}
	}
	return true
}

// killAtRandom starts a process and kills it some time after a step that it prints. It reports whether that came before its end.
func (tr trial) killAtRandom(t *testing.T) bool {
	t.Helper()
	child := tr.child(t)
	out, err := child.StdoutPipe()
	must(t, errors.Join(err, child.Start()))
	steps, most := bufio.NewScanner(out), 40 // that it takes, about
	if tr.Transport == overAGap {
		most = 110
	}
	for range rand.IntN(most) {
		if !steps.Scan() {
			break
		}
	}
	for range rand.IntN(2000) {
		runtime.Gosched() // the process goes on meanwhile
	}
	_ = child.Process.Kill() // it may have ended
	for steps.Scan() {       // Wait must not come before the last read
	}
	return isKilled(child.Wait())
}

// hasWholeGrant looks for a grant or a sealed answer that could be used, under whatever name, without a line of the code under test.
func (tr trial) hasWholeGrant(t *testing.T) bool {
	t.Helper()
	for _, name := range stick.Files(t, tr.Path) {
		text, err := os.ReadFile(tr.at(name))
		must(t, err)
		if filepath.Base(name) == "ledger.jsonl" {
			for line := range bytes.Lines(text) {
				if bytes.Contains(line, []byte(`"event":"answered"`)) && bytes.HasSuffix(line, []byte("\n")) {
					return true
				}
			}
		}
		var document struct {
			Content struct{ Blob, Kind string }
		}
		if json.Unmarshal(text, &document) == nil && (document.Content.Blob != "" || strings.HasSuffix(document.Content.Kind, "-answer")) {
			return true
		}
	}
	return false
}

// settle is the word of an administrator on a token in doubt. A relay asks for none: it is the Cloud that says so.
func (tr trial) settle(t *testing.T, code int, spent bool) {
	t.Helper()
	if code != exitOutcomeUnknown || tr.Transport != overAGap {
		return
	}
	folder, err := offline.OpenFolder(tr.at("exchange"))
	must(t, err)
	ids, _, err := folder.Requests()
	must(t, err)
	ledger, err := offline.OpenLedger(tr.at("ledger"))
	must(t, err)
	for _, id := range ids {
		err = errors.Join(err, ledger.Settle(id, spent, killedStart()))
	}
	must(t, errors.Join(err, ledger.Close()))
}

func exitOf(err error) int {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	return 0
}
