package offline

import (
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"filippo.io/age"

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

// TestTheEndOfTheLedgerIsTorn cuts the file at every byte of its last record, and fills up with what file systems leave.
func TestTheEndOfTheLedgerIsTorn(t *testing.T) {
	t.Parallel()
	path, text := written(t)
	file := filepath.Join(path, ledgerFile)
	whole := strings.LastIndex(strings.TrimSuffix(text, "\n"), "\n") + 1
	for cut := whole; cut < len(text); cut++ {
		fillings := []string{"", strings.Repeat("\x00", 10), "\x00\n" + text}
		if cut == whole {
			fillings = append(fillings, strings.Repeat("\x00", 2*maxRecord))
		}
		for _, filling := range fillings {
			save(t, file, text[:cut]+filling)
			l, err := OpenLedger(path)
			if err != nil {
				t.Fatalf("cut at %d, %d bytes behind: %v", cut, len(filling), err)
			}
			if len(l.index) != 2 {
				t.Errorf("cut at %d: %d requests", cut, len(l.index))
			}
			must(t, l.Close())
			if load(t, file) != text[:whole] {
				t.Errorf("cut at %d: the torn end is still there", cut)
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
	check := chain{}.next([]byte(text))
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

// TestRecordsShareAnFsync counts them.
func TestRecordsShareAnFsync(t *testing.T) {
	t.Parallel()
	g := newGap(t)
	r := ask(t, g, 1)
	path := filepath.Join(g.path, "ledger")
	must(t, safedir.Make(path))
	s := &stick.Stick{Path: path}
	l, err := openLedger(safedir.On(s.Open), nil)
	must(t, err)
	before := s.Acts()
	var writers sync.WaitGroup
	held, busy := make(chan struct{}), make(chan struct{})
	writers.Go(func() {
		noneYet := func() (int, error) {
			close(held)
			return 0, nil
		}
		if err := l.syncing.UpTo(1, noneYet, func() error { <-busy; return nil }); err != nil {
			t.Error(err)
		}
	})
	<-held // the disk is busy
	const n = 50
	for range n {
		writers.Go(func() {
			if err := l.append(recordOf(r, eventVoid, choice{}, start())); err != nil {
				t.Error(err)
			}
		})
	}
	for written := 0; written < n; {
		l.mu.Lock()
		written = l.written
		l.mu.Unlock()
	}
	close(busy)
	writers.Wait()
	if acts := s.Acts() - before; acts != n+1 {
		t.Errorf("%d acts for %d records", acts, n)
	}
	must(t, l.Close())
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
	l, err := OpenLedger(path, SealedTo(identity.Recipient()), OpenedWith(identity))
	must(t, err)
	must(t, l.unfinished.Keep("id", grantOf(1, "")))
	noSecret(t, path, "hunter2", grantOf(1, "").Blob()[:40])
	if grant, err := l.unfinished.Load("id"); err != nil || !grant.Equal(grantOf(1, "")) {
		t.Errorf("%v, %v", grant, err)
	}
	must(t, l.Close())
}
