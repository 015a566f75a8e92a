package offline

import (
	"github.com/rcreg/registration/internal/safedir"
)

// Ledger is a courier's memory, in a private folder (0700, files 0600) on the courier's side: which token was handed to the Cloud for which request, and
// what came of it. Only one process can have it open.
type Ledger struct {
	dir *safedir.Dir
}

// OpenLedger opens the ledger in the folder of a path. It makes the folder when there is none; the one above it must be there. The options seal the grants
// that are kept for licences. Errors: [ErrLocked], [ErrReadableByOthers], [ErrLedgerDamaged], and those of the file system.
func OpenLedger(path string, options ...VaultOption) (*Ledger, error) { panic("not yet") }

// Close lets other processes open the ledger.
func (l *Ledger) Close() error { panic("not yet") }
