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
		"nothing":                  {"", ""},
		"half a beginning":         {journalHead[:20], ""},
		"torn":                     {journalHead + `{"began":"alpha","att`, ""},
		"zeros":                    {journalHead + "\x00\x00\x00\n", ""},
		"no beginning":             {`{"began":"alpha","attempt":1}` + "\n", "line 1"},
		"a newer format":           {`{"journal":2,"operation":"register"}` + "\n", "line 1"},
		"a second beginning":       {journalHead + journalHead, "line 2"},
		"a word in the middle":     {journalHead + "word\n" + `{"began":"alpha","attempt":1}` + "\n", "line 2"},
		"two records in a line":    {journalHead + `{"began":"alpha"}{"began":"beta"}` + "\n", "line 2"},
		"neither begun nor ended":  {journalHead + "{}\n", "line 2"},
		"both":                     {journalHead + `{"began":"alpha","ended":"alpha","outcome":{"workspace":"alpha"}}` + "\n", "line 2"},
		"ended without an outcome": {journalHead + `{"ended":"alpha"}` + "\n", "line 2"},
		"another's outcome":        {journalHead + `{"ended":"alpha","outcome":{"workspace":"beta"}}` + "\n", "line 2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "journal")
			if err := os.WriteFile(path, []byte(test.text), 0o600); err != nil {
				t.Fatal(err)
			}
			journal, err := fleet.OpenJournal(path, "register")
			if test.line != "" {
				if !errors.Is(err, fleet.ErrJournalDamaged) || !strings.Contains(err.Error(), test.line) {
					t.Errorf("%v", err)
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
