package offline

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestTheKeptAnswerIsDamaged while a courier works: what cannot be trusted is not written again.
func TestTheKeptAnswerIsDamaged(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		damage func(t *testing.T, g *gap, r Request, l *Ledger)
		want   error
	}{
		"cut off": {func(t *testing.T, g *gap, _ Request, _ *Ledger) {
			t.Helper()
			must(t, os.Truncate(ledgerOf(g), 10))
		}, io.EOF},
		"overwritten": {func(t *testing.T, g *gap, _ Request, _ *Ledger) {
			t.Helper()
			save(t, ledgerOf(g), strings.Repeat("x", len(load(t, ledgerOf(g)))))
		}, ErrLedgerDamaged},
		"no answer": {func(t *testing.T, _ *gap, r Request, l *Ledger) {
			t.Helper()
			must(t, l.keepAnswer(r, choice{}, []byte("{"), start()))
		}, ErrTruncated},
		"another's": {func(t *testing.T, _ *gap, r Request, l *Ledger) {
			t.Helper()
			must(t, l.keepAnswer(r, choice{}, []byte(answerFor(t, ask(t, newGap(t), 2), codeOf(2))), start()))
		}, ErrOtherWorkspace},
		"a folder in its place": {func(t *testing.T, g *gap, r Request, _ *Ledger) {
			t.Helper()
			must(t, os.Mkdir(g.answerFile(r), 0o700))
		}, ErrNotRegular},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGap(t)
			r := ask(t, g, 1)
			c := g.courier(t, "unique-1 token-1")
			_, err := c.Run(t.Context())
			must(t, err)
			must(t, os.Remove(g.answerFile(r)))
			tt.damage(t, g, r, c.Ledger)
			report, err := c.Run(t.Context())
			if err != nil || report.Count(Failed) != 1 || !errors.Is(report.Items[0].Err, tt.want) {
				t.Errorf("%v, %v", report, err)
			}
			if text, err := os.ReadFile(g.answerFile(r)); err == nil {
				t.Errorf("there is %q", text)
			}
		})
	}
}

func ledgerOf(g *gap) string { return filepath.Join(g.path, "ledger", ledgerFile) }

// TestFinishedGrantsAreDiscarded when the ledger is opened: a courier was killed before it came to that.
func TestFinishedGrantsAreDiscarded(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	finished, begun := ask(t, g, 1), ask(t, g, 2)
	c := g.courier(t, "")
	must(t, c.Ledger.append(recordOf(begun, eventIntent, choice{token: secretOf("token-2")}, start())))
	must(t, c.Ledger.keepAnswer(finished, choice{}, []byte(answerFor(t, finished, codeOf(1))), start()))
	for _, r := range []Request{finished, begun} {
		must(t, c.Ledger.unfinished.Keep(r.ID(), grantOf(1, "")))
	}
	must(t, c.Ledger.Close())
	l := g.courier(t, "").Ledger
	for id, want := range map[string]bool{finished.ID(): false, begun.ID(): true} {
		if has, err := l.unfinished.Has(id); err != nil || has != want {
			t.Errorf("kept %t, %v; want %t", has, err, want)
		}
	}
}
