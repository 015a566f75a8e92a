package watch

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/fleet"
)

func aRecord() record {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	return record{
		Seen: Seen{Workspace: "alpha", URL: "https://alpha.example.com", Version: "9.0.0", State: "registered", Looked: at, Answered: at, Troubles: []Trouble{{Name: ReadOnly, Since: at}}},
		Told: map[Name]time.Time{ReadOnly: at}, Failed: &failed{Kind: "timeout", Times: 2, Temporary: true},
	}
}

// TestNewsOfAFreshLook: what a process before has kept is no news until it was looked at again, since it may have mended meanwhile.
func TestNewsOfAFreshLook(t *testing.T) {
	t.Parallel()
	r := aRecord()
	r.Told = nil
	if events := r.news(r.Looked); len(events) != 0 {
		t.Errorf("before a look: %v", events)
	}
	r.fresh = true
	if events := r.news(r.Looked); len(events) != 1 || events[0].Name != ReadOnly {
		t.Errorf("after it: %v", events)
	}
}

// TestMemory: what was kept is known again, for the same workspace alone, and one process works with it at a time.
func TestMemory(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "watch.json")
	m, err := OpenMemory(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := OpenMemory(path); !errors.Is(err, failure.Locked) {
		t.Errorf("a second one: %v", err)
	}
	if err := m.keep([]record{aRecord()}); err != nil {
		t.Fatal(err)
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	m, err = OpenMemory(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = m.Close() }()
	got := m.of(fleet.Workspace{Name: "alpha", URL: "https://alpha.example.com"})
	if got.Version != "9.0.0" || !got.Told[ReadOnly].Equal(aRecord().Looked) || got.Failed == nil || got.Failed.Times != 2 || got.fresh {
		t.Errorf("%+v", got)
	}
	if other := m.of(fleet.Workspace{Name: "alpha", URL: "https://beta.example.com"}); other.Version != "" || other.Told != nil {
		t.Errorf("another address: %+v", other)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

// TestDamagedMemories: a file that is damaged, foreign, newer, too large or no file is refused, and left as it is.
func TestDamagedMemories(t *testing.T) {
	t.Parallel()
	good, err := formatMemory([]record{aRecord()})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"empty":   "",
		"cut":     string(good[:len(good)/2]),
		"zeros":   string(good) + "\x00\x00",
		"edited":  strings.Replace(string(good), "9.0.0", "9.0.1", 1),
		"foreign": `{"name":"mine"}`,
		"text":    "a token",
		"newer":   `{"format":"rcreg-watch","version":2,"workspaces":{},"sha256":""}`,
		"types":   `{"format":"rcreg-watch","version":1,"workspaces":7,"sha256":"7902699be42c8a8e46fbbb4501726517e86b22c56a189f7625a6da49081b2451"}`,
	} {
		path := filepath.Join(t.TempDir(), "watch.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if m, err := OpenMemory(path); failure.KindOf(err) != failure.InvalidInput || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", name, err)
			_ = m.Close()
		}
		if after, err := os.ReadFile(path); err != nil || string(after) != text {
			t.Errorf("%s was changed: %q, %v", name, after, err)
		}
		if names, err := os.ReadDir(filepath.Dir(path)); err != nil || len(names) != 1 {
			t.Errorf("%s: something was made beside it: %v, %v", name, names, err)
		}
	}
	huge := filepath.Join(t.TempDir(), "watch.json")
	if err := os.WriteFile(huge, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(huge, maxMemory+1); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenMemory(huge); !errors.Is(err, failure.TooLarge) {
		t.Errorf("a huge one: %v", err)
	}
	for _, path := range []string{filepath.Join(t.TempDir(), "none", "watch.json"), filepath.Join(t.TempDir(), "Watch State"), t.TempDir(), ""} {
		if _, err := OpenMemory(path); err == nil {
			t.Errorf("%q is opened", path)
		}
	}
}

// TestEveryByteOfTheMemory: no byte of what is kept changes unnoticed.
func TestEveryByteOfTheMemory(t *testing.T) {
	t.Parallel()
	good, err := formatMemory([]record{aRecord()})
	if err != nil {
		t.Fatal(err)
	}
	begins := strings.Index(string(good), `"workspaces":`) + len(`"workspaces":`)
	for i := begins; i < len(good)-2; i++ {
		changed := append([]byte{}, good...)
		changed[i] ^= 1
		if _, err := parseMemory(changed); err == nil {
			t.Fatalf("byte %d (%q) may be changed", i, good[i])
		}
	}
}

// TestSweptMemory: what a killed process left half written goes, and nothing else does.
func TestSweptMemory(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{".part-OURS": string(memoryBegins) + "half", ".part-THEIRS": "a grant"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	m, err := OpenMemory(filepath.Join(dir, "watch.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = m.Close() }()
	_, ours := os.Stat(filepath.Join(dir, ".part-OURS"))
	_, theirs := os.Stat(filepath.Join(dir, ".part-THEIRS"))
	if !os.IsNotExist(ours) || theirs != nil {
		t.Errorf("%v, %v", ours, theirs)
	}
}

// FuzzMemory: no text crashes the reader, and what it takes is written and read again as it was.
func FuzzMemory(f *testing.F) {
	good, err := formatMemory([]record{aRecord()})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(`{"format":"rcreg-watch","version":1,"workspaces":[{}],"sha256":"x"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		known, err := parseMemory(text)
		if err != nil {
			return
		}
		for _, r := range known {
			again, err := formatMemory([]record{r})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := parseMemory(again); err != nil {
				t.Fatalf("%v: %s", err, again)
			}
			_ = r.judge(time.Now(), time.Hour)
			_ = r.news(time.Now())
		}
	})
}
