package linelog_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/rcreg/registration/internal/linelog"
	"github.com/rcreg/registration/internal/safedir"
)

// format is that of the logs of these tests; first has the check in front of the record.
func format(first bool) linelog.Format {
	return linelog.Format{Begins: `{"n":`, MaxLine: 1 << 20, CheckFirst: first}
}

func ignore(linelog.Line) error { return nil }

func open(t *testing.T, path string, format linelog.Format, read func(linelog.Line) error) *linelog.Log {
	t.Helper()
	log, err := linelog.Open(path, format, read)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = log.Close() })
	return log
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// records opens a file, and returns its records.
func records(t *testing.T, path string, format linelog.Format) (records []string, err error) {
	t.Helper()
	log, err := linelog.Open(path, format, func(line linelog.Line) error {
		records = append(records, string(line.Text))
		if line.Number != len(records) {
			t.Errorf("line %d has the number %d", len(records), line.Number)
		}
		return nil
	})
	if err == nil {
		must(t, log.Close())
	}
	return records, err
}

// written returns the text of a log with records.
func written(t *testing.T, format linelog.Format, records ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "log")
	log := open(t, path, format, ignore)
	for _, record := range records {
		_, err := log.Append([]byte(record))
		must(t, err)
	}
	must(t, log.Close())
	return load(t, path)
}

func load(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	must(t, err)
	return string(text)
}

func TestRecordsLast(t *testing.T) {
	t.Parallel()
	for _, first := range []bool{false, true} {
		path := filepath.Join(t.TempDir(), "Log of Ours")
		log := open(t, path, format(first), ignore)
		if _, err := linelog.Open(path, format(first), ignore); !errors.Is(err, safedir.ErrLocked) {
			t.Errorf("it was opened twice: %v", err)
		}
		const writers, each = 8, 20
		var all sync.WaitGroup
		for w := range writers {
			all.Go(func() {
				for i := range each {
					text := fmt.Sprintf(`{"n":%d,"text":"line %d %s"}`, w, i, strings.Repeat(".", 300*i))
					at, err := log.Append([]byte(text))
					if err != nil {
						t.Error(err)
					}
					if back, err := log.ReadAt(at); err != nil || string(back) != text {
						t.Errorf("%q at %d, %v; want %q", back, at, err, text)
					}
				}
			})
		}
		all.Wait()
		must(t, log.Close())
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info, err)
		}
		lines, err := records(t, path, format(first))
		slices.Sort(lines)
		if lines = slices.Compact(lines); len(lines) != writers*each || err != nil {
			t.Errorf("there are %d records, want %d: %v", len(lines), writers*each, err)
		}
	}
}

// TestTheLayoutOfLines stays as it is: files on disk are read by it.
func TestTheLayoutOfLines(t *testing.T) {
	t.Parallel()
	const one, two = "29cecc91e68d3dffede939118bf4bbc6d970cf01aa0b9e6bde45692fabfdf661", "343a24f5f805e0108039a562689b9d62b4be6072e783e4555b1eb109d4f92963"
	for first, want := range map[bool]string{
		false: `{"n":1,"check":"sha256-` + one + `"}` + "\n" + `{"n":2,"check":"sha256-` + two + `"}` + "\n",
		true:  one + ` {"n":1}` + "\n" + two + ` {"n":2}` + "\n",
	} {
		if got := written(t, format(first), `{"n":1}`, `{"n":2}`); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestTornEnds(t *testing.T) {
	t.Parallel()
	for _, first := range []bool{false, true} {
		text := written(t, format(first), `{"n":1}`, `{"n":2}`, `{"n":3}`)
		begun := strings.LastIndex(strings.TrimSuffix(text, "\n"), "\n") + 1 // the last line
		for name, tt := range map[string]struct {
			text string
			kept int    // records
			torn string // what is put aside
		}{
			"nothing":              {text, 3, ""},
			"half a line":          {text[:begun+9], 2, text[begun : begun+9]},
			"half and zeros":       {text[:begun+9] + "\x00\x00", 2, text[begun:begun+9] + "\x00\x00"},
			"zeros before a half":  {text + "\x00\x00half", 3, "\x00\x00half"},
			"zeros":                {text + "\x00\x00\x00", 3, "\x00\x00\x00"},
			"many zeros":           {text + strings.Repeat("\x00", 3<<20), 3, strings.Repeat("\x00", 3<<20)},
			"a long half":          {text + strings.Repeat("x", 100_000), 3, strings.Repeat("x", 100_000)},
			"no end":               {text[:len(text)-1], 3, ""},
			"zeros for an end":     {text[:len(text)-1] + "\x00\x00", 3, "\x00\x00"},
			"a letter for an end":  {text[:len(text)-1] + "x", 3, "x"},
			"two letters, no end":  {text[:len(text)-1] + "xx", 2, text[begun:len(text)-1] + "xx"},
			"half of the first":    {text[:9], 0, text[:9]},
			"the first has no end": {strings.SplitN(text, "\n", 2)[0], 1, ""},
		} {
			t.Run(fmt.Sprintf("%s, %t", name, first), func(t *testing.T) {
				t.Parallel()
				path := filepath.Join(t.TempDir(), "log")
				must(t, os.WriteFile(path, []byte(tt.text), 0o600))
				const other = "of another time"
				must(t, os.WriteFile(path+".torn-1", []byte(other), 0o600))
				log := open(t, path, format(first), ignore)
				at, err := log.Append([]byte(`{"n":"new"}`))
				if back, readErr := log.ReadAt(at); err != nil || readErr != nil || string(back) != `{"n":"new"}` {
					t.Errorf("%q, %v, %v", back, err, readErr)
				}
				must(t, log.Close())
				want := slices.Concat([]string{`{"n":1}`, `{"n":2}`, `{"n":3}`}[:tt.kept], []string{`{"n":"new"}`})
				if got, err := records(t, path, format(first)); err != nil || !slices.Equal(got, want) {
					t.Errorf("%q, %v", got, err)
				}
				if load(t, path+".torn-1") != other {
					t.Error("what was put aside before was overwritten")
				}
				if info, err := os.Stat(path + ".torn-2"); tt.torn == "" && !errors.Is(err, fs.ErrNotExist) {
					t.Errorf("something was put aside: %v, %v", info, err)
				} else if tt.torn != "" && (load(t, path+".torn-2") != tt.torn || info.Mode().Perm() != 0o600) {
					t.Errorf("%.100q was put aside, with %v; want %.100q", load(t, path+".torn-2"), info.Mode(), tt.torn)
				}
			})
		}
	}
}

// TestEveryByte is zero once, and has each of its bits flipped: the file is refused and stays as it is, or all records are there. That holds for lines that
// have no check as well, when one with a check follows.
func TestEveryByte(t *testing.T) {
	t.Parallel()
	all := []string{`{"n":1}`, `{"n":22,"text":"*J\""}`, `{"n":333}`}
	for name, tt := range map[string]struct {
		format linelog.Format
		text   string
	}{
		"check last":         {format(false), written(t, format(false), all...)},
		"check first":        {format(true), written(t, format(true), all...)},
		"old lines in front": {format(false), added(t, strings.Join(all[:2], "\n")+"\n", all[2])},
		"one record":         {format(false), written(t, format(false), all[0])},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "log")
			must(t, os.WriteFile(path, []byte(tt.text), 0o600))
			want, err := records(t, path, tt.format)
			must(t, err)
			for at := range tt.text {
				for _, mask := range []byte{tt.text[at], 1, 2, 4, 8, 16, 32, 64, 128} {
					damaged := []byte(tt.text)
					damaged[at] ^= mask
					must(t, os.WriteFile(path, damaged, 0o600))
					got, err := records(t, path, tt.format)
					var damage *linelog.DamageError
					switch {
					case err == nil && (!slices.Equal(got, want) || load(t, path) != tt.text):
						t.Errorf("byte %d, changed by %#x: %q", at, mask, got)
					case err != nil && (!errors.As(err, &damage) || load(t, path) != string(damaged)):
						t.Errorf("byte %d, changed by %#x: %v, and the file is %q", at, mask, err, load(t, path))
					}
				}
			}
		})
	}
}

// added returns a text with a record more.
func added(t *testing.T, text, record string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "log")
	must(t, os.WriteFile(path, []byte(text), 0o600))
	log := open(t, path, format(false), ignore)
	_, err := log.Append([]byte(record))
	must(t, err)
	must(t, log.Close())
	return load(t, path)
}

func TestRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	must(t, os.Symlink("nowhere", filepath.Join(dir, "link")))
	for name, want := range map[string]error{dir: syscall.EISDIR, filepath.Join(dir, "not there", "log"): fs.ErrNotExist, os.DevNull: safedir.ErrNotRegular, filepath.Join(dir, "link"): fs.ErrNotExist} {
		if _, err := linelog.Open(name, format(false), ignore); !errors.Is(err, want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	log := open(t, filepath.Join(dir, "log"), format(false), ignore)
	if _, err := log.Append(make([]byte, 1<<20)); !errors.Is(err, linelog.ErrTooLong) {
		t.Errorf("a line that is too long: %v", err)
	}
	for _, at := range []int64{-1, 0, 100} {
		if _, err := log.ReadAt(at); err == nil {
			t.Errorf("there is a line at %d", at)
		}
	}
	must(t, log.Close())
	for range 2 { // the second one is not even tried
		if _, err := log.Append([]byte(`{"n":1}`)); err == nil || !strings.Contains(err.Error(), "cannot be written any more") || log.Err() == nil {
			t.Errorf("a line after the end: %v", err)
		}
	}
}

// TestTheLongestLine can be read as it was written.
func TestTheLongestLine(t *testing.T) {
	t.Parallel()
	limit := format(true).MaxLine
	record := fmt.Sprintf(`{"n":"%s"}`, strings.Repeat("x", limit-65-len(`{"n":""}`)))
	text := written(t, format(true), record, `{"n":2}`)
	path := filepath.Join(t.TempDir(), "log")
	must(t, os.WriteFile(path, []byte(text), 0o600))
	if got, err := records(t, path, format(true)); err != nil || len(got) != 2 || got[0] != record {
		t.Errorf("%d records, %v", len(got), err)
	}
}

// FuzzOpen opens any file: it is refused and stays as it is, or what is read once is read again, and a record that is written then is the last one.
func FuzzOpen(f *testing.F) {
	f.Add([]byte(`{"n":1}` + "\n" + `{"n":2}` + "\n" + `{"n`))
	f.Add([]byte(`{"n":1}` + "\n\x00\x00"))
	f.Add([]byte(`{"n":1}` + "\n\x00\x00\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		path := filepath.Join(t.TempDir(), "log")
		must(t, os.WriteFile(path, content, 0o600))
		first, err := records(t, path, format(false))
		if err != nil {
			if load(t, path) != string(content) {
				t.Errorf("%v, and the file became %q", err, load(t, path))
			}
			return
		}
		log := open(t, path, format(false), ignore)
		_, err = log.Append([]byte(`{"n":"last"}`))
		must(t, err)
		must(t, log.Close())
		got, err := records(t, path, format(false))
		if err != nil || !slices.Equal(got, append(first, `{"n":"last"}`)) || !strings.HasPrefix(string(content), strings.Join(first, "\n")) {
			t.Errorf("%q became %q, %v", first, got, err)
		}
		if left := strings.Trim(string(content)[len(strings.Join(first, "\n")):], "\n"); strings.Contains(left, "\n") && len(first) > 0 {
			t.Errorf("more than a torn end was passed over: %q", left)
		}
	})
}
