package offline

import "github.com/rcreg/registration/internal/safedir"

// State is the private folder of the workspace's side: it holds the keys of pending requests, what was received until the workspace is verified, and what
// was used. It must have mode 0700 (and its files 0600), and must never be on the stick. It is safe for concurrent use.
type State struct{ dir *safedir.Dir }

// OpenState returns the state folder of a path. It makes the folder when there is none; the one above it must be there.
// Errors: [ErrReadableByOthers], and those of the file system.
func OpenState(path string) (*State, error) {
	dir, err := openPrivate(path)
	if err != nil {
		return nil, failed("open the state folder", "", err)
	}
	return &State{dir: dir}, nil
}

func openPrivate(path string) (*safedir.Dir, error) {
	if err := safedir.Make(path); err != nil {
		return nil, err
	}
	dir := safedir.NewPrivate(path)
	return dir, dir.Check()
}
