package offline_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path"
	"sync"

	"github.com/rcreg/registration/internal/safedir"
)

// steps are those of a registration: each request that leaves, each reply that was read, and each change of a folder. The process dies at one of them.
//
// A killed process loses nothing that it has written, so that making a file last is no step: what survives a power cut is what the tests with failing
// sticks look at.
type steps struct {
	killAt int // counted from 1; 0 is never
	names  func(string)
	mu     sync.Mutex
	taken  int
	seen   map[string]int
}

// step is called when everything before it is done, and nothing of what comes after it.
func (s *steps) step(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken++
	s.seen[name]++
	if n := s.seen[name]; n > 1 {
		name = fmt.Sprintf("%s (%d)", name, n)
	}
	s.names(name)
	if s.taken == s.killAt {
		die()
	}
}

// die ends the process as SIGKILL does: nothing is cleaned up.
func die() {
	if self, err := os.FindProcess(os.Getpid()); err == nil {
		_ = self.Kill()
	}
	select {}
}

// wire is a round tripper whose requests are steps.
type wire struct {
	http.RoundTripper
	steps *steps
	// withoutLicense takes the license out of every grant: the Cloud need not send one.
	withoutLicense bool
}

func (w wire) RoundTrip(r *http.Request) (*http.Response, error) {
	name := r.Method + " " + path.Base(r.URL.Path)
	w.steps.step("before " + name)
	resp, err := w.RoundTripper.RoundTrip(r)
	if err == nil && resp.StatusCode != http.StatusSwitchingProtocols {
		err = w.read(resp, name == "POST clients" && w.withoutLicense)
	}
	w.steps.step("after " + name)
	return resp, err
}

// read reads a reply whole.
func (wire) read(resp *http.Response, dropLicense bool) error {
	body, err := io.ReadAll(resp.Body)
	if err := resp.Body.Close(); err != nil {
		return err
	}
	if err == nil && dropLicense {
		var grant map[string]json.RawMessage
		if err := json.Unmarshal(body, &grant); err != nil {
			return err
		}
		delete(grant, "licenseData")
		body, err = json.Marshal(grant)
		resp.ContentLength = int64(len(body))
		resp.Header.Del("Content-Length")
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return err
}

// disk is a folder whose changes are steps.
type disk struct {
	safedir.FS
	name  string
	steps *steps
}

// on returns what opens the folder of a path as a disk.
func (s *steps) on(folder string) func() (safedir.FS, error) {
	return func() (safedir.FS, error) {
		in, err := safedir.OpenRoot(folder)
		return disk{in, path.Base(folder), s}, err
	}
}

// place names the folder that a file is in: the names of files are random.
func (d disk) place(name string) string { return path.Join(d.name, path.Dir(name)) }

func (d disk) OpenFile(name string, flag int, perm fs.FileMode) (safedir.File, error) {
	if flag&os.O_CREATE != 0 {
		d.steps.step("create in " + d.place(name))
	}
	f, err := d.FS.OpenFile(name, flag, perm)
	if err != nil {
		return nil, err
	}
	return paper{f, d.place(name), d.steps}, nil
}

func (d disk) Mkdir(name string, perm fs.FileMode) error {
	d.steps.step("make " + path.Join(d.name, name))
	return d.FS.Mkdir(name, perm)
}

func (d disk) Rename(from, to string) error {
	d.steps.step("rename in " + d.place(to))
	return d.FS.Rename(from, to)
}

func (d disk) Remove(name string) error {
	d.steps.step("remove in " + d.place(name))
	return d.FS.Remove(name)
}

// paper is a file of a disk. It is written in two halves.
type paper struct {
	safedir.File
	place string
	steps *steps
}

func (p paper) Write(data []byte) (int, error) {
	p.steps.step("write in " + p.place)
	n, err := p.File.Write(data[:len(data)/2])
	if err != nil {
		return n, err
	}
	p.steps.step("half written in " + p.place)
	more, err := p.File.Write(data[n:])
	return n + more, err
}
