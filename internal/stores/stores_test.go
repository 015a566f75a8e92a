package stores_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/internal/stores"
	"github.com/rcreg/registration/offline"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestOpen(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		licenses bool
		folders  int
	}{{"until registered", false, 1}, {"for licenses too", true, 2}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			folder := filepath.Join(t.TempDir(), "relay")
			transport, err := stores.Relay(&cloud.Client{}, folder, c.licenses)
			if err != nil || transport.Info().Name != "relay" {
				t.Fatalf("got %v, %v", transport, err)
			}
			if made, err := os.ReadDir(folder); err != nil || len(made) != c.folders {
				t.Errorf("%d folders were made: %v", len(made), err)
			}
		})
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "relay")
	if _, err := stores.Relay(&cloud.Client{}, filepath.Join(folder, "deeper"), false); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a folder without one above it: %v", err)
	}
	for _, name := range []string{"pending", "registered"} {
		readable := filepath.Join(t.TempDir(), "relay")
		if err := errors.Join(os.Mkdir(readable, 0o700), os.Mkdir(filepath.Join(readable, name), 0o700), os.Chmod(filepath.Join(readable, name), 0o755)); err != nil {
			t.Fatal(err)
		}
		if _, err := stores.Relay(&cloud.Client{}, readable, true); !errors.Is(err, offline.ErrReadableByOthers) {
			t.Errorf("%s that others can read: %v", name, err)
		}
	}
}
