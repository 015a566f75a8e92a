package fleet_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rcreg/registration/fleet"
)

func outcomeOf(name string) fleet.Outcome {
	until := someTime()
	return fleet.Outcome{
		Workspace: name, URL: "https://" + name + ".example.com", Operation: "register", Class: fleet.Done, Version: "9.0.0", State: "registered", Changed: true,
		Attempts: 2, Began: someTime(), Took: 3 * time.Second, SupportUntil: &until, Err: errors.New("not kept"),
	}
}

func TestJournalRemembers(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "Register.journal")
	journal := openJournal(t, path, "register")
	if _, err := fleet.OpenJournal(path, "register"); !errors.Is(err, fleet.ErrJournalLocked) {
		t.Errorf("opened twice: %v", err)
	}
	var writers sync.WaitGroup
	for i := range 20 {
		writers.Go(func() {
			name := fmt.Sprintf("w%02d", i)
			if err := journal.Begin(name, 1); err != nil {
				t.Error(err)
			}
			if !journal.InFlight(name) {
				t.Errorf("%s is not in flight", name)
			}
			if i%2 == 0 {
				if err := journal.End(outcomeOf(name)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writers.Wait()
	check := func(journal *fleet.Journal) {
		t.Helper()
		for i := range 20 {
			name := fmt.Sprintf("w%02d", i)
			got, ended := journal.Ended(name)
			if ended != (i%2 == 0) || journal.InFlight(name) == ended {
				t.Errorf("%s: ended %v, in flight %v", name, ended, journal.InFlight(name))
			}
			want := outcomeOf(name)
			if ended && (got.Err != nil || got.SupportUntil == nil || got.Took != want.Took || got.URL != want.URL || !got.Began.Equal(want.Began)) {
				t.Errorf("%+v", got)
			}
		}
	}
	check(journal)
	if err := journal.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := fleet.OpenJournal(path, "sync"); !errors.Is(err, fleet.ErrOtherOperation) || !strings.Contains(err.Error(), `"register", not "sync"`) {
		t.Errorf("the journal of another operation: %v", err)
	}
	journal = openJournal(t, path, "register")
	check(journal)
	if err := journal.Begin("w00", 1); err != nil {
		t.Fatal(err)
	}
	if _, ended := journal.Ended("w00"); ended || !journal.InFlight("w00") {
		t.Error("what was begun again counts as ended")
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
}

const journalHead = `{"journal":1,"operation":"register","started":"2026-03-01T12:00:00Z"}` + "\n"

func TestJournalDamage(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		text string
		line string // of the damage; empty when it is none
	}{
		"nothing":                    {"", ""},
		"half a beginning":           {journalHead[:20], ""},
		"a beginning without an end": {strings.TrimSpace(journalHead), ""},
		"torn":                       {journalHead + `{"began":"alpha","att`, ""},
		"zeros":                      {journalHead + "\x00\x00\x00", ""},
		"torn, and zeros":            {journalHead + `{"began":"al` + "\x00\x00", ""},
		"a line of zeros":            {journalHead + "\x00\x00\x00\n", "line 2"},
		"zeros in the middle":        {journalHead + `{"began":"al` + "\x00" + `ha","attempt":1}` + "\n" + `{"began":"beta","attempt":1}` + "\n", "line 2"},
		"no beginning":               {`{"began":"alpha","attempt":1}` + "\n", "line 1"},
		"a zero in the beginning":    {journalHead[:20] + "\x00" + journalHead[21:], "line 1"},
		"a newer format":             {`{"journal":2,"operation":"register"}` + "\n", "line 1"},
		"a second beginning":         {journalHead + journalHead, "line 2"},
		"a word in the middle":       {journalHead + "word\n" + `{"began":"alpha","attempt":1}` + "\n", "line 2"},
		"two records in a line":      {journalHead + `{"began":"alpha"}{"began":"beta"}` + "\n", "line 2"},
		"neither begun nor ended":    {journalHead + "{}\n", "line 2"},
		"both":                       {journalHead + `{"began":"alpha","ended":"alpha","outcome":{"workspace":"alpha"}}` + "\n", "line 2"},
		"ended without an outcome":   {journalHead + `{"ended":"alpha"}` + "\n", "line 2"},
		"another's outcome":          {journalHead + `{"ended":"alpha","outcome":{"workspace":"beta"}}` + "\n", "line 2"},
		"a token":                    {"PRECIOUS-TOKEN-1", "line 1"},
		"tokens":                     {"token-1\ntoken-2\n", "line 1"},
		"white space":                {" \n\n", "line 1"},
		"zeros alone":                {"\x00\x00", "line 1"},
		"a pool's memory":            {`{"time":"2026-03-01T12:00:00Z","event":"claimed","workspace":"a","token_sha256":"00"}` + "\n", "line 1"},
		"a list":                     {"workspaces:\n  - {name: alpha}\n", "line 1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "journal")
			if err := os.WriteFile(path, []byte(test.text), 0o600); err != nil {
				t.Fatal(err)
			}
			journal, err := fleet.OpenJournal(path, "register")
			if test.line != "" {
				if !errors.Is(err, fleet.ErrJournalDamaged) || !strings.Contains(err.Error(), test.line) || !strings.Contains(err.Error(), path) {
					t.Errorf("%v", err)
				}
				if after, err := os.ReadFile(path); string(after) != test.text || err != nil {
					t.Errorf("the file became %q, %v", after, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(journal.Begin("gamma", 1), journal.Close()); err != nil {
				t.Fatal(err)
			}
			if journal = openJournal(t, path, "register"); !journal.InFlight("gamma") {
				t.Error("what was written behind the torn end is lost")
			}
		})
	}
}

// journalText is what a journal writes.
func journalText(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "journal")
	journal := openJournal(t, path, "register")
	must(t, errors.Join(journal.Begin("alpha", 1), journal.End(outcomeOf("alpha")), journal.Begin("beta", 1), journal.Close()))
	text, err := os.ReadFile(path)
	must(t, err)
	return string(text)
}

// TestEveryByteOfTheJournal is zero once, and has a bit flipped: the journal is refused and stays as it is, or all records are there.
func TestEveryByteOfTheJournal(t *testing.T) {
	t.Parallel()
	text := journalText(t)
	head, _, _ := strings.Cut(text, "\n")
	path := filepath.Join(t.TempDir(), "journal")
	for _, text := range []string{text, head + "\n"} {
		for at := range text {
			for _, mask := range []byte{text[at], 1 << (at % 8)} {
				damaged := []byte(text)
				damaged[at] ^= mask
				must(t, os.WriteFile(path, damaged, 0o600))
				want := string(damaged)
				journal, err := fleet.OpenJournal(path, "register")
				switch {
				case err == nil:
					want = text
					must(t, journal.Close())
				case !errors.Is(err, fleet.ErrJournalDamaged) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "line "):
					t.Errorf("byte %d, changed by %#x: %v", at, mask, err)
				}
				if after, err := os.ReadFile(path); string(after) != want || err != nil {
					t.Errorf("byte %d, changed by %#x: the file became %q, %v", at, mask, after, err)
				}
			}
		}
	}
}

// TestOldJournal has no checks: it is read, and gone on with.
func TestOldJournal(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal")
	must(t, os.WriteFile(path, []byte(withoutChecks(journalText(t))), 0o600))
	journal := openJournal(t, path, "register")
	if _, ended := journal.Ended("alpha"); !ended || !journal.InFlight("beta") {
		t.Error("what an old journal says is not known")
	}
	must(t, errors.Join(journal.End(outcomeOf("beta")), journal.Close()))
	journal = openJournal(t, path, "register")
	for _, name := range []string{"alpha", "beta"} {
		if _, ended := journal.Ended(name); !ended {
			t.Errorf("what came of %s is not known", name)
		}
	}
}

// FuzzOpenJournal opens any file: it is refused, or can be gone on with.
func FuzzOpenJournal(f *testing.F) {
	f.Add([]byte(journalHead + `{"began":"alpha","attempt":1}` + "\n" + `{"ended":"alpha","outcome":{"workspace":"alpha","class":"done"}}` + "\n"))
	f.Add([]byte(journalHead + `{"began":"al`))
	f.Fuzz(func(t *testing.T, text []byte) {
		path := filepath.Join(t.TempDir(), "journal")
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		journal, err := fleet.OpenJournal(path, "register")
		if err != nil {
			if after, err := os.ReadFile(path); string(after) != string(text) || err != nil {
				t.Errorf("it was refused, and became %q, %v", after, err)
			}
			return
		}
		_, _ = journal.Ended("alpha")
		if err := errors.Join(journal.End(outcomeOf("alpha")), journal.Close()); err != nil {
			t.Fatal(err)
		}
		journal = openJournal(t, path, "register")
		if outcome, ok := journal.Ended("alpha"); !ok || outcome.State != "registered" {
			t.Errorf("%v, %+v", ok, outcome)
		}
	})
}
