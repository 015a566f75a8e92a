package sim

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/rcreg/registration/registrationtest"
)

// What the files of a simulation begin with: what begins otherwise is the user's own, and not replaced.
const (
	listMark   = "# Fake workspaces, written by the simulation"
	poolMark   = "# Registration tokens, written by the simulation"
	memoryMark = `{"time":"`  // of the pool's tokens that rcreg has used
	secretMark = "simulated-" // of the auth tokens of a fleet: there is no room for a remark
)

// ErrForeignList is the error for a file of a fleet that the simulation did not write, and therefore does not replace.
var ErrForeignList = errors.New("it is there, and no simulation wrote it: name another folder")

// writeFleet writes the list of a fleet, with the secrets that it refers to and a pool of registration tokens, in the formats
// that the package fleet reads. Nothing is written where one of the files is the user's own.
func writeFleet(dir string, f *registrationtest.Fleet, tokens []string) error {
	list, pool, secrets := filepath.Join(dir, "fleet.yaml"), filepath.Join(dir, "tokens.txt"), filepath.Join(dir, "secrets")
	secretOf := func(i int) string { return filepath.Join(secrets, f.Name(i)+".token") }
	failures := make([]error, 0, 2+f.Len())
	failures = append(failures, checkOurs(list, listMark), checkPool(pool))
	for i := range f.Len() {
		failures = append(failures, checkOurs(secretOf(i), secretMark))
	}
	for _, err := range failures {
		if err != nil {
			return err
		}
	}
	if err := os.MkdirAll(secrets, 0o700); err != nil {
		return err
	}
	if err := writeList(list, listOf(f)); err != nil {
		return err
	}
	for i := range f.Len() {
		if err := os.WriteFile(secretOf(i), []byte(f.Admin(i).AuthToken+"\n"), 0o600); err != nil {
			return err
		}
	}
	return writePool(pool, tokens)
}

// checkOurs refuses a file that does not begin with a mark. One that is not there, or empty, may be written.
func checkOurs(path, mark string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Lstat(path); err == nil { // a link to nothing
			return fmt.Errorf("write %s: %w", path, ErrForeignList)
		}
		return nil
	}
	if err != nil || info.Mode().IsRegular() && info.Size() == 0 {
		return err
	}
	begins := make([]byte, len(mark))
	if info.Mode().IsRegular() {
		file, err := os.Open(path) //nolint:gosec // the operator names the folder
		if err != nil {
			return err
		}
		_, _ = io.ReadFull(file, begins) // what is shorter is another
		if err := file.Close(); err != nil {
			return err
		}
	}
	if string(begins) != mark {
		return fmt.Errorf("write %s: %w", path, ErrForeignList)
	}
	return nil
}

// checkPool is checkOurs for a pool of tokens and what is remembered of it, which goes with the pool.
func checkPool(path string) error {
	memory := path + ".used"
	if pool, err := os.Stat(path); err != nil || pool.Size() == 0 {
		if left, err := os.Lstat(memory); err == nil && left.Size() > 0 {
			return fmt.Errorf("remove %s: %w", memory, ErrForeignList)
		}
	}
	return errors.Join(checkOurs(path, poolMark), checkOurs(memory, memoryMark))
}

// writeList leaves a list alone that is the same, so that one that is kept under version control stays clean.
func writeList(path string, list []byte) error {
	if before, err := os.ReadFile(path); err == nil && bytes.Equal(before, list) { //nolint:gosec // the operator names the folder
		return nil
	}
	return os.WriteFile(path, list, 0o644) //nolint:gosec // a list holds no secrets
}

// writePool writes fresh tokens. What a pool remembers about those of an earlier simulation ends with them.
func writePool(path string, tokens []string) error {
	if err := os.Remove(path + ".used"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.WriteFile(path, []byte(poolMark+".\n"+strings.Join(tokens, "\n")+"\n"), 0o600)
}

// listOf is the list of a fleet. It holds nothing that is random, so that the same fleet has the same list.
func listOf(f *registrationtest.Fleet) []byte {
	var text bytes.Buffer
	fmt.Fprintln(&text, listMark+".")
	fmt.Fprintf(&text, "defaults:\n  user_id: %s\n  auth_token: {file: \"secrets/{name}.token\"}\nworkspaces:\n", f.Admin(0).UserID)
	for i := range f.Len() {
		fmt.Fprintf(&text, "  - {name: %s, url: %q, labels: {version: %q}}\n", f.Name(i), f.URL(i), f.Version(i))
	}
	return text.Bytes()
}
