package offline

import "github.com/rcreg/registration/internal/safedir"

// What follows opens the folders of this package on another file system, for tests outside it that go the whole way.

// StateOn is OpenState on another file system.
func StateOn(open func() (safedir.FS, error)) *State { return &State{dir: safedir.On(open)} }

// FolderOn is OpenFolder on another file system.
func FolderOn(open func() (safedir.FS, error)) *Folder { return &Folder{dir: safedir.On(open)} }

// LedgerOn is OpenLedger on another file system.
func LedgerOn(open func() (safedir.FS, error)) (*Ledger, error) {
	return openLedger(safedir.On(open), nil)
}
