package fleet_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/safedir"
)

// tokenFile writes a pool with tokens token-1 to token-n, and returns its path.
func tokenFile(tb testing.TB, n int) string {
	tb.Helper()
	text := []byte("# from the Cloud console\n\n")
	for i := range n {
		text = fmt.Appendf(text, "token-%d\n", i+1)
	}
	return keep(tb, tb.TempDir(), "tokens.txt", string(text), 0o600)
}

func openTokens(tb testing.TB, path string) *fleet.Tokens {
	tb.Helper()
	pool, err := fleet.OpenTokens(path)
	if err != nil {
		tb.Fatal(err)
	}
	return pool
}

// claim is what a workspace gets: a token, a question mark after one that is in doubt, or the error.
func claim(pool *fleet.Tokens, workspace string) string {
	got, err := pool.Claim(workspace)
	switch {
	case errors.Is(err, fleet.ErrNoTokens):
		return "none"
	case err != nil:
		return err.Error()
	case got.InDoubt:
		return got.Token.Reveal() + "?"
	}
	return got.Token.Reveal()
}

// TestLifeOfTokens plays steps: a workspace that claims and what it gets, or a settlement. After each the pool is opened anew, so that what it remembers on
// disk is all that counts.
func TestLifeOfTokens(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		steps string
		left  int
	}{
		"one each":                  {"a=token-1 b=token-2 a:spent b:spent", 1},
		"in doubt it stays":         {"a=token-1 a=token-1? b=token-2 a=token-1?", 1},
		"given back":                {"a=token-1 b=token-2 a:returned c=token-1 d=token-3 e=none", 0},
		"given back after doubt":    {"a=token-1 a=token-1? a:returned", 3},
		"refused":                   {"a=token-1 a:refused a=token-2 a:refused a=token-3 a:refused a=none b=none", 0},
		"refused after doubt":       {"a=token-1 a=token-1? a:refused a=token-2", 1},
		"empty, and one comes back": {"a=token-1 b=token-2 c=token-3 d=none b:returned d=token-2", 0},
		"registered a second time":  {"a=token-1 a:spent a=token-2 a:spent", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := tokenFile(t, 3)
			pool := openTokens(t, path)
			for step := range strings.FieldsSeq(tt.steps) {
				workspace, how, isSettlement := strings.Cut(step, ":")
				if isSettlement {
					must(t, pool.Settle(workspace, fleet.Settlement(how)))
				} else {
					workspace, want, _ := strings.Cut(step, "=")
					if got := claim(pool, workspace); got != want {
						t.Fatalf("%s: got %s", step, got)
					}
					if pool.InDoubt(workspace) != (want != "none") {
						t.Errorf("%s: in doubt: %t", step, pool.InDoubt(workspace))
					}
				}
				must(t, pool.Close())
				pool = openTokens(t, path)
			}
			if pool.Left() != tt.left {
				t.Errorf("%d tokens are left, not %d", pool.Left(), tt.left)
			}
			must(t, pool.Close())
		})
	}
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

func TestMemoryHasNoToken(t *testing.T) {
	t.Parallel()
	path := tokenFile(t, 2)
	pool := openTokens(t, path)
	claim(pool, "alpha")
	must(t, pool.Settle("alpha", fleet.Spent))
	if printed := fmt.Sprintf("%v %+v %#v", pool, pool, pool); strings.Contains(printed, "token-") {
		t.Errorf("the pool prints as %s", printed)
	}
	must(t, pool.Close())
	text, err := os.ReadFile(path + ".used")
	must(t, err)
	info, err := os.Stat(path + ".used")
	must(t, err)
	if strings.Contains(string(text), "token-") || info.Mode().Perm() != 0o600 || strings.Count(string(text), "\n") != 2 {
		t.Errorf("mode %s: %s", info.Mode(), text)
	}
	for line := range strings.Lines(string(text)) {
		var record struct{ Event, Workspace string }
		if err := json.Unmarshal([]byte(line), &record); err != nil || record.Workspace != "alpha" {
			t.Errorf("%s: %v", line, err)
		}
	}
}

func TestSettleWithoutClaim(t *testing.T) {
	t.Parallel()
	pool := openTokens(t, tokenFile(t, 1))
	defer func() { must(t, pool.Close()) }()
	if err := pool.Settle("alpha", fleet.Spent); !errors.Is(err, fleet.ErrNotClaimed) {
		t.Errorf("settled: %v", err)
	}
	claim(pool, "alpha")
	if err := pool.Settle("alpha", "lost"); err == nil || !pool.InDoubt("alpha") {
		t.Errorf("settled: %v", err)
	}
}

func TestPoolThatCannotRemember(t *testing.T) {
	t.Parallel()
	path := tokenFile(t, 3)
	pool := openTokens(t, path)
	claim(pool, "alpha")
	must(t, pool.Close()) // from here on nothing can be written
	if _, err := pool.Claim("beta"); !errors.Is(err, fleet.ErrTokensBroken) || pool.InDoubt("beta") {
		t.Errorf("claimed: %v", err)
	}
	if err := pool.Settle("alpha", fleet.Returned); !errors.Is(err, fleet.ErrTokensBroken) || !pool.InDoubt("alpha") {
		t.Errorf("settled: %v", err)
	}
	if got := claim(pool, "alpha"); got != "token-1?" {
		t.Errorf("got %s", got)
	}
}

func TestEditedPool(t *testing.T) {
	t.Parallel()
	path := tokenFile(t, 2)
	pool := openTokens(t, path)
	claim(pool, "alpha")
	claim(pool, "beta")
	must(t, pool.Settle("beta", fleet.Spent))
	must(t, pool.Close())
	must(t, os.WriteFile(path, []byte("token-3\ntoken-2\n"), 0o600)) // the first one is gone
	pool = openTokens(t, path)
	defer func() { must(t, pool.Close()) }()
	if _, err := pool.Claim("alpha"); !errors.Is(err, fleet.ErrTokenMissing) || pool.LeftInDoubt() != 1 {
		t.Errorf("claimed: %v, %d in doubt", err, pool.LeftInDoubt())
	}
	if got := claim(pool, "gamma"); got != "token-3" {
		t.Errorf("claimed %s", got)
	}
	must(t, pool.Settle("alpha", fleet.Returned))
	if got := claim(pool, "alpha"); got != "none" {
		t.Errorf("claimed %s", got)
	}
}

func TestOnePoolOneProcess(t *testing.T) {
	t.Parallel()
	path := tokenFile(t, 1)
	pool := openTokens(t, path)
	link := filepath.Join(t.TempDir(), "link.txt")
	must(t, os.Symlink(path, link))
	for _, name := range []string{path, link} {
		if _, err := fleet.OpenTokens(name); !errors.Is(err, fleet.ErrTokensLocked) {
			t.Errorf("opened twice: %v", err)
		}
	}
	must(t, pool.Close())
	must(t, openTokens(t, link).Close())
	if _, err := os.Stat(link + ".used"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a second memory of one pool: %v", err)
	}
}

func TestPoolsThatAreRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, tt := range map[string]struct {
		text string
		want []int // lines
	}{
		"twice": {"a-token\n# comment\n\nb-token\na-token\nb-token", []int{5, 6}},
		"words": {"\uFEFFa-token for alpha\r\nb-token\r\n", []int{1}},
		"bytes": {"a-token\nb\x00token\nb-tökén\n", []int{2, 3}},
		"long":  {strings.Repeat("token", 20_000), []int{1}},
		"other": {`{"journal":1}` + "\n\"a-token\"\n<html>\n'b-token'\nc-token\n", []int{1, 2, 3, 4}},
	} {
		_, err := fleet.OpenTokens(keep(t, dir, name, tt.text, 0o600))
		var invalid *fleet.TokensError
		if !errors.As(err, &invalid) || !errors.Is(err, registration.ErrInvalidInput) || len(invalid.Problems) != len(tt.want) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for i, problem := range invalid.Problems {
			if problem.Line != tt.want[i] {
				t.Errorf("%s: %v", name, problem)
			}
		}
		if strings.Contains(err.Error(), "-token") {
			t.Errorf("%s: a token is repeated: %v", name, err)
		}
	}
	if _, err := fleet.OpenTokens(keep(t, dir, "open", "token", 0o644)); !errors.Is(err, safedir.ErrReadableByOthers) || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("opened what others can read: %v", err)
	}
	if _, err := fleet.OpenTokens(filepath.Join(dir, "away")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("opened what is not there: %v", err)
	}
}
