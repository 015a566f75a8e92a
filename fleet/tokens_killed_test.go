package fleet_test

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/rcreg/registration/fleet"
)

// holders are the workspaces that each token was handed to for good: not those that gave it back.
type holders map[string]map[string]bool

func (h holders) take(t *testing.T, token, workspace string) {
	t.Helper()
	if h[token] == nil {
		h[token] = map[string]bool{}
	}
	h[token][workspace] = true
	if len(h[token]) > 1 {
		t.Errorf("%s was handed to %v", token, h[token])
	}
}

// step is an act on a pool, and what a workspace holds after it.
type step struct {
	workspace string
	how       fleet.Settlement // empty for a claim
	token     string
}

// played is a run with all that can happen to tokens. Each act is one line in the memory of the pool.
func played(t *testing.T, path string) (steps []step) {
	t.Helper()
	pool := openTokens(t, path)
	for _, s := range []step{
		{"a", "", ""}, {"b", "", ""}, {"a", fleet.Spent, ""}, {"b", fleet.Returned, ""}, {"c", "", ""}, {"c", fleet.Refused, ""}, {"d", "", ""}, {"c", "", ""},
	} {
		if s.how == "" {
			s.token = strings.TrimSuffix(claim(pool, s.workspace), "?")
		} else {
			must(t, pool.Settle(s.workspace, s.how))
		}
		steps = append(steps, s)
	}
	must(t, pool.Close())
	return steps
}

// TestKilledAtEveryByte cuts the memory of a pool off after each of its bytes, which is what a killed process leaves behind, and lets the rest of the work be
// done by another process: no token is handed to two workspaces that may have used it, and none is lost.
func TestKilledAtEveryByte(t *testing.T) {
	t.Parallel()
	const tokens = 6
	path := tokenFile(t, tokens)
	steps := played(t, path)
	whole, err := os.ReadFile(path + ".used")
	must(t, err)
	if lines := strings.Count(string(whole), "\n"); lines != len(steps) {
		t.Fatalf("%d lines for %d acts", lines, len(steps))
	}
	for end := range len(whole) + 1 {
		must(t, os.WriteFile(path+".used", whole[:end], 0o600))
		must(t, openTokens(t, path).Close())
		_ = os.Remove(path + ".used.torn-1") // or the next one has to look for a free name
		left, err := os.ReadFile(path + ".used")
		must(t, err)
		want := whole[:bytes.LastIndexByte(whole[:end], '\n')+1]
		if end < len(whole) && whole[end] == '\n' {
			want = whole[:end+1] // all but the end of the line is there
		}
		if !bytes.Equal(left, want) {
			t.Fatalf("cut off after %d bytes, opened, and left with %d", end, len(left))
		}
		if len(left) != end && end != len(left)+1 {
			continue // it goes on from the same file as one byte before
		}
		// Only what had been written did return to its caller, who then may have handed the token over.
		lasting := steps[:strings.Count(string(left), "\n")]
		held := holders{}
		bound := map[string]string{}
		for _, s := range lasting {
			switch s.how {
			case "":
				bound[s.workspace] = s.token
				held.take(t, s.token, s.workspace)
			case fleet.Returned:
				delete(held, bound[s.workspace])
				delete(bound, s.workspace)
			default:
				delete(bound, s.workspace)
			}
		}
		finish(t, path, held, bound)
		if t.Failed() {
			t.Fatalf("cut off after %d bytes", end)
		}
	}
}

// finish lets new workspaces take what is left, after those in doubt had their own again.
func finish(t *testing.T, path string, held holders, bound map[string]string) {
	t.Helper()
	pool := openTokens(t, path)
	defer func() { must(t, pool.Close()) }()
	for workspace, token := range bound {
		if got := claim(pool, workspace); got != token+"?" {
			t.Errorf("%s was left with %s, and is given %s", workspace, token, got)
		}
		must(t, pool.Settle(workspace, fleet.Spent))
	}
	all := maps.Clone(held)
	for i := range pool.Left() {
		workspace := fmt.Sprintf("new-%d", i)
		token := claim(pool, workspace)
		held.take(t, token, workspace)
		all[token] = held[token]
	}
	if got := claim(pool, "one too many"); got != "none" || len(all) != 6 {
		t.Errorf("%d of 6 tokens are known at the end, and then %s", len(all), got)
	}
}

// TestDamagedMemory changes what is remembered, with checks and as it was written before there were any. It is noticed, and the file stays as it is.
func TestDamagedMemory(t *testing.T) {
	t.Parallel()
	path := tokenFile(t, 6)
	played(t, path)
	checked, err := os.ReadFile(path + ".used")
	must(t, err)
	for kind, whole := range map[string]string{"checked": string(checked), "old": withoutChecks(string(checked))} {
		lines := strings.SplitAfter(whole, "\n")
		for name, damaged := range map[string]string{
			"a line is gone":        lines[0] + strings.Join(lines[2:], ""),
			"a line is there twice": lines[0] + whole,
			"another event":         strings.Replace(whole, `"returned"`, `"burnt"`, 1),
			"another workspace":     strings.Replace(whole, `"a"`, `"z"`, 1),
			"no workspace":          strings.Replace(whole, `"workspace":"a"`, `"workspace":""`, 1),
			"a short digest":        strings.Replace(whole, `sha256":"`, `sha256":"0`, 1),
			"another key":           strings.Replace(whole, `"event"`, `"Evenr"`, 1),
			"two on a line":         strings.Replace(whole, "\n", " ", 1),
			"not JSON":              "token-1\n" + whole,
			"a zero in the middle":  lines[0] + lines[1][:20] + "\x00" + lines[1][21:] + strings.Join(lines[2:], ""),
			"zeros before a line":   lines[0] + "\x00\x00\x00" + strings.Join(lines[1:], ""),
			"half of a line":        lines[0] + lines[1][:20] + "\n" + strings.Join(lines[2:], ""),
			"another file":          "event,workspace\nclaimed,a",
		} {
			t.Run(name+", "+kind, func(t *testing.T) {
				t.Parallel()
				path := tokenFile(t, 6)
				must(t, os.WriteFile(path+".used", []byte(damaged), 0o600))
				pool, err := fleet.OpenTokens(path)
				if err == nil {
					must(t, pool.Close())
				}
				checkDamage(t, err, path+".used")
				if after, err := os.ReadFile(path + ".used"); string(after) != damaged || err != nil {
					t.Errorf("the file became %q, %v", after, err)
				}
			})
		}
	}
}

// withoutChecks makes of the text of a journal or a memory what was written before there were checks.
func withoutChecks(text string) string {
	return regexp.MustCompile(`,"check":"sha256-[0-9a-f]{64}"}\n`).ReplaceAllString(text, "}\n")
}

// TestOldMemory is read, and added to: from then on all of it is checked.
func TestOldMemory(t *testing.T) {
	t.Parallel()
	path := tokenFile(t, 6)
	played(t, path)
	whole, err := os.ReadFile(path + ".used")
	must(t, err)
	old := withoutChecks(string(whole))
	must(t, os.WriteFile(path+".used", []byte(old), 0o600))
	pool := openTokens(t, path)
	if pool.Left() != 2 || pool.LeftInDoubt() != 2 {
		t.Errorf("%d are left, %d in doubt", pool.Left(), pool.LeftInDoubt())
	}
	must(t, pool.Settle("c", fleet.Spent))
	must(t, pool.Close())
	must(t, openTokens(t, path).Close())
	whole, err = os.ReadFile(path + ".used")
	must(t, err)
	for name, damaged := range map[string]string{
		"an old line changed":   strings.Replace(string(whole), `"a"`, `"z"`, 2),
		"a line without check":  string(whole) + strings.SplitAfter(old, "\n")[0],
		"the check was dropped": old + strings.TrimPrefix(withoutChecks(string(whole)), old) + string(whole)[len(old):],
	} {
		must(t, os.WriteFile(path+".used", []byte(damaged), 0o600))
		if _, err := fleet.OpenTokens(path); !errors.Is(err, fleet.ErrTokensDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestEveryByteOfTheMemory is zero once, and has a bit flipped: the memory is refused and stays as it is, or all records are there.
func TestEveryByteOfTheMemory(t *testing.T) {
	t.Parallel()
	path := tokenFile(t, 6)
	played(t, path)
	whole, err := os.ReadFile(path + ".used")
	must(t, err)
	for at := range whole {
		for _, mask := range []byte{whole[at], 1 << (at % 8)} {
			damaged := bytes.Clone(whole)
			damaged[at] ^= mask
			must(t, os.WriteFile(path+".used", damaged, 0o600))
			want := damaged
			pool, err := fleet.OpenTokens(path)
			if err == nil {
				want = whole
				must(t, pool.Close())
			} else {
				checkDamage(t, err, path+".used")
			}
			if after, err := os.ReadFile(path + ".used"); !bytes.Equal(after, want) || err != nil {
				t.Errorf("byte %d, changed by %#x: the file became %q, %v", at, mask, after, err)
			}
		}
	}
}

func checkDamage(t *testing.T, err error, path string) {
	t.Helper()
	if !errors.Is(err, fleet.ErrTokensDamaged) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "line ") {
		t.Errorf("opened: %v", err)
	}
}
