package devserver_test

import (
	"bytes"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/rcreg/registration/temporal/devserver/internal/devserver"
)

const (
	database = "temporal.db"
	journal  = "temporal.db-wal" // what is not in the database file yet: much of it, as a rule
	mark     = "temporal.made"
)

// databaseOf is the files of a server that was started once.
func databaseOf(t *testing.T) map[string][]byte {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "dev")
	start(t, devserver.Config{Dir: dir}).stop(t)
	files := map[string][]byte{mark: nil}
	for _, name := range []string{database, journal} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || len(text) < 4096 {
			t.Fatalf("%s of %d bytes, %v", name, len(text), err)
		}
		files[name] = text
	}
	return files
}

// TestInterruptedMaking has a process killed before its database was whole: it is made anew.
func TestInterruptedMaking(t *testing.T) {
	t.Parallel()
	whole := databaseOf(t)
	for name, files := range map[string]map[string][]byte{
		"nothing":          {database: nil},
		"a part":           {database: whole[database], journal: whole[journal][:len(whole[journal])/2]},
		"not a database":   {database: []byte("not a database"), journal: []byte("nor this")},
		"all but the mark": {database: whole[database], journal: whole[journal]},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := folderWith(t, files)
			s := start(t, devserver.Config{Dir: dir})
			s.work(t)
			run := s.begin(t, waitForSignal)
			s.ask(t, run)
			s.stop(t)
		})
	}
}

// TestDamagedDatabase is told, instead of being replaced by an empty one.
func TestDamagedDatabase(t *testing.T) {
	t.Parallel()
	whole := databaseOf(t)
	half := len(whole[journal]) / 2
	for name, files := range map[string]map[string][]byte{
		"cut off":           {database: whole[database], journal: whole[journal][:half]},
		"without a journal": {database: whole[database]},
		"not a database":    {database: bytes.Repeat([]byte("not a database "), 1000)},
		"empty":             {database: nil},
		"gone":              {},
		"zeros":             {database: append(slices.Clone(whole[database][:100]), make([]byte, 8192-100)...)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files = maps.Clone(files)
			files[mark] = nil
			dir := folderWith(t, files)
			s, err := devserver.Start(devserver.Config{Dir: dir, Address: anyPort})
			if err == nil {
				t.Fatal("it started", s.Stop())
			}
			if !errors.Is(err, devserver.ErrDamaged) {
				t.Errorf("error %v", err)
			}
		})
	}
}

func folderWith(t *testing.T, files map[string][]byte) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "dev")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
