package grants

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/document"
)

// TestTries keeps which tokens were handed over, without the tokens, and refuses a file that was changed or is of another workspace.
func TestTries(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "store")
	store, err := Open(folder)
	must(t, err)
	first, second := NewTry(" token-1\n", time.Unix(1_800_000_000, 5)), NewTry("token-2", time.Unix(1_800_000_060, 0))
	if first.TokenSHA256 != NewTry("token-1", time.Time{}).TokenSHA256 || first.TokenSHA256 == second.TokenSHA256 {
		t.Errorf("%v, %v", first, second)
	}
	must(t, store.KeepTries("unique-1", []Try{first, second}))
	store, err = Open(folder)
	must(t, err)
	tries, err := store.Tries("unique-1")
	if err != nil || len(tries) != 2 || tries[0] != first || tries[1] != second {
		t.Fatalf("%v, %v", tries, err)
	}
	if others, err := store.Tries("unique-2"); others != nil || err != nil {
		t.Errorf("another workspace has %v, %v", others, err)
	}
	name := triesFile("unique-1")
	text, err := store.dir.Read(name, document.MaxKept)
	must(t, err)
	must(t, store.dir.Write(triesFile("unique-2"), text))
	must(t, store.dir.Write(name, text[:len(text)/2]))
	for id, want := range map[string]error{"unique-1": failure.Truncated, "unique-2": ErrOtherWorkspace} {
		if tries, err := store.Tries(id); tries != nil || !errors.Is(err, want) {
			t.Errorf("%s: %v, %v", id, tries, err)
		}
	}
	must(t, store.dir.Write(name, []byte(documentOf(t, triesContent{Owner: "unique-1"}))))
	if tries, err := store.Tries("unique-1"); tries != nil || !errors.Is(err, failure.Malformed) {
		t.Errorf("a file without tries: %v, %v", tries, err)
	}
	must(t, store.KeepTries("unique-1", nil))
	if tries, err := store.Tries("unique-1"); tries != nil || err != nil {
		t.Errorf("forgotten: %v, %v", tries, err)
	}
	must(t, os.Rename(folder, folder+"-away"))
	if tries, err := store.Tries("unique-1"); tries != nil || !errors.Is(err, ErrFolderMissing) {
		t.Errorf("the folder is away: %v, %v", tries, err)
	}
	if _, err := (*Store)(nil).Tries("unique-1"); err == nil {
		t.Error("a store that is nil has tries")
	}
}
