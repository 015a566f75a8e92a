package offline

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"

	"filippo.io/age"

	"github.com/rcreg/registration/grants"
	"github.com/rcreg/registration/internal/safedir"
	"github.com/rcreg/registration/internal/safedir/stick"
)

func openLedgerOf(t *testing.T, path string) *Ledger {
	t.Helper()
	l, err := OpenLedger(path)
	must(t, err)
	t.Cleanup(func() { _ = l.Close() })
	return l
}

// written returns a ledger's folder with some records, and their text.
func written(t *testing.T) (path, text string) {
	t.Helper()
	g := newGap(t)
	path = filepath.Join(g.path, "ledger")
	l := openLedgerOf(t, path)
	for number := range 3 {
		r := ask(t, g, number)
		must(t, l.append(recordOf(r, eventIntent, choice{token: secretOf("token-" + r.Workspace().UniqueID)}, start())))
	}
	must(t, l.Close())
	return path, load(t, filepath.Join(path, ledgerFile))
}

// TestTheEndOfTheLedgerIsTorn cuts the file at every byte of its last record, and fills up with what file systems leave. What is torn is put aside.
func TestTheEndOfTheLedgerIsTorn(t *testing.T) {
	t.Parallel()
	path, text := written(t)
	file := filepath.Join(path, ledgerFile)
	whole := strings.LastIndex(strings.TrimSuffix(text, "\n"), "\n") + 1
	for cut := whole + 1; cut < len(text); cut++ {
		for _, filling := range []string{"", strings.Repeat("\x00", 10)} {
			torn := text[:cut] + filling
			save(t, file, torn)
			must(t, openLedgerOf(t, path).Close())
			want, aside := text[:whole], torn[whole:]
			if cut == len(text)-1 { // only the line's end is missing
				want, aside = text, filling
			}
			if load(t, file) != want {
				t.Errorf("cut at %d, %d bytes behind: there is %q", cut, len(filling), load(t, file))
			}
			if aside != "" {
				if got := load(t, file+".torn-1"); got != aside {
					t.Errorf("cut at %d, %d bytes behind: %q was put aside", cut, len(filling), got)
				}
				must(t, os.Remove(file+".torn-1"))
			}
		}
	}
}

// TestEveryByteOfTheLedger is zero once, and has a bit flipped: the ledger is refused and stays as it is, or all records are there.
func TestEveryByteOfTheLedger(t *testing.T) {
	t.Parallel()
	path, text := written(t)
	file := filepath.Join(path, ledgerFile)
	whole := openLedgerOf(t, path)
	must(t, whole.Close())
	for at := range text {
		for _, mask := range []byte{text[at], 1 << (at % 8)} {
			damaged := []byte(text)
			damaged[at] ^= mask
			must(t, os.WriteFile(file, damaged, 0o600))
			l, err := OpenLedger(path)
			if err == nil {
				must(t, l.Close())
				if !reflect.DeepEqual(l.index, whole.index) || load(t, file) != text {
					t.Errorf("byte %d, changed by %#x: %v, and the file is %q", at, mask, l.index, load(t, file))
				}
				continue
			}
			if !errors.Is(err, ErrLedgerDamaged) || load(t, file) != string(damaged) {
				t.Errorf("byte %d, changed by %#x: %v, and the file is %q", at, mask, err, load(t, file))
			}
		}
	}
}

// TestTheLedgerIsDamaged changes what no crash changes.
func TestTheLedgerIsDamaged(t *testing.T) {
	t.Parallel()
	path, text := written(t)
	file := filepath.Join(path, ledgerFile)
	lines := strings.SplitAfter(text, "\n")
	for name, damaged := range map[string]string{
		"an event changed":     strings.Replace(text, "intent", "void", 1),
		"the last changed":     lines[0] + lines[1] + strings.Replace(lines[2], "intent", "void", 1),
		"a line gone":          lines[0] + lines[2],
		"the first line gone":  lines[1] + lines[2],
		"lines swapped":        lines[1] + lines[0] + lines[2],
		"a line of words":      lines[0] + "something else\n" + lines[1] + lines[2],
		"an empty line":        lines[0] + "\n" + lines[1] + lines[2],
		"a line far too long":  lines[0] + strings.Repeat("x", 2*maxRecord) + "\n",
		"a record of no shape": lineOf(`[]`),
		"a record of no id":    lineOf(`{"request":"../x"}`),
		"an event of no text":  lineOf(`{"request":"abcdefghijklmnop","event":7}`),
		"a zero in the middle": lines[0] + lines[1][:20] + "\x00" + lines[1][21:] + lines[2],
		"a line of zeros":      text + "\x00\n",
		"zeros before a line":  lines[0] + lines[1] + "\x00\x00" + lines[2],
		"no check":             lines[0] + lines[1] + lines[2][65:],
		"no checks at all":     lines[0][65:] + lines[1][65:],
		"another file":         "token-1\ntoken-2",
	} {
		save(t, file, damaged)
		if l, err := OpenLedger(path); !errors.Is(err, ErrLedgerDamaged) {
			t.Errorf("%s: %v, %v", name, l, err)
		}
		if load(t, file) != damaged {
			t.Errorf("%s: the file was changed", name)
		}
	}
	save(t, file, text) // a refused ledger is not locked
	must(t, openLedgerOf(t, path).Close())
}

// lineOf is a first line with any record.
func lineOf(text string) string {
	check := sha256.Sum256([]byte(strings.Repeat("\x00", sha256.Size) + text))
	return hex.EncodeToString(check[:]) + " " + text + "\n"
}

func TestTheLedgerIsPrivateAndLocked(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "ledger")
	l := openLedgerOf(t, path)
	if _, err := OpenLedger(path); !errors.Is(err, ErrLocked) {
		t.Errorf("opened twice: %v", err)
	}
	must(t, l.Close())
	must(t, os.Chmod(filepath.Join(path, ledgerFile), 0o640))
	if _, err := OpenLedger(path); !errors.Is(err, ErrReadableByOthers) {
		t.Errorf("a ledger that others can read: %v", err)
	}
	must(t, os.Remove(filepath.Join(path, ledgerFile)))
	must(t, os.Symlink("elsewhere", filepath.Join(path, ledgerFile)))
	if _, err := OpenLedger(path); !errors.Is(err, ErrSymbolicLink) {
		t.Errorf("a ledger that is a link: %v", err)
	}
}

// TestAFailedWriteEndsTheLedger since nobody knows what the file ends with.
func TestAFailedWriteEndsTheLedger(t *testing.T) {
	t.Parallel()
	for act, name := range []string{"write", "sync"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGap(t)
			r := ask(t, g, 1)
			path := filepath.Join(g.path, "ledger")
			must(t, openLedgerOf(t, path).Close())
			s := &stick.Stick{Path: path, Err: syscall.ENOSPC, Once: true}
			l, err := openLedger(safedir.On(s.Open), nil)
			must(t, err)
			s.FailAt = s.Acts() + int64(act) + 1
			for range 2 { // there is room again the second time, but the ledger does not go on
				if err := l.append(recordOf(r, eventIntent, choice{}, start())); !errors.Is(err, syscall.ENOSPC) {
					t.Errorf("append: %v", err)
				}
			}
			c := &Courier{Cloud: g.cloud, Tokens: OneToken("shared"), Folder: g.folder, Ledger: l}
			if _, err := c.Run(t.Context()); !errors.Is(err, syscall.ENOSPC) {
				t.Errorf("run: %v", err)
			}
			must(t, l.Close())
			if len(g.cloud.tokens()) != 0 {
				t.Error("a token was spent without a note of it")
			}
			must(t, openLedgerOf(t, path).Close())
		})
	}
}

// TestAFailedFsyncFailsForAll who wait for it: a second one might succeed, although what the first should have written is lost.
func TestAFailedFsyncFailsForAll(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	r := ask(t, g, 1)
	s := &stick.Stick{Path: filepath.Join(g.path, "ledger"), Err: syscall.EIO, Once: true}
	must(t, safedir.Make(s.Path))
	l, err := openLedger(safedir.On(s.Open), nil)
	must(t, err)
	first, err := l.write(recordOf(r, eventIntent, choice{}, start()))
	must(t, err)
	second, err := l.write(recordOf(r, eventVoid, choice{}, start()))
	must(t, err)
	s.FailAt = s.Acts() + 1
	for _, number := range []int{first, second} {
		if err := l.sync(number); !errors.Is(err, syscall.EIO) {
			t.Errorf("record %d: %v", number, err)
		}
	}
	must(t, l.Close())
}

// TestUnfinishedGrantsCanBeSealed to somebody who is not the courier.
func TestUnfinishedGrantsCanBeSealed(t *testing.T) {
	t.Parallel()
	identity, err := age.GenerateX25519Identity()
	must(t, err)
	path := filepath.Join(t.TempDir(), "ledger")
	l, err := OpenLedger(path, grants.SealedTo(identity.Recipient()), grants.OpenedWith(identity))
	must(t, err)
	must(t, l.unfinished.Keep("id", grantOf(1, "")))
	noSecret(t, path, "hunter2", grantOf(1, "").Blob()[:40])
	if grant, err := l.unfinished.Load("id"); err != nil || !grant.Equal(grantOf(1, "")) {
		t.Errorf("%v, %v", grant, err)
	}
	must(t, l.Close())
}
