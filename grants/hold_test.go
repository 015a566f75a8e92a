package grants

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"filippo.io/age"

	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/safedir"
	"github.com/rcreg/registration/internal/safedir/stick"
)

func TestHold(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store")
	s, err := Open(path)
	must(t, err)
	other, err := Open(path)
	must(t, err)
	release, err := s.Hold("unique-1")
	must(t, err)
	for name, holder := range map[string]*Store{"itself": s, "another": other} {
		if _, err := holder.Hold("unique-1"); !errors.Is(err, ErrLocked) {
			t.Errorf("%s: %v", name, err)
		}
	}
	elsewhere, err := other.Hold("unique-2")
	must(t, err)
	must(t, s.Keep("unique-1", grantOf(1, ""))) // who holds may work
	must(t, errors.Join(release(), elsewhere()))
	again, err := other.Hold("unique-1")
	must(t, err)
	must(t, again())
	must(t, os.RemoveAll(path))
	if _, err := s.Hold("unique-1"); !errors.Is(err, ErrFolderMissing) {
		t.Errorf("the folder is away: %v", err)
	}
}

// TestLoadWithoutTheFolder must not say that nothing is kept: a token would be spent.
func TestLoadWithoutTheFolder(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store")
	s, err := Open(path)
	must(t, err)
	must(t, s.Keep("unique-1", grantOf(1, "")))
	must(t, os.Rename(path, path+"-away"))
	if grant, err := s.Load("unique-1"); !errors.Is(err, ErrFolderMissing) || errors.Is(err, ErrNothingKept) {
		t.Errorf("loaded %v, %v", grant, err)
	}
	if err := s.Discard("unique-1"); !errors.Is(err, ErrFolderMissing) || strings.Contains(err.Error(), "\n") {
		t.Errorf("discarded: %v", err) // it says so once
	}
}

var errNobody = errors.New("nobody can open it")

// nobody is a recipient of another program, such as a plug-in, that does not work.
type nobody struct{}

func (nobody) Wrap([]byte) ([]*age.Stanza, error) { return nil, errNobody }

// TestSealedToNobody keeps nothing, and says so.
func TestSealedToNobody(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store")
	s, err := Open(path, SealedTo(nobody{}))
	must(t, err)
	if err := s.Keep("unique-1", grantOf(1, "")); !errors.Is(err, errNobody) {
		t.Errorf("kept: %v", err)
	}
	if files := stick.Files(t, path); len(files) != 0 {
		t.Errorf("left are %v", files)
	}
}

func TestReady(t *testing.T) {
	t.Parallel()
	identity, err := age.GenerateX25519Identity()
	must(t, err)
	other, err := age.GenerateX25519Identity()
	must(t, err)
	for name, tt := range map[string]struct {
		options []Option
		spoil   func(path string) error
		want    error
	}{
		"in clear":          {nil, nil, nil},
		"sealed":            {[]Option{SealedTo(identity.Recipient()), OpenedWith(other, identity)}, nil, nil},
		"sealed, no key":    {[]Option{SealedTo(identity.Recipient())}, nil, ErrCannotOpen},
		"sealed, wrong key": {[]Option{SealedTo(identity.Recipient()), OpenedWith(other)}, nil, ErrCannotOpen},
		"gone":              {nil, os.Remove, ErrFolderMissing},
		"open to others":    {nil, func(path string) error { return os.Chmod(path, 0o750) }, ErrReadableByOthers},
		"no place to write": {nil, func(path string) error { return os.Mkdir(filepath.Join(path, "room"), 0o700) }, failure.NotRegular},
		"sealed, no place": {
			[]Option{SealedTo(identity.Recipient()), OpenedWith(identity)}, func(path string) error { return os.Mkdir(filepath.Join(path, "room"), 0o700) }, failure.NotRegular,
		},
		"sealed to nobody":   {[]Option{SealedTo(nobody{})}, nil, errNobody},
		"left by a dead run": {nil, func(path string) error { return os.WriteFile(filepath.Join(path, "room"), nil, 0o600) }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "store")
			s, err := Open(path, tt.options...)
			must(t, err)
			if tt.spoil != nil {
				must(t, tt.spoil(path))
			}
			if err := s.Ready(); !errors.Is(err, tt.want) {
				t.Errorf("ready: %v, want %v", err, tt.want)
			}
			if tt.want != nil {
				return
			}
			if files := stick.Files(t, path); len(files) != 0 {
				t.Errorf("left are %v", files)
			}
		})
	}
}

// TestReadyOnAFullDisk fails before a token is spent, and leaves nothing that fills the disk further.
func TestReadyOnAFullDisk(t *testing.T) {
	t.Parallel()
	stick.EachAct(t, func(at int64) bool {
		path := t.TempDir()
		must(t, os.Chmod(path, 0o700))
		s := &stick.Stick{Path: path, FailAt: at, Err: syscall.ENOSPC, Once: true}
		err := In(safedir.On(s.Open), grantsFolder).Ready()
		if err != nil && !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("act %d: %v", at, err)
		}
		return err == nil
	})
}

func TestSameFolder(t *testing.T) {
	t.Parallel()
	parent := t.TempDir()
	open := func(name string) *Store {
		s, err := Open(filepath.Join(parent, name))
		must(t, err)
		return s
	}
	one, again, other := open("one"), open("one"), open("other")
	must(t, os.Symlink("one", filepath.Join(parent, "link")))
	for name, tt := range map[string]struct {
		a, b *Store
		want bool
	}{
		"itself": {one, one, true}, "opened twice": {one, again, true}, "by a link": {open("link"), one, true}, "another": {one, other, false},
		"none": {one, nil, false}, "none of its own": {nil, one, false}, "neither": {nil, nil, false},
	} {
		if got := tt.a.SameFolder(tt.b); got != tt.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
