package devserver

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"go.temporal.io/server/schema/sqlite"

	"github.com/rcreg/registration/internal/safedir"
)

const (
	databaseFile = "temporal.db"
	// madeFile is there once the database is whole: a process that was killed before has left a part of one.
	madeFile = "temporal.made"
)

// prepare makes the database, unless it is there, and returns its path.
func (c Config) prepare(dir *safedir.Dir) (string, error) {
	path := filepath.Join(c.Dir, databaseFile)
	made, err := dir.Has(madeFile)
	if err == nil && !made {
		err = makeDatabase(path)
		if err == nil {
			err = dir.Write(madeFile, nil)
		}
	}
	if err != nil {
		return "", fmt.Errorf("make the database: %w", err)
	}
	return path, nil
}

func makeDatabase(path string) error {
	for _, part := range []string{path, path + "-wal", path + "-shm"} {
		if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	store := database(path)
	if err := sqlite.SetupSchema(store); err != nil {
		return err
	}
	namespace, err := sqlite.NewNamespaceConfig(onlyCluster, Namespace, false, nil)
	if err != nil {
		return err
	}
	return sqlite.CreateNamespaces(store, namespace)
}
