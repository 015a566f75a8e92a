// Package stick is a file system for tests that fails half way, as a stick does that is full, worn out or pulled out.
//
//	s := &stick.Stick{Path: t.TempDir(), FailAt: 3, Err: syscall.ENOSPC}
//	err := safedir.On(s.Open).Write("a.json", text) // the third act fails
//	s.Acts()                                        // how many there were
package stick

import (
	"io"
	"io/fs"
	"os"
	"sync/atomic"

	"github.com/rcreg/registration/internal/safedir"
)

// Stick is a folder whose acts fail from a certain one on. An act is anything that changes the folder, or makes a change last.
type Stick struct {
	Path string
	// FailAt is the act that fails, counted from 1; 0 is none.
	FailAt int64
	Err    error
	// Once lets later acts succeed, as on a full disk where room is made. Otherwise all fail, as on a stick that is gone.
	Once bool
	// Kills ends the process in the place of a failure, as SIGKILL does: before the act, or with half of what is written.
	Kills bool
	// ShortReads ends every file in its middle.
	ShortReads bool

	acts atomic.Int64
}

// Acts is how many acts were tried.
func (s *Stick) Acts() int64 { return s.acts.Load() }

// Open enters the folder.
func (s *Stick) Open() (safedir.FS, error) {
	in, err := safedir.OpenRoot(s.Path)
	if err != nil {
		return nil, err
	}
	return root{in, s}, nil
}

// act counts an act, and says whether it fails.
func (s *Stick) act() error {
	n := s.acts.Add(1)
	if s.FailAt > 0 && (n == s.FailAt || n > s.FailAt && !s.Once) {
		return s.Err
	}
	return nil
}

// try is act for what is not half done when the process ends.
func (s *Stick) try() error {
	err := s.act()
	if err != nil {
		s.die()
	}
	return err
}

// die ends the process, where it is to end: nothing is cleaned up.
func (s *Stick) die() {
	if !s.Kills {
		return
	}
	if self, err := os.FindProcess(os.Getpid()); err == nil {
		_ = self.Kill()
	}
	select {}
}

type root struct {
	safedir.FS
	stick *Stick
}

func (r root) OpenFile(name string, flag int, perm fs.FileMode) (safedir.File, error) {
	if flag&os.O_CREATE != 0 {
		if err := r.stick.try(); err != nil {
			return nil, err
		}
	}
	f, err := r.FS.OpenFile(name, flag, perm)
	if err != nil {
		return nil, err
	}
	return &file{File: f, stick: r.stick}, nil
}

func (r root) Mkdir(name string, perm fs.FileMode) error {
	if err := r.stick.try(); err != nil {
		return err
	}
	return r.FS.Mkdir(name, perm)
}

func (r root) Rename(from, to string) error {
	if err := r.stick.try(); err != nil {
		return err
	}
	return r.FS.Rename(from, to)
}

func (r root) Remove(name string) error {
	if err := r.stick.try(); err != nil {
		return err
	}
	return r.FS.Remove(name)
}

type file struct {
	safedir.File
	stick *Stick
	read  int64
}

// Write writes half of what fails, as file systems do.
func (f *file) Write(data []byte) (int, error) {
	if err := f.stick.act(); err != nil {
		n, _ := f.File.Write(data[:len(data)/2])
		f.stick.die()
		return n, err
	}
	return f.File.Write(data)
}

func (f *file) Sync() error {
	if err := f.stick.try(); err != nil {
		return err
	}
	return f.File.Sync()
}

func (f *file) Truncate(size int64) error {
	if err := f.stick.try(); err != nil {
		return err
	}
	return f.File.Truncate(size)
}

func (f *file) Read(into []byte) (int, error) {
	if !f.stick.ShortReads {
		return f.File.Read(into)
	}
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	left := info.Size()/2 - f.read
	if left <= 0 {
		return 0, io.EOF
	}
	n, err := f.File.Read(into[:min(int64(len(into)), left)])
	f.read += int64(n)
	return n, err
}
