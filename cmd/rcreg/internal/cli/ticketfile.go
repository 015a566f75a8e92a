package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/safedir"
)

// ticketFile is where the ticket of a pending registration is kept, so that waiting for a person survives the end of the process.
type ticketFile struct {
	path  string
	named bool // by a flag
}

// ticketFileOf returns the file that was asked for, or else the usual one of a workspace.
func (a *app) ticketFileOf(path, address string) (ticketFile, error) {
	if path != "" {
		return ticketFile{path: path, named: true}, nil
	}
	if a.system.StateDir == "" {
		return ticketFile{}, usage("there is no folder to keep the ticket in", "name a file with --ticket-file")
	}
	return ticketFile{path: filepath.Join(a.system.StateDir, "tickets", fileNameOf(address))}, nil
}

// fileNameOf makes a file's name of an address. Two addresses may share one: the ticket inside says whose it is.
func fileNameOf(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	name := strings.Map(func(r rune) rune {
		if r < 0x80 && (r == '-' || r == '.' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z') {
			return r
		}
		return '_'
	}, rest)
	const long = 200 // file systems allow 255 bytes
	return name[:min(len(name), long)] + ".json"
}

// load reads the ticket; found is false where there is no file, or an empty one. A file that is no ticket is an error, so that none is ever replaced.
func (f ticketFile) load() (t registration.Ticket, found bool, err error) {
	const limit = 1 << 20 // far above any ticket, in bytes
	text, err := safedir.ReadPrivate(f.path, limit)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return t, false, nil
	case errors.Is(err, safedir.ErrReadableByOthers):
		return t, true, badPrivateFile("the file of the ticket", f.path, err)
	case err != nil:
		return t, true, usage(fmt.Sprintf("the ticket cannot be read: %v", err), "name another file with --ticket-file")
	case len(text) == 0:
		return t, false, nil
	}
	t, err = registration.ParseTicket(text)
	if err != nil {
		return t, true, fmt.Errorf("the file %s: %w", f.path, err)
	}
	return t, true, nil
}

// reserve makes sure that a ticket can be saved, before a message is sent that only the ticket can make use of. The file that it
// returns is to be saved to or dropped.
func (f ticketFile) reserve() (*reservedTicket, error) {
	err := os.MkdirAll(filepath.Dir(f.path), 0o700)
	var file *reservedFile
	if err == nil {
		file, err = reserveFile(f.path, func([]byte) bool { return true }) // load has looked at the ticket that is there
	}
	if err != nil {
		return nil, usage(fmt.Sprintf("the ticket could not be kept: %v", err), "name another file with --ticket-file")
	}
	return &reservedTicket{file}, nil
}

// remove deletes a ticket that is of no more use.
func (f ticketFile) remove() error {
	if err := os.Remove(f.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// reservedTicket is a file that a ticket can be written to.
type reservedTicket struct{ *reservedFile }

func (r *reservedTicket) save(t registration.Ticket) error {
	text, err := json.MarshalIndent(t, "", "  ")
	if err != nil {
		r.drop()
		return err
	}
	return r.reservedFile.save(func(out io.Writer) error {
		_, err := out.Write(append(text, '\n'))
		return err
	})
}
