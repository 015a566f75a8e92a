package grants

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"filippo.io/age"

	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/document"
	"github.com/rcreg/registration/internal/safedir"
	"github.com/rcreg/registration/internal/safedir/stick"
)

func TestStore(t *testing.T) {
	t.Parallel()
	identity, err := age.GenerateX25519Identity()
	must(t, err)
	for name, options := range map[string][]Option{"in clear": {nil}, "sealed": {SealedTo(identity.Recipient()), OpenedWith(identity)}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "store")
			s, err := Open(path, options...)
			must(t, err)
			id := "../../a unique id that nobody checked"
			if _, err := s.Load(id); !errors.Is(err, ErrNothingKept) {
				t.Errorf("nothing is kept: %v", err)
			}
			must(t, s.Keep(id, grantOf(1, firstLicense)))
			must(t, s.Keep(id, grantOf(1, ""))) // an incomplete one replaces it
			if has, err := s.Has(id); err != nil || !has {
				t.Errorf("has %t, %v", has, err)
			}
			if has, err := s.Has("another"); err != nil || has {
				t.Errorf("has another's: %t, %v", has, err)
			}
			if grant, err := s.Load(id); err != nil || !grant.Equal(grantOf(1, "")) {
				t.Errorf("loaded %v, %v", grant, err)
			}
			if name == "sealed" {
				for _, file := range stick.Files(t, path) {
					if strings.Contains(load(t, filepath.Join(path, file)), grantOf(1, "").Blob()[:40]) {
						t.Errorf("%s holds the grant", file)
					}
				}
			}
			for range 2 {
				must(t, s.Discard(id))
			}
			if files := stick.Files(t, path); len(files) != 0 {
				t.Errorf("left are %v", files)
			}
		})
	}
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store")
	s, err := Open(path)
	must(t, err)
	must(t, s.Keep("unique-1", grantOf(1, "")))
	file := filepath.Join(path, s.file("unique-1"))
	good := load(t, file)
	for name, tt := range map[string]struct {
		text string
		want error
	}{
		"cut off":       {good[:len(good)-5], failure.Truncated},
		"edited":        {strings.Replace(good, "unique-1", "unique-2", 1), failure.Edited},
		"newer":         {strings.Replace(good, `"version": 1`, `"version": 2`, 1), failure.NewerFormat},
		"another's":     {documentOf(t, keptGrant{Owner: "unique-2", Blob: "e30"}), ErrOtherWorkspace},
		"no grant":      {documentOf(t, keptGrant{Owner: "unique-1", Blob: "e30"}), ErrUnusable},
		"sealed":        {documentOf(t, keptGrant{Owner: "unique-1", Sealed: "x"}), ErrCannotOpen},
		"far too large": {strings.Repeat(" ", 4*document.MaxSize), failure.TooLarge},
	} {
		save(t, file, tt.text)
		if grant, err := s.Load("unique-1"); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, %v", name, grant, err)
		}
	}
	save(t, file, good)
	must(t, os.Chmod(file, 0o644))
	if _, err := s.Load("unique-1"); !errors.Is(err, ErrReadableByOthers) {
		t.Errorf("open to others: %v", err)
	}
	must(t, os.Chmod(path, 0o711))
	if _, err := Open(path); !errors.Is(err, ErrReadableByOthers) {
		t.Errorf("a folder open to others: %v", err)
	}
}

// TestSealedToSomebodyElse keeps a grant that this machine cannot read.
func TestSealedToSomebodyElse(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store")
	identity, err := age.GenerateX25519Identity()
	must(t, err)
	other, err := age.GenerateX25519Identity()
	must(t, err)
	s, err := Open(path, SealedTo(identity.Recipient()))
	must(t, err)
	must(t, s.Keep("unique-1", grantOf(1, "")))
	for name, options := range map[string][]Option{"no key": nil, "another key": {OpenedWith(other)}} {
		blind, err := Open(path, options...)
		must(t, err)
		if _, err := blind.Load("unique-1"); !errors.Is(err, ErrCannotOpen) {
			t.Errorf("%s: %v", name, err)
		}
	}
	open, err := Open(path, OpenedWith(other, identity))
	must(t, err)
	if grant, err := open.Load("unique-1"); err != nil || !grant.Equal(grantOf(1, "")) {
		t.Errorf("with the key: %v, %v", grant, err)
	}
}

// TestKeepFailsHalfWay never loses the grant that was kept before.
func TestKeepFailsHalfWay(t *testing.T) {
	t.Parallel()
	stick.EachAct(t, func(at int64) bool {
		path := filepath.Join(t.TempDir(), "store")
		s, err := Open(path)
		must(t, err)
		must(t, s.Keep("unique-1", grantOf(1, "")))
		full := &stick.Stick{Path: path, FailAt: at, Err: syscall.ENOSPC}
		err = In(safedir.On(full.Open), grantsFolder).Keep("unique-1", grantOf(1, firstLicense))
		grant, loadErr := s.Load("unique-1")
		if loadErr != nil || err == nil && !grant.Equal(grantOf(1, firstLicense)) {
			t.Errorf("act %d: %v, %v", at, grant, loadErr)
		}
		return err == nil
	})
}

// TestOpenWithoutAFolderAbove makes none: it may be on a disk that is away.
func TestOpenWithoutAFolderAbove(t *testing.T) {
	t.Parallel()
	if _, err := Open(filepath.Join(t.TempDir(), "a", "b")); !errors.Is(err, fs.ErrNotExist) || errors.Is(err, ErrFolderMissing) { // it never was there
		t.Errorf("%v", err)
	}
}
