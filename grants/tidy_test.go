package grants

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/internal/document"
	"github.com/rcreg/registration/internal/safedir/stick"
)

// TestGrantUnderATemporaryName is used like any other once its owner asks for it, however old it is.
func TestGrantUnderATemporaryName(t *testing.T) {
	t.Parallel()
	identity, err := age.GenerateX25519Identity()
	must(t, err)
	other, err := age.GenerateX25519Identity()
	must(t, err)
	for name, tt := range map[string]struct {
		keep, load []Option
		age        time.Duration
		want       error
	}{
		"new":         {nil, nil, 0, nil},
		"old":         {nil, nil, 9 * document.Writing, nil},
		"sealed":      {[]Option{SealedTo(identity.Recipient())}, []Option{OpenedWith(identity)}, 9 * document.Writing, nil},
		"another key": {[]Option{SealedTo(identity.Recipient())}, []Option{OpenedWith(other)}, 9 * document.Writing, ErrCannotOpen},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "store")
			s, err := Open(path, tt.keep...)
			must(t, err)
			must(t, s.Keep("unique-1", grantOf(1, firstLicense)))
			stick.LeavePart(t, path, s.file("unique-1"), "LEFT", tt.age)
			s, err = Open(path, tt.load...)
			must(t, err)
			if _, err := s.Load("unique-2"); !errors.Is(err, ErrNothingKept) {
				t.Errorf("another's: %v", err)
			}
			if has, err := s.Has("unique-2"); err != nil || has {
				t.Errorf("has another's: %t, %v", has, err)
			}
			if has, err := s.Has("unique-1"); err != nil || !has {
				t.Errorf("has: %t, %v", has, err)
			}
			grant, err := s.Load("unique-1")
			if !errors.Is(err, tt.want) || err == nil && !grant.Equal(grantOf(1, firstLicense)) {
				t.Errorf("%v, %v", grant, err)
			}
			if _, err := os.Stat(filepath.Join(path, s.file("unique-1"))); err != nil {
				t.Errorf("it has not got its name: %v", err)
			}
			must(t, s.Discard("unique-1"))
			if files := stick.Files(t, path); len(files) != 0 {
				t.Errorf("left are %v", files)
			}
		})
	}
}

// TestPartsOfAStore: what is kept under its name wins, and no grant of another registration is destroyed.
func TestPartsOfAStore(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store")
	s, err := Open(path)
	must(t, err)
	leave := func(n int, license, part string, age time.Duration) {
		must(t, s.Keep("unique-1", grantOf(n, license)))
		stick.LeavePart(t, path, s.file("unique-1"), part, age)
	}
	leave(1, firstLicense, "SAME", 2*document.Writing)
	leave(1, "", "SAME-NEW", 0)
	leave(2, "", "OTHER", 2*document.Writing)
	must(t, s.Keep("unique-1", grantOf(1, "")))
	save(t, filepath.Join(path, grantsFolder, ".part-TORN"), `{"format": "rcreg-ex`)
	must(t, os.Chtimes(filepath.Join(path, grantsFolder, ".part-TORN"), time.Time{}, time.Now().Add(-2*document.Writing)))
	newer := strings.Replace(documentOf(t, keptGrant{Owner: "unique-1"}), `"version": 1`, `"version": 2`, 1)
	save(t, filepath.Join(path, grantsFolder, ".part-NEWER"), newer)
	must(t, os.Chtimes(filepath.Join(path, grantsFolder, ".part-NEWER"), time.Time{}, time.Now().Add(-2*document.Writing)))

	s, err = Open(path)
	must(t, err)
	stick.ExpectParts(t, path, "NEWER", "OTHER", "SAME-NEW") // the rest is half written, or kept under its name
	if grant, err := s.Load("unique-1"); err != nil || !grant.Equal(grantOf(1, "")) {
		t.Errorf("loaded %v, %v", grant, err)
	}
	must(t, s.Discard("unique-1"))
	stick.ExpectParts(t, path, "NEWER", "OTHER")
	if grant, err := s.Load("unique-1"); err != nil || !grant.Equal(grantOf(2, "")) {
		t.Errorf("loaded %v, %v", grant, err)
	}
	must(t, s.Discard("unique-1"))
	if _, err := s.Load("unique-1"); !errors.Is(err, ErrNothingKept) {
		t.Errorf("in the end: %v", err)
	}
}

// TestOpenSweeps what killed processes have left half written: it may hold secrets.
func TestOpenSweeps(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store")
	for _, folder := range []string{".", grantsFolder, triesFolder} {
		left := filepath.Join(path, folder, ".part-left")
		save(t, left, "secret")
		must(t, os.Chtimes(left, time.Time{}, time.Now().Add(-2*document.Writing)))
	}
	_, err := Open(path)
	must(t, err)
	if files := stick.Files(t, path); len(files) != 0 {
		t.Errorf("left are %v", files)
	}
}

// TestTidy discards the grants of those that are done, also one that never got its name or that is damaged, and no other.
func TestTidy(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store")
	s, err := Open(path)
	must(t, err)
	for _, id := range []string{"named", "nameless", "damaged", "another"} {
		must(t, s.Keep(id, grantOf(1, "")))
	}
	stick.LeavePart(t, path, s.file("nameless"), "LEFT", 0)
	save(t, filepath.Join(path, s.file("damaged")), "{")
	s.Tidy("named", "nameless", "damaged", "never kept")
	if files := stick.Files(t, path); !slices.Equal(files, []string{s.file("another")}) {
		t.Errorf("left are %v", files)
	}
	if _, err := s.Load("another"); err != nil {
		t.Errorf("another's: %v", err)
	}
}

// TestPartsThatCannotBeRead stay, beside a grant under its name that cannot be read either: whoever has the key may need them.
func TestPartsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store")
	identity, err := age.GenerateX25519Identity()
	must(t, err)
	s, err := Open(path, SealedTo(identity.Recipient()))
	must(t, err)
	must(t, s.Keep("unique-1", grantOf(1, "")))
	stick.LeavePart(t, path, s.file("unique-1"), "SEALED", 2*document.Writing)
	must(t, s.Keep("unique-1", grantOf(1, "")))
	s, err = Open(path)
	must(t, err)
	stick.ExpectParts(t, path, "SEALED")
	must(t, s.Discard("unique-1"))
	stick.ExpectParts(t, path, "SEALED")
}

// TestPartOfNoOwner: a file that is cut off is no one's.
func TestPartOfNoOwner(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store")
	s, err := Open(path)
	must(t, err)
	save(t, filepath.Join(path, grantsFolder, ".part-TORN"), `{"format": "rcreg-ex`)
	if has, err := s.Has(""); has || err != nil {
		t.Errorf("has %t, %v", has, err)
	}
}

func TestIsSameRegistration(t *testing.T) {
	t.Parallel()
	grant := func(workspace, client, secret string) cloud.Grant {
		parsed, err := cloud.ParseGrant([]byte(`{"workspaceId":"` + workspace + `","client_id":"` + client + `","client_secret":"` + secret + `"}`))
		must(t, err)
		return parsed
	}
	for name, tt := range map[string]struct {
		a, b cloud.Grant
		want bool
	}{
		"a renewed secret":       {grant("ws-1", "client-1", "a"), grant("ws-1", "client-1", "b"), true},
		"another workspace":      {grant("ws-1", "client-1", "a"), grant("ws-2", "client-1", "a"), false},
		"another client":         {grant("ws-1", "client-1", "a"), grant("ws-1", "client-2", "a"), false},
		"the same, without name": {grant("", "client-1", "a"), grant("", "client-1", "a"), true},
		"others, without name":   {grant("", "client-1", "a"), grant("", "client-1", "b"), false},
	} {
		if got := isSameRegistration(tt.a, tt.b); got != tt.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
