package offline

import (
	"errors"
	"path/filepath"
	"slices"
	"testing"

	"github.com/rcreg/registration/cloud"
)

// settle takes an administrator's word.
func (g *gap) settle(t *testing.T, r Request, spent bool) error {
	t.Helper()
	l, err := OpenLedger(filepath.Join(g.path, "ledger"))
	must(t, err)
	err = l.Settle(r.ID(), spent, start())
	must(t, l.Close())
	return err
}

// TestSettle ends a doubt: a token that is unspent works again, and one that is spent is not tried again.
func TestSettle(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		doubtful []string // runs that end in doubt
		spent    bool
		next     []string
		want     []Outcome
		tokens   []string // that reached the Cloud after that
	}{
		"unspent":             {[]string{"unique-1 token-1"}, false, []string{"unique-1 token-1"}, []Outcome{Answered}, []string{"token-1"}},
		"unspent, for all":    {[]string{"* shared"}, false, []string{"* shared"}, []Outcome{Answered}, []string{"shared"}},
		"two, unspent":        {[]string{"unique-1 token-1", "unique-1 token-2"}, false, []string{"unique-1 token-1"}, []Outcome{Answered}, []string{"token-1"}},
		"two, the other":      {[]string{"unique-1 token-1", "unique-1 token-2"}, false, []string{"* token-2"}, []Outcome{Answered}, []string{"token-2"}},
		"spent":               {[]string{"unique-1 token-1"}, true, []string{"unique-1 token-1", "unique-1 token-2"}, []Outcome{Failed, Answered}, []string{"token-2"}},
		"spent, for all":      {[]string{"unique-1 token-1"}, true, []string{"* shared"}, []Outcome{Answered}, []string{"shared"}},
		"two, spent":          {[]string{"unique-1 token-1", "unique-1 token-2"}, true, []string{"unique-1 token-1", "unique-1 token-2"}, []Outcome{Failed, Failed}, nil},
		"without a word":      {[]string{"unique-1 token-1"}, false, []string{}, nil, nil},
		"unspent, and renews": {[]string{"unique-1 token-1"}, false, []string{"unique-1 token-2"}, []Outcome{Answered}, []string{"token-2"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGap(t)
			r := ask(t, g, 1)
			g.cloud.exchange = func(string, cloud.Grant) (cloud.Grant, error) { return cloud.Grant{}, cloud.ErrOutcomeUnknown }
			for _, tokens := range tt.doubtful {
				g.run(t, tokens)
			}
			if items := g.run(t, tt.doubtful[0]); items[0].Outcome != Unknown || !errors.Is(items[0].Err, ErrOutcomeUnknown) {
				t.Fatalf("before: %v", items)
			}
			before := len(g.cloud.tokens())
			g.cloud.exchange = nil
			must(t, g.settle(t, r, tt.spent))
			if err := g.settle(t, r, tt.spent); !errors.Is(err, ErrNotInDoubt) {
				t.Errorf("settled twice: %v", err)
			}
			for i, tokens := range tt.next {
				if items := g.run(t, tokens); items[0].Outcome != tt.want[i] || tt.want[i] == Failed && !errors.Is(items[0].Err, ErrTokenSpent) {
					t.Errorf("with %q: %v", tokens, items)
				}
			}
			if sent := g.cloud.tokens()[before:]; !slices.Equal(sent, tt.tokens) {
				t.Errorf("sent %v, want %v", sent, tt.tokens)
			}
		})
	}
}

// TestSettleNothing refuses a word about what is not in doubt, and changes nothing.
func TestSettleNothing(t *testing.T) {
	t.Parallel()
	doubt := func(string, cloud.Grant) (cloud.Grant, error) { return cloud.Grant{}, cloud.ErrOutcomeUnknown }
	for name, tt := range map[string]struct {
		prepare func(t *testing.T, g *gap, r Request)
		want    error
	}{
		"never tried": {func(*testing.T, *gap, Request) {}, ErrUnknownRequest},
		"refused": {func(t *testing.T, g *gap, _ Request) {
			t.Helper()
			g.cloud.exchange = func(string, cloud.Grant) (cloud.Grant, error) { return cloud.Grant{}, cloud.ErrInvalidToken }
			g.run(t, "unique-1 token-1")
		}, ErrNotInDoubt},
		"answered": {func(t *testing.T, g *gap, _ Request) {
			t.Helper()
			g.cloud.exchange = doubt
			g.run(t, "unique-1 token-1")
			g.cloud.exchange = nil
			g.run(t, "unique-1 token-2")
		}, ErrNotInDoubt},
		"kept": {func(t *testing.T, g *gap, r Request) {
			t.Helper()
			c := g.courier(t, "unique-1 token-1")
			must(t, c.Ledger.claim(r, c.Tokens.forWorkspace(r.Workspace()), start()))
			must(t, c.Ledger.unfinished.Keep(r.ID(), grantOf(1, "")))
			must(t, c.Ledger.Close())
		}, ErrNotInDoubt},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGap(t)
			r := ask(t, g, 1)
			tt.prepare(t, g, r)
			must(t, openLedgerOf(t, filepath.Join(g.path, "ledger")).Close())
			text := load(t, filepath.Join(g.path, "ledger", ledgerFile))
			for _, spent := range []bool{true, false} {
				if err := g.settle(t, r, spent); !errors.Is(err, tt.want) {
					t.Errorf("spent %t: %v", spent, err)
				}
			}
			if load(t, filepath.Join(g.path, "ledger", ledgerFile)) != text {
				t.Error("the ledger has changed")
			}
		})
	}
}

// TestATriedTokenOfTheSameRequest is not tried again, whatever came of another one since.
func TestATriedTokenOfTheSameRequest(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		replies []error // to token-1, then to token-2
		want    error
	}{
		"unknown, refused": {[]error{cloud.ErrOutcomeUnknown, cloud.ErrInvalidToken}, ErrOutcomeUnknown},
		"unknown, void":    {[]error{cloud.ErrOutcomeUnknown, cloud.ErrUnreachable}, ErrOutcomeUnknown},
		"unknown, unknown": {[]error{cloud.ErrOutcomeUnknown, cloud.ErrOutcomeUnknown}, ErrOutcomeUnknown},
		"refused, refused": {[]error{cloud.ErrTokenUsed, cloud.ErrTokenUsed}, ErrTokenSpent},
		"refused, unknown": {[]error{cloud.ErrTokenUsed, cloud.ErrOutcomeUnknown}, ErrTokenSpent},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGap(t)
			ask(t, g, 1)
			for i, reply := range tt.replies {
				g.cloud.exchange = func(string, cloud.Grant) (cloud.Grant, error) { return cloud.Grant{}, reply }
				g.run(t, []string{"unique-1 token-1", "unique-1 token-2"}[i])
			}
			g.cloud.exchange = nil
			if items := g.run(t, "unique-1 token-1"); !errors.Is(items[0].Err, tt.want) {
				t.Errorf("%v", items)
			}
			if sent := g.cloud.tokens(); !slices.Equal(sent, []string{"token-1", "token-2"}) {
				t.Errorf("sent %v", sent)
			}
		})
	}
}

// TestALedgerOfANewerProgram is refused: an event that is not known here may speak of a token.
func TestALedgerOfANewerProgram(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "ledger")
	must(t, openLedgerOf(t, path).Close())
	text := lineOf(`{"event":"lent","request":"abcdefghijklmnop","token_sha256":"00"}`)
	save(t, filepath.Join(path, ledgerFile), text)
	if l, err := OpenLedger(path); !errors.Is(err, ErrNewerFormat) {
		t.Errorf("%v, %v", l, err)
	}
	if load(t, filepath.Join(path, ledgerFile)) != text {
		t.Error("it was changed")
	}
}
