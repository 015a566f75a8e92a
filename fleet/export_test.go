package fleet

import (
	"path/filepath"

	"github.com/rcreg/registration/internal/linelog"
	"github.com/rcreg/registration/internal/safedir"
)

// OpenJournalOn is OpenJournal on a file system of a test.
func OpenJournalOn(open func() (safedir.FS, error), path, operation string) (*Journal, error) {
	return openJournal(path, operation, openerOn(open))
}

// OpenTokensOn is OpenTokens with its memory on a file system of a test.
func OpenTokensOn(open func() (safedir.FS, error), path string) (*Tokens, error) {
	return openTokens(path, openerOn(open))
}

func openerOn(open func() (safedir.FS, error)) opener {
	return func(path string, format linelog.Format, read func(linelog.Line) error) (*linelog.Log, error) {
		return linelog.OpenIn(safedir.On(open), filepath.Base(path), format, read)
	}
}
