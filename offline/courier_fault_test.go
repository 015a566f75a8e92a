package offline

import (
	"errors"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/internal/safedir"
	"github.com/rcreg/registration/internal/safedir/stick"
)

// TestTheLedgerFailsAtEachAct stops the courier at each act in its ledger's folder, as a kill would: the next courier never spends a second token, and
// what it reports is true.
func TestTheLedgerFailsAtEachAct(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		license    string
		keepGrants bool
	}{
		"whole grant":                   {firstLicense, false},
		"whole grant, kept":             {firstLicense, true},
		"grant without a license":       {"", false},
		"grant without a license, kept": {"", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stick.EachAct(t, func(at int64) bool {
				g := newGap(t)
				r := ask(t, g, 1)
				g.cloud.exchange = func(string, cloud.Grant) (cloud.Grant, error) { return grantOf(1, tt.license), nil }
				done := runOn(t, g, &stick.Stick{Path: filepath.Join(g.path, "ledger"), FailAt: at, Err: syscall.EIO}, tt.keepGrants)
				spent := len(g.cloud.tokens())
				items := g.run(t, "unique-1 token-1")
				if got := len(g.cloud.tokens()); got > 1 {
					t.Errorf("act %d: %d tokens spent, %d at first", at, got, spent)
				}
				_, err := g.requester.Answer(r.ID())
				switch items[0].Outcome {
				case Answered, AnsweredBefore, WrittenAgain:
					if err != nil {
						t.Errorf("act %d: %s, but %v", at, items[0].Outcome, err)
					}
				case Unknown:
					if !errors.Is(err, ErrNoAnswer) || spent > 1 {
						t.Errorf("act %d: unknown, but %v", at, err)
					}
				default:
					t.Errorf("act %d: %v", at, items)
				}
				return done
			})
		})
	}
}

// runOn runs a courier whose ledger is on a stick, and reports whether all went well.
func runOn(t *testing.T, g *gap, s *stick.Stick, keepGrants bool) bool {
	t.Helper()
	must(t, safedir.Make(s.Path))
	ledger, err := openLedger(safedir.On(s.Open), nil)
	if err != nil {
		return false
	}
	defer func() { _ = ledger.Close() }()
	tokens, err := ParseTokens([]byte("unique-1 token-1"))
	must(t, err)
	c := &Courier{Cloud: g.cloud, Tokens: tokens, Folder: g.folder, Ledger: ledger, KeepGrants: keepGrants, Clock: stopped{start()}}
	report, err := c.Run(t.Context())
	return err == nil && report.Count(Answered) == 1 && report.Items[0].Err == nil
}

// TestTheLedgerIsFull for a moment, at one act after another: a token leaves only once the note of it lasts, and then as much is saved as can be.
func TestTheLedgerIsFull(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		license      string
		act          int64 // of the run
		want         Outcome
		spent, asked int // tokens, and licenses
	}{
		"the note cannot be written":   {firstLicense, 1, Failed, 0, 0},
		"the note may not last":        {firstLicense, 2, Failed, 0, 0},
		"the answer cannot be kept":    {firstLicense, 3, Answered, 1, 0},
		"the grant cannot be finished": {"", 3, Unknown, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGap(t)
			r := ask(t, g, 1)
			g.cloud.exchange = func(string, cloud.Grant) (cloud.Grant, error) { return grantOf(1, tt.license), nil }
			s := &stick.Stick{Path: filepath.Join(g.path, "ledger"), Err: syscall.ENOSPC, Once: true}
			must(t, safedir.Make(s.Path))
			ledger, err := openLedger(safedir.On(s.Open), nil)
			must(t, err)
			s.FailAt = s.Acts() + tt.act
			c := &Courier{Cloud: g.cloud, Tokens: OneToken("shared"), Folder: g.folder, Ledger: ledger}
			report, _ := c.Run(t.Context()) // the ledger may have ended it
			if report.Count(tt.want) != 1 || !errors.Is(report.Items[0].Err, syscall.ENOSPC) || len(g.cloud.tokens()) != tt.spent || g.cloud.licenses != tt.asked {
				t.Errorf("%v, spent %v, %d licenses", report, g.cloud.tokens(), g.cloud.licenses)
			}
			if _, err := g.requester.Answer(r.ID()); (err == nil) != (tt.want == Answered) {
				t.Errorf("the answer: %v", err)
			}
			must(t, ledger.Close())
		})
	}
}

// TestTheStickFailsAtEachAct fills or pulls out the exchange folder while the courier writes its answer: there is a whole answer or none, and the next
// run writes it without asking the Cloud.
func TestTheStickFailsAtEachAct(t *testing.T) {
	t.Parallel()
	for name, failure := range map[string]struct {
		err  error
		once bool
	}{
		"full":       {syscall.ENOSPC, true},
		"pulled out": {syscall.EIO, false},
		"read-only":  {syscall.EROFS, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			stick.EachAct(t, func(at int64) bool {
				g := newGap(t)
				r := ask(t, g, 1)
				s := &stick.Stick{Path: g.folder.Path(), FailAt: at, Err: failure.err, Once: failure.once}
				c := g.courier(t, "unique-1 token-1")
				c.Folder = &Folder{dir: safedir.On(s.Open)}
				report, err := c.Run(t.Context())
				must(t, err)
				must(t, c.Ledger.Close())
				if report.Count(Answered) == 1 {
					_, err := g.requester.Answer(r.ID())
					must(t, err)
					return true
				}
				if report.Count(Failed) != 1 || !errors.Is(report.Items[0].Err, failure.err) {
					t.Errorf("act %d: %v", at, report)
				}
				if _, err := g.requester.Answer(r.ID()); err != nil && !errors.Is(err, ErrNoAnswer) {
					t.Errorf("act %d: what is there is %v", at, err)
				}
				items := g.run(t, "")
				if got := items[0].Outcome; got != WrittenAgain && got != AnsweredBefore {
					t.Errorf("act %d: then %v", at, items)
				}
				if _, err := g.requester.Answer(r.ID()); err != nil {
					t.Errorf("act %d: then %v", at, err)
				}
				if spent := g.cloud.tokens(); len(spent) != 1 {
					t.Errorf("act %d: spent %v", at, spent)
				}
				return false
			})
		})
	}
}

// TestAKilledCourier stops between handing the token over and keeping the answer.
func TestAKilledCourier(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	r := ask(t, g, 1)
	c := g.courier(t, "")
	must(t, c.Ledger.claim(r, choice{token: secretOf("token-1")}, start()))
	must(t, c.Ledger.Close())
	for _, tokens := range []string{"unique-1 token-1", "* shared"} {
		if items := g.run(t, tokens); items[0].Outcome != Unknown || !errors.Is(items[0].Err, ErrOutcomeUnknown) {
			t.Errorf("with %q: %v", tokens, items)
		}
	}
	if spent := g.cloud.tokens(); len(spent) != 0 {
		t.Errorf("spent %v", spent)
	}
	if items := g.run(t, "unique-1 token-2"); items[0].Outcome != Answered {
		t.Errorf("with a token that a person named: %v", items)
	}
}
