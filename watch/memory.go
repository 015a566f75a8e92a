package watch

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path/filepath"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/document"
	"github.com/rcreg/registration/internal/safedir"
)

// Memory is a file with what a watch has seen and told, so that a restart tells nothing twice. It holds no secret. One process works with it at a time. Make one with
// [OpenMemory].
type Memory struct {
	dir   *safedir.Dir
	name  string
	lock  io.Closer
	known map[string]record // as the file was, by the name of the workspace
}

const (
	memoryFormat  = "rcreg-watch"
	memoryVersion = 1
	// maxMemory is how long the file may be, in bytes: 250,000 workspaces with all that is known of each.
	maxMemory = 512 << 20
)

// memoryBegins is how every memory begins, by which it is known.
var memoryBegins = []byte(`{"format":"` + memoryFormat + `",`) //nolint:gochecknoglobals // it is only read

// memoryFile is the form of the file.
type memoryFile struct {
	Format     string          `json:"format"`
	Version    int             `json:"version"`
	Workspaces json.RawMessage `json:"workspaces"`
	SHA256     string          `json:"sha256"` // of the workspaces
}

// OpenMemory opens the memory of a path, which is made at the first writing when it is not there; the folder must be. Other processes are kept out until it is closed.
// Its name has small letters, digits, dots, dashes and underlines. Errors: [*registration.Error] of kind [registration.ErrInvalidInput], for a file that is damaged, is
// another one or is too large, which is left as it is; [failure.Locked]; those of the file system.
func OpenMemory(path string) (*Memory, error) {
	folder, name := filepath.Split(path)
	if folder == "" {
		folder = "."
	}
	m := &Memory{dir: safedir.New(folder), name: name}
	if err := safedir.CheckName(name); err != nil {
		return nil, badMemory(path, fmt.Errorf("its name has other characters than small letters, digits, dots, dashes and underlines: %w", err))
	}
	if err := m.read(); err != nil { // before anything is made beside it
		return nil, asMemoryError(path, err)
	}
	lock, err := m.dir.Lock(name + ".lock")
	if err != nil {
		return nil, err
	}
	m.lock = lock
	if err := m.read(); err != nil {
		return nil, errors.Join(asMemoryError(path, err), lock.Close())
	}
	m.sweep()
	return m, nil
}

// contentError says what is wrong with a content.
type contentError struct {
	says  string
	cause error
}

func (e contentError) Error() string { return e.says }
func (e contentError) Unwrap() error { return e.cause }

// asMemoryError tells what is wrong with the content from what is wrong with the file system.
func asMemoryError(path string, err error) error {
	for _, wrong := range []contentError{
		{"it is cut off", failure.Truncated},
		{"it is no state file of a watch", failure.Malformed},
		{"something else has changed it", failure.Edited},
	} {
		if errors.Is(err, wrong.cause) {
			return badMemory(path, wrong)
		}
	}
	for _, wrong := range []error{failure.TooLarge, failure.NewerFormat, failure.SymbolicLink, failure.NotRegular} {
		if errors.Is(err, wrong) {
			return badMemory(path, err)
		}
	}
	return err
}

func badMemory(path string, err error) error {
	return &registration.Error{
		Op: "open the state file " + path, Kind: registration.ErrInvalidInput, Err: err, Remedies: failure.Ways(failure.RestoreMemory), Certain: "it was left as it is",
	}
}

// read reads the file, if there is one.
func (m *Memory) read() error {
	text, err := m.dir.Read(m.name, maxMemory)
	if errors.Is(err, fs.ErrNotExist) && !errors.Is(err, failure.FolderMissing) {
		return nil
	}
	if err == nil {
		m.known, err = parseMemory(text)
	}
	return err
}

// parseMemory reads the text of a memory. Errors: [failure.Truncated], [failure.Malformed], [failure.Edited], [failure.NewerFormat].
func parseMemory(text []byte) (map[string]record, error) {
	if err := document.CheckJSON(text); err != nil {
		return nil, err
	}
	var file memoryFile
	err := json.Unmarshal(text, &file)
	switch {
	case file.Format != memoryFormat:
		return nil, failure.Malformed
	case file.Version > memoryVersion:
		return nil, fmt.Errorf("it has version %d, this program knows up to %d: %w", file.Version, memoryVersion, failure.NewerFormat)
	case err != nil, file.Version < 1:
		return nil, failure.Malformed
	case document.Digest(file.Workspaces) != file.SHA256:
		return nil, failure.Edited
	}
	var records []record
	if json.Unmarshal(file.Workspaces, &records) != nil { // whose errors may quote it
		return nil, failure.Malformed
	}
	known := make(map[string]record, len(records))
	for _, r := range records {
		known[r.Workspace] = r
	}
	return known, nil
}

// formatMemory writes the text of a memory.
func formatMemory(records []record) ([]byte, error) {
	raw, err := json.Marshal(records)
	if err != nil {
		return nil, err
	}
	text := make([]byte, 0, len(raw)+200)
	text = append(text, memoryBegins...)
	text = fmt.Appendf(text, `"version":%d,"sha256":%q,"workspaces":`, memoryVersion, document.Digest(raw))
	return append(append(text, raw...), '}', '\n'), nil
}

// sweep removes what killed processes have left half written: only what begins as a memory.
func (m *Memory) sweep() {
	parts, _ := m.dir.Parts(".", maxMemory)
	for _, part := range parts {
		if bytes.HasPrefix(part.Text, memoryBegins) {
			_ = m.dir.RemovePart(part)
		}
	}
}

// of is what is known of a workspace of a list. One that has another address is another one. A nil memory knows nothing.
func (m *Memory) of(w fleet.Workspace) record {
	r := record{}
	if m != nil {
		r = m.known[w.Name]
	}
	if r.URL != w.URL {
		r = record{}
	}
	r.Workspace, r.URL, r.Labels = w.Name, w.URL, w.Labels
	if r.Troubles == nil {
		r.Troubles = []Trouble{}
	}
	return r
}

// keep writes what is known, whole or not at all.
func (m *Memory) keep(records []record) error {
	if m.dir == nil {
		return failure.NotOpened
	}
	text, err := formatMemory(records)
	if err != nil {
		return err
	}
	return m.dir.Write(m.name, text)
}

// Close lets other processes in. It may be called on a nil one.
func (m *Memory) Close() error {
	if m == nil || m.lock == nil {
		return nil
	}
	lock := m.lock
	m.lock = nil
	return lock.Close()
}

// copied is a copy that shares nothing which is changed later.
func (r *record) copied() record {
	c := *r
	c.Told = maps.Clone(r.Told)
	c.Labels = nil // the list has them
	return c
}
