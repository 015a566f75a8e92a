package offline

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"filippo.io/age"

	"github.com/rcreg/registration/internal/safedir"
	"github.com/rcreg/registration/internal/safedir/stick"
)

func TestVault(t *testing.T) {
	t.Parallel()
	identity, err := age.GenerateX25519Identity()
	must(t, err)
	for name, options := range map[string][]VaultOption{"in clear": nil, "sealed": {SealedTo(identity.Recipient()), OpenedWith(identity)}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "vault")
			v, err := OpenVault(path, options...)
			must(t, err)
			id := "../../a unique id that nobody checked"
			if _, err := v.Load(id); !errors.Is(err, ErrNothingKept) {
				t.Errorf("nothing is kept: %v", err)
			}
			must(t, v.Keep(id, grantOf(1, firstLicense)))
			must(t, v.Keep(id, grantOf(1, ""))) // an incomplete one replaces it
			if has, err := v.Has(id); err != nil || !has {
				t.Errorf("has %t, %v", has, err)
			}
			if has, err := v.Has("another"); err != nil || has {
				t.Errorf("has another's: %t, %v", has, err)
			}
			if grant, err := v.Load(id); err != nil || !grant.Equal(grantOf(1, "")) {
				t.Errorf("loaded %v, %v", grant, err)
			}
			if options != nil {
				noSecret(t, path, grantOf(1, "").Blob()[:40])
			}
			for range 2 {
				must(t, v.Discard(id))
			}
			if files := FilesOf(t, path); len(files) != 0 {
				t.Errorf("left are %v", files)
			}
		})
	}
}

func TestVaultRefuses(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "vault")
	v, err := OpenVault(path)
	must(t, err)
	must(t, v.Keep("unique-1", grantOf(1, "")))
	file := filepath.Join(path, v.file("unique-1"))
	good := load(t, file)
	for name, tt := range map[string]struct {
		text string
		want error
	}{
		"cut off":       {good[:len(good)-5], ErrTruncated},
		"edited":        {strings.Replace(good, "unique-1", "unique-2", 1), ErrEdited},
		"newer":         {strings.Replace(good, `"version": 1`, `"version": 2`, 1), ErrNewerFormat},
		"another's":     {documentOf(`{"owner":"unique-2","blob":"e30"}`), ErrOtherWorkspace},
		"no grant":      {documentOf(`{"owner":"unique-1","blob":"e30"}`), ErrUnusable},
		"sealed":        {documentOf(`{"owner":"unique-1","sealed":"x"}`), ErrCannotOpen},
		"far too large": {strings.Repeat(" ", 4*maxDocument), ErrTooLarge},
	} {
		save(t, file, tt.text)
		if grant, err := v.Load("unique-1"); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, %v", name, grant, err)
		}
	}
	save(t, file, good)
	must(t, os.Chmod(file, 0o644))
	if _, err := v.Load("unique-1"); !errors.Is(err, ErrReadableByOthers) {
		t.Errorf("open to others: %v", err)
	}
	must(t, os.Chmod(path, 0o711))
	if _, err := OpenVault(path); !errors.Is(err, ErrReadableByOthers) {
		t.Errorf("a folder open to others: %v", err)
	}
}

// TestSealedToSomebodyElse keeps a grant that this machine cannot read.
func TestSealedToSomebodyElse(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "vault")
	identity, err := age.GenerateX25519Identity()
	must(t, err)
	other, err := age.GenerateX25519Identity()
	must(t, err)
	v, err := OpenVault(path, SealedTo(identity.Recipient()))
	must(t, err)
	must(t, v.Keep("unique-1", grantOf(1, "")))
	for name, options := range map[string][]VaultOption{"no key": nil, "another key": {OpenedWith(other)}} {
		blind, err := OpenVault(path, options...)
		must(t, err)
		if _, err := blind.Load("unique-1"); !errors.Is(err, ErrCannotOpen) {
			t.Errorf("%s: %v", name, err)
		}
	}
	open, err := OpenVault(path, OpenedWith(other, identity))
	must(t, err)
	if grant, err := open.Load("unique-1"); err != nil || !grant.Equal(grantOf(1, "")) {
		t.Errorf("with the key: %v, %v", grant, err)
	}
}

// TestKeepFailsHalfWay never loses the grant that was kept before.
func TestKeepFailsHalfWay(t *testing.T) {
	t.Parallel()
	eachAct(t, func(at int64) bool {
		path := filepath.Join(t.TempDir(), "vault")
		v, err := OpenVault(path)
		must(t, err)
		must(t, v.Keep("unique-1", grantOf(1, "")))
		s := &stick.Stick{Path: path, FailAt: at, Err: syscall.ENOSPC}
		err = newVault(safedir.On(s.Open), "grants", nil).Keep("unique-1", grantOf(1, firstLicense))
		grant, loadErr := v.Load("unique-1")
		if loadErr != nil || err == nil && !grant.Equal(grantOf(1, firstLicense)) {
			t.Errorf("act %d: %v, %v", at, grant, loadErr)
		}
		return err == nil
	})
}
