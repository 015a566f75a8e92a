package linelog_test

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/rcreg/registration/internal/linelog"
	"github.com/rcreg/registration/internal/safedir"
	"github.com/rcreg/registration/internal/safedir/stick"
)

// onAStick opens a log in a folder whose acts are counted and fail.
func onAStick(t *testing.T) (*linelog.Log, *stick.Stick) {
	t.Helper()
	s := &stick.Stick{Path: t.TempDir(), Err: syscall.ENOSPC, Once: true}
	log, err := linelog.OpenIn(safedir.On(s.Open), "log", format(false), ignore)
	must(t, err)
	t.Cleanup(func() { _ = log.Close() })
	return log, s
}

// TestAppendReturnsAfterTheFsync: what Append said lasts does so after a power cut. A write and an fsync that fails fail it, now and from then on.
func TestAppendReturnsAfterTheFsync(t *testing.T) {
	t.Parallel()
	for act, name := range []string{"write", "fsync"} {
		log, s := onAStick(t)
		before := s.Acts()
		_, err := log.Append([]byte(`{"n":1}`))
		must(t, err)
		if acts := s.Acts() - before; acts != 2 {
			t.Errorf("a record took %d acts, want a write and an fsync", acts)
		}
		s.FailAt = s.Acts() + int64(act) + 1
		for range 2 { // there is room again the second time, but nobody knows what the file ends with
			if _, err := log.Append([]byte(`{"n":2}`)); !errors.Is(err, syscall.ENOSPC) {
				t.Errorf("the %s fails, and Append says %v", name, err)
			}
		}
	}
}

// TestAFailedFsyncFailsForAll who wait for it: a second one might succeed, although what the first should have written is lost.
func TestAFailedFsyncFailsForAll(t *testing.T) {
	t.Parallel()
	log, s := onAStick(t)
	first, _, err := log.Write([]byte(`{"n":1}`))
	must(t, err)
	second, _, err := log.Write([]byte(`{"n":2}`))
	must(t, err)
	s.FailAt = s.Acts() + 1
	for _, number := range []int{first, second} {
		if err := log.Sync(number); !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("record %d: %v", number, err)
		}
	}
}

// TestRecordsShareAnFsync counts them.
func TestRecordsShareAnFsync(t *testing.T) {
	t.Parallel()
	log, s := onAStick(t)
	if s.Acts() != 2 {
		t.Errorf("a new log took %d acts, want its making and an fsync of its folder", s.Acts())
	}
	const n = 50
	before := s.Acts()
	numbers := make([]int, 0, n)
	for range n {
		number, _, err := log.Write([]byte(`{"n":1}`))
		must(t, err)
		numbers = append(numbers, number)
	}
	for _, number := range numbers {
		must(t, log.Sync(number))
	}
	if acts := s.Acts() - before; acts != n+1 {
		t.Errorf("%d acts for %d records", acts, n)
	}
}

// TestTheTornEndIsPutAsideFirst: when that fails, the file stays as it was. It lasts before anything is cut off: a file is made, written and synced, and its
// folder; only then comes the cut, and its fsync.
func TestTheTornEndIsPutAsideFirst(t *testing.T) {
	t.Parallel()
	const looks, aside, cut = int64(1), int64(4), int64(2) // acts: it is made unless it is there
	text := written(t, format(false), `{"n":1}`) + `{"n`
	for act := int64(1); ; act++ {
		s := &stick.Stick{Path: t.TempDir(), FailAt: act, Err: syscall.ENOSPC}
		path := filepath.Join(s.Path, "log")
		must(t, os.WriteFile(path, []byte(text), 0o600))
		log, err := linelog.OpenIn(safedir.On(s.Open), "log", format(false), ignore)
		if err == nil {
			must(t, log.Close())
			if want := looks + aside + cut; act-1 != want {
				t.Errorf("it took %d acts, want %d", act-1, want)
			}
			break
		}
		if act <= looks+aside && load(t, path) != text {
			t.Errorf("act %d fails (%v), and something is cut off", act, err)
		}
		torn, _ := os.ReadFile(path + ".torn-1")
		if load(t, path) != text && string(torn) != `{"n` {
			t.Errorf("act %d fails (%v): there is %q, and %q was put aside", act, err, load(t, path), torn)
		}
	}
}
