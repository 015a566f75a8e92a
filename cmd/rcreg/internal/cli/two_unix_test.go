//go:build unix

package cli_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// refused is a second run while a first one, in a process of its own, works with the same memory.
type refused struct{ line, kind, says string }

// whileItWorks starts a command as a process, waits until it has asked what never answers, and runs others meanwhile: each ends at once and says who works there. Then
// the process is killed, with all that it holds.
func (b *bench) whileItWorks(first []string, asked <-chan struct{}, run func(line string) outcome, seconds ...refused) {
	b.t.Helper()
	child := b.child(first...)
	if err := child.Start(); err != nil {
		b.t.Fatal(err)
	}
	<-asked
	for _, second := range seconds {
		got := run(second.line + " --output json")
		if read := got.json(b.t); got.exit != 1 || read.Error.Kind != second.kind || !strings.Contains(read.Error.Advice, second.says) {
			b.t.Errorf("%s: exit %d: %+v", second.line, got.exit, read.Error)
		}
	}
	_ = child.Process.Kill() // it may have ended
	_ = child.Wait()         // which says that it was killed
}

const otherState = "another rcreg works with the same --state folder: wait for its end"

// TestRelayBesideAnother spends one token: the second run is told to wait, and the first, killed while it held the place in the vault, holds it no longer.
func TestRelayBesideAnother(t *testing.T) {
	t.Parallel()
	s := newRelay(t, "6.13.0")
	line := "register --via relay --state " + filepath.Join(t.TempDir(), "state")
	cloud := newSilent(t, s.fake.Cloud().URL(), "/api/oauth/clients")
	s.whileItWorks(append(strings.Fields(line), "--cloud-url", cloud.URL), cloud.asked, s.line, refused{line, "locked", otherState})
	if got := s.expect(0, line+" --output json"); got.After.State != "registered" || len(s.fake.Cloud().SpentTokens()) != 1 {
		t.Errorf("%+v, spent: %d", got, len(s.fake.Cloud().SpentTokens()))
	}
}

// TestCourierBesideAnother: neither a second courier nor one who settles works with a ledger that has one. The token of the first, which was killed, is in doubt.
func TestCourierBesideAnother(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	state := " --state " + filepath.Join(t.TempDir(), "state")
	line := "courier run --exchange EXCHANGE --tokens-file " + g.file("* "+g.token) + state
	settle := "courier settle --unspent --yes --request " + g.request + state
	cloud := newSilent(t, g.cloud.URL(), "/api/oauth/clients")
	first := strings.Fields(strings.ReplaceAll(line, "EXCHANGE", g.exchange))
	g.whileItWorks(append(first, "--cloud-url", cloud.URL), cloud.asked, g.line, refused{line, "locked", otherState}, refused{settle, "locked", otherState})
	if got := g.line(line + " --output json"); got.exit != 1 || g.outcomes(got).Requests[0].Outcome != "outcome unknown" {
		t.Errorf("exit %d: %s", got.exit, got.stdout)
	}
	g.must(0, strings.Fields(settle)...)
	if got := g.line(line + " --output json"); got.exit != 0 || len(g.cloud.SpentTokens()) != 1 {
		t.Errorf("exit %d, spent: %d: %s", got.exit, len(g.cloud.SpentTokens()), got.stdout)
	}
}

// TestFleetBesideAnother: a journal and a pool have one run at a time, and a killed one lets go of both. No token is spent twice.
func TestFleetBesideAnother(t *testing.T) {
	t.Parallel()
	b := newFleetBench(t, 2, "9.0.0")
	workspace := newSilent(t, b.sim.Fleet().URL(1), "/api/v1/cloud.connectWorkspace")
	b.edit("fleet.yaml", b.sim.Fleet().URL(1), workspace.URL)
	b.write("other.txt", "another-token\n")
	const line, otherPool = "register --file LIST --tokens POOL --journal DIR/journal", "register --file LIST --tokens DIR/other.txt --journal DIR/journal"
	b.whileItWorks(b.words(line), workspace.asked, b.line,
		refused{line, "tokens_locked", "another rcreg works with the same pool of tokens: wait for its end"},
		refused{otherPool, "journal_locked", "another rcreg works with the same journal: wait for its end"},
		refused{otherPool + " --fresh", "journal_locked", "another rcreg works with the same journal: wait for its end"})
	b.edit("fleet.yaml", workspace.URL, b.sim.Fleet().URL(1))
	got := b.line(line + " --output json")
	spent := b.sim.Cloud().SpentTokens()
	if got.exit != 0 || len(spent) != 2 || len(slices.Compact(slices.Sorted(slices.Values(spent)))) != 2 || len(b.sim.Cloud().Workspaces()) != 2 {
		t.Errorf("exit %d, %d tokens are spent: %s", got.exit, len(spent), got.stdout)
	}
}
