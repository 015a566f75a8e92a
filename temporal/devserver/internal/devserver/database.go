package devserver

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"go.temporal.io/server/schema/sqlite"
	"google.golang.org/protobuf/types/known/durationpb"
	_ "modernc.org/sqlite" // the driver of the name "sqlite", which the server has too

	"github.com/rcreg/registration/internal/safedir"
)

const (
	databaseFile = "temporal.db"
	// madeFile is there once the database is whole: a process that was killed before has left a part of one.
	madeFile = "temporal.made"
	// retention is how long the histories of workflows are kept that have ended. Who tries it wants to see them again after a holiday.
	retention = 30 * 24 * time.Hour
)

// prepare makes the database, unless it is there, and returns its path.
func (c Config) prepare(dir *safedir.Dir) (string, error) {
	path := filepath.Join(c.Dir, databaseFile)
	made, err := dir.Has(madeFile)
	if err == nil && !made {
		if err = makeDatabase(dir, path); err == nil {
			err = dir.Write(madeFile, nil)
		}
	}
	if err != nil {
		return "", fmt.Errorf("make the database: %w", err)
	}
	return path, check(path)
}

// check reads a little of the database, as the server would not say clearly why it does not start.
func check(path string) (err error) {
	db, err := sql.Open("sqlite", "file:"+database(path).DatabaseName+"?mode=rw")
	if err != nil {
		return err
	}
	defer func() {
		if err = errors.Join(err, db.Close()); err != nil {
			err = fmt.Errorf("open %s: %w (%w)", path, ErrDamaged, err)
		}
	}()
	var namespaces int
	if err := db.QueryRowContext(context.Background(), "SELECT count(*) FROM namespaces WHERE name = ?", Namespace).Scan(&namespaces); err != nil {
		return err
	}
	if namespaces != 1 {
		return errors.New("there is no namespace " + Namespace)
	}
	return nil
}

func makeDatabase(dir *safedir.Dir, path string) error {
	for _, part := range []string{path, path + "-wal", path + "-shm"} {
		if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := dir.Write(databaseFile, nil); err != nil { // SQLite itself would let others read it
		return err
	}
	store := database(path)
	if err := sqlite.SetupSchema(store); err != nil {
		return err
	}
	namespace, err := sqlite.NewNamespaceConfig(onlyCluster, Namespace, false, nil)
	if err != nil {
		return err
	}
	namespace.Detail.Config.Retention = durationpb.New(retention)
	return sqlite.CreateNamespaces(store, namespace)
}
