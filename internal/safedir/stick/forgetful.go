package stick

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sync"

	"github.com/rcreg/registration/internal/safedir"
)

// Forgetful is a folder that forgets at a power cut what was not made to last: of a file what came after its last fsync, and of a folder the names that were given
// or taken after its own. It begins empty.
//
//	f := &stick.Forgetful{Path: t.TempDir()}
//	err := safedir.On(f.Open).Write("a.json", text)
//	err = f.Cut()
type Forgetful struct {
	Path string

	mu      sync.Mutex
	live    map[string]*inode // by name; folders too
	durable map[string]*inode
}

// inode is a file as it was when it was synced, or a folder.
type inode struct {
	folder bool
	synced []byte
}

// Open enters the folder.
func (f *Forgetful) Open() (safedir.FS, error) {
	in, err := safedir.OpenRoot(f.Path)
	if err != nil {
		return nil, err
	}
	return forgetfulRoot{in, f}, nil
}

// Cut cuts the power: the folder is left as what lasts.
func (f *Forgetful) Cut() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	entries, err := os.ReadDir(f.Path)
	for _, entry := range entries {
		err = errors.Join(err, os.RemoveAll(filepath.Join(f.Path, entry.Name())))
	}
	f.live = map[string]*inode{}
	for _, name := range slices.Sorted(maps.Keys(f.durable)) {
		node, at := f.durable[name], filepath.Join(f.Path, name)
		switch {
		case path.Dir(name) != "." && f.live[path.Dir(name)] == nil: // its folder is forgotten
			continue
		case node.folder:
			err = errors.Join(err, os.Mkdir(at, 0o700))
		default:
			err = errors.Join(err, os.WriteFile(at, node.synced, 0o600))
		}
		f.live[name] = node
	}
	f.durable = maps.Clone(f.live)
	return err
}

// change notes that a name was given, with what has it, or taken.
func (f *Forgetful) change(name string, to *inode) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.live == nil {
		f.live, f.durable = map[string]*inode{}, map[string]*inode{}
	}
	delete(f.live, name)
	if to != nil {
		f.live[name] = to
	}
}

func (f *Forgetful) node(name string) *inode {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.live[name]
}

// lastNames makes the names in a folder last.
func (f *Forgetful) lastNames(folder string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	isIn := func(name string, _ *inode) bool { return path.Dir(name) == folder }
	maps.DeleteFunc(f.durable, isIn)
	for name, node := range f.live {
		if isIn(name, node) {
			f.durable[name] = node
		}
	}
}

type forgetfulRoot struct {
	safedir.FS
	folder *Forgetful
}

func (r forgetfulRoot) OpenFile(name string, flag int, perm fs.FileMode) (safedir.File, error) {
	f, err := r.FS.OpenFile(name, flag, perm)
	if err != nil {
		return nil, err
	}
	if flag&os.O_CREATE != 0 && r.folder.node(name) == nil {
		r.folder.change(name, &inode{})
	}
	return forgetfulFile{f, r.folder, path.Clean(name), r.folder.node(name)}, nil
}

func (r forgetfulRoot) Mkdir(name string, perm fs.FileMode) error {
	err := r.FS.Mkdir(name, perm)
	if err == nil {
		r.folder.change(name, &inode{folder: true})
	}
	return err
}

func (r forgetfulRoot) Rename(from, to string) error {
	err := r.FS.Rename(from, to)
	if err == nil {
		r.folder.change(to, r.folder.node(from))
		r.folder.change(from, nil)
	}
	return err
}

func (r forgetfulRoot) Remove(name string) error {
	err := r.FS.Remove(name)
	if err == nil {
		r.folder.change(name, nil)
	}
	return err
}

type forgetfulFile struct {
	safedir.File
	folder *Forgetful
	name   string
	node   *inode // nil for the folder itself
}

// Sync makes the text of a file last, or the names in a folder.
func (f forgetfulFile) Sync() error {
	if err := f.File.Sync(); err != nil {
		return err
	}
	if f.node == nil || f.node.folder {
		f.folder.lastNames(f.name)
		return nil
	}
	// A file that is only written cannot be read over its own handle.
	text, err := os.ReadFile(filepath.Join(f.folder.Path, f.name))
	if err == nil {
		f.synced(text)
	}
	return err
}

func (f forgetfulFile) synced(text []byte) {
	f.folder.mu.Lock()
	defer f.folder.mu.Unlock()
	f.node.synced = text
}
