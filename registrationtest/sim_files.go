package registrationtest

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// listMark begins a list that the simulation may replace.
const listMark = "# Fake workspaces, written by the simulation"

// ErrForeignList is the error for a fleet.yaml that the simulation did not write, and therefore does not replace.
var ErrForeignList = errors.New("it is there, and no simulation wrote it: name another folder")

// writeFleet writes the list of a fleet, with the secrets that it refers to and a pool of registration tokens, in the formats
// that the package fleet reads.
func writeFleet(dir string, f *Fleet, tokens []string) error {
	secrets := filepath.Join(dir, "secrets")
	if err := os.MkdirAll(secrets, 0o700); err != nil {
		return err
	}
	if err := writeList(filepath.Join(dir, "fleet.yaml"), f.list()); err != nil {
		return err
	}
	for i := range f.Len() {
		path := filepath.Join(secrets, f.Name(i)+".token")
		if err := os.WriteFile(path, []byte(f.Admin(i).AuthToken+"\n"), 0o600); err != nil {
			return err
		}
	}
	return writePool(filepath.Join(dir, "tokens.txt"), tokens)
}

// writeList leaves a list alone that is the same, so that one that is kept under version control stays clean.
func writeList(path string, list []byte) error {
	before, err := os.ReadFile(path) //nolint:gosec // the operator names the folder
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return err
	case bytes.Equal(before, list):
		return nil
	case !bytes.HasPrefix(before, []byte(listMark)):
		return fmt.Errorf("write %s: %w", path, ErrForeignList)
	}
	return os.WriteFile(path, list, 0o644) //nolint:gosec // a list holds no secrets
}

// writePool writes fresh tokens. What a pool remembers about those of an earlier simulation ends with them.
func writePool(path string, tokens []string) error {
	if err := os.Remove(path + ".used"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.WriteFile(path, []byte(strings.Join(tokens, "\n")+"\n"), 0o600)
}

// list is the list of a fleet. It holds nothing that is random, so that the same fleet has the same list.
func (f *Fleet) list() []byte {
	var text bytes.Buffer
	fmt.Fprintln(&text, listMark+".")
	fmt.Fprintf(&text, "defaults:\n  user_id: %s\n  auth_token: {file: \"secrets/{name}.token\"}\nworkspaces:\n", FleetUserID)
	for i := range f.Len() {
		fmt.Fprintf(&text, "  - {name: %s, url: %q, labels: {version: %q}}\n", f.Name(i), f.URL(i), f.Version(i))
	}
	return text.Bytes()
}
