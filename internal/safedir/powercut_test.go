package safedir_test

import (
	"errors"
	"io/fs"
	"os"
	"testing"

	"github.com/rcreg/registration/internal/safedir"
	"github.com/rcreg/registration/internal/safedir/stick"
)

// TestPowerCut cuts the power right after each act that has to last.
func TestPowerCut(t *testing.T) {
	t.Parallel()
	const old = "old text"
	for name, tt := range map[string]struct {
		act  func(t *testing.T, dir *safedir.Dir, in safedir.FS) error
		want map[string]string // texts; "" is no file
	}{
		"nothing":        {func(*testing.T, *safedir.Dir, safedir.FS) error { return nil }, map[string]string{"sub/a": old}},
		"write anew":     {func(_ *testing.T, dir *safedir.Dir, _ safedir.FS) error { return dir.Write("new/b", []byte("text")) }, map[string]string{"sub/a": old, "new/b": "text"}},
		"write at first": {func(_ *testing.T, dir *safedir.Dir, _ safedir.FS) error { return dir.Write("b", []byte("text")) }, map[string]string{"b": "text"}},
		"replace":        {func(_ *testing.T, dir *safedir.Dir, _ safedir.FS) error { return dir.Write("sub/a", []byte("text")) }, map[string]string{"sub/a": "text"}},
		"remove":         {func(_ *testing.T, dir *safedir.Dir, _ safedir.FS) error { return dir.Remove("sub/a") }, map[string]string{"sub/a": ""}},
		"move":           {func(_ *testing.T, dir *safedir.Dir, _ safedir.FS) error { return dir.Move("sub/a", "other/b") }, map[string]string{"sub/a": "", "other/b": old}},
		"open a log": {func(_ *testing.T, dir *safedir.Dir, _ safedir.FS) error {
			file, err := dir.Log("log")
			if err != nil {
				return err
			}
			_, err = file.Write([]byte("line"))
			return errors.Join(err, file.Sync(), file.Close())
		}, map[string]string{"log": "line"}},
		"take up": {func(t *testing.T, dir *safedir.Dir, in safedir.FS) error {
			t.Helper()
			part(t, in, "text")
			parts, err := dir.Parts("sub", limit)
			if err != nil {
				return err
			}
			return dir.TakeUp(parts[0], "sub/a")
		}, map[string]string{"sub/a": "text"}},
		"remove a part": {func(t *testing.T, dir *safedir.Dir, in safedir.FS) error {
			t.Helper()
			part(t, in, "text")
			parts, err := dir.Parts("sub", limit)
			if err != nil {
				return err
			}
			return dir.RemovePart(parts[0])
		}, map[string]string{"sub/a": old}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &stick.Forgetful{Path: t.TempDir()}
			dir := safedir.On(f.Open)
			must(t, dir.Write("sub/a", []byte(old)))
			must(t, f.Cut())
			in, err := f.Open()
			must(t, err)
			must(t, tt.act(t, dir, in))
			must(t, errors.Join(in.Close(), f.Cut()))
			for file, want := range tt.want {
				text, err := dir.Read(file, limit)
				if want == "" && !errors.Is(err, fs.ErrNotExist) || want != "" && (err != nil || string(text) != want) {
					t.Errorf("%s: %q, %v; want %q", file, text, err, want)
				}
			}
			if parts, err := dir.Parts("sub", limit); err != nil || len(parts) != 0 {
				t.Errorf("%d parts are back, %v", len(parts), err)
			}
		})
	}
}

// part leaves a file as a writer does that was killed before its fsync.
func part(t *testing.T, in safedir.FS, text string) {
	t.Helper()
	file, err := in.OpenFile("sub/.part-LEFT", os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	must(t, err)
	_, err = file.Write([]byte(text))
	folder, folderErr := in.OpenFile("sub", os.O_RDONLY, 0)
	must(t, errors.Join(err, file.Close(), folderErr))
	must(t, errors.Join(folder.Sync(), folder.Close())) // its name lasts
}

// TestForgetful forgets what was not made to last, so that it can show what was.
func TestForgetful(t *testing.T) {
	t.Parallel()
	f := &stick.Forgetful{Path: t.TempDir()}
	in, err := f.Open()
	must(t, err)
	must(t, in.Mkdir("sub", 0o700))
	part(t, in, "text")
	must(t, in.Close())
	must(t, f.Cut())
	if left, err := os.ReadDir(f.Path); err != nil || len(left) != 0 {
		t.Errorf("left are %v, %v", left, err)
	}
}
