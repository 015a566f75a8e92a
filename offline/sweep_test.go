package offline

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rcreg/registration/internal/document"
)

// TestHalfWrittenFilesAreSwept when a folder is opened: killed processes have left them, and they may hold secrets.
func TestHalfWrittenFilesAreSwept(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		folders []string
		open    func(path string) error
	}{
		"exchange": {[]string{requestsFolder, answersFolder, archiveFolder}, func(path string) error { _, err := OpenFolder(path); return err }},
		"state":    {[]string{pendingFolder, receivedFolder, usedFolder}, func(path string) error { _, err := OpenState(path); return err }},
		"ledger": {[]string{unfinishedFolder, grantsFolder}, func(path string) error {
			l, err := OpenLedger(path)
			if err != nil {
				return err
			}
			return l.Close()
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), name)
			for _, folder := range tt.folders {
				left := filepath.Join(path, folder, ".part-left")
				save(t, left, "secret")
				must(t, os.Chtimes(left, time.Time{}, time.Now().Add(-2*document.Writing)))
			}
			must(t, tt.open(path))
			for _, folder := range tt.folders {
				if _, err := os.Stat(filepath.Join(path, folder, ".part-left")); !errors.Is(err, fs.ErrNotExist) {
					t.Errorf("%s: it is still there: %v", folder, err)
				}
			}
		})
	}
}
