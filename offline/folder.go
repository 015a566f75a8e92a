package offline

import (
	"errors"
	"fmt"
	"strings"

	"github.com/rcreg/registration/internal/document"
	"github.com/rcreg/registration/internal/safedir"
)

const (
	// FormatName is what every file of the exchange format says it is.
	FormatName = document.Format
	// FormatVersion is the newest version of the format that this package writes and reads.
	FormatVersion = document.Version
)

// The folders of an exchange folder, and of the names in them.
const (
	requestsFolder = "requests"
	answersFolder  = "answers"
	archiveFolder  = "archive"

	textSuffix = ".txt" // what a person pastes or saves; a courier reads and writes documents
)

// Folder is an exchange folder: what is carried between a workspace's side and a courier's side, for example a stick.
//
//	requests/<id>.json  the request, for a courier
//	requests/<id>.txt   the request, for a person: the text to paste into the Cloud console
//	answers/<id>.json   the answer of a courier
//	answers/<id>.txt    the answer that a person saved
//	archive/            requests and answers that are done
//
// Every file is written whole or not at all, and nothing outside the folder is touched. A Folder holds nothing open: the stick may be pulled out and put
// back. It is safe for concurrent use. Make one with [OpenFolder]: an empty or nil one fails.
type Folder struct {
	path string
	dir  *safedir.Dir
}

// OpenFolder returns the exchange folder of a path. It makes the folder when there is none; the one above it must be there.
func OpenFolder(path string) (*Folder, error) {
	if err := safedir.Make(path); err != nil {
		return nil, failed("open the exchange folder", "", err)
	}
	f := &Folder{path: path, dir: safedir.New(path)}
	if err := f.dir.Check(); err != nil {
		return nil, failed("open the exchange folder", "", err)
	}
	document.Sweep(f.dir, requestsFolder, archiveFolder)
	document.SweepBut(f.dir, answersFolder, f.isAwaited)
	return f, nil
}

// Path is the path that the folder was opened with.
func (f *Folder) Path() string {
	if f == nil {
		return ""
	}
	return f.path
}

// files is where the files of a folder are; nil, which refuses everything, for none.
func (f *Folder) files() *safedir.Dir {
	if f == nil {
		return nil
	}
	return f.dir
}

// Requests returns the ids of the requests for a courier, sorted, and the names that are none: renamed files, for example.
func (f *Folder) Requests() (ids, strangers []string, err error) {
	names, err := f.files().Names(requestsFolder)
	if err != nil {
		return nil, nil, failed("list the requests", "", err)
	}
	for _, name := range names {
		id, isDocument := strings.CutSuffix(name, document.Suffix)
		switch {
		case isDocument && checkID(id) == nil:
			ids = append(ids, id)
		case isDocument:
			strangers = append(strangers, name)
		}
	}
	return ids, strangers, nil
}

// Request reads a request. Errors: those of [ParseRequest], those of the file system, and [ErrOtherRequest] when the file holds another one.
func (f *Folder) Request(id string) (Request, error) {
	text, err := f.read(requestsFolder, id, document.Suffix)
	if err != nil {
		return Request{}, failed("read the request", id, err)
	}
	request, err := ParseRequest(text)
	if err != nil {
		return Request{}, failed("read the request", id, errors.Unwrap(err))
	}
	if request.ID() != id {
		return Request{}, failed("read the request", id, fmt.Errorf("its file has another name: %w", ErrOtherRequest))
	}
	return request, nil
}

// writeRequest writes both forms of a request; the one for a courier comes last. The folder of answers is made too: a person who saves a code looks for it.
func (f *Folder) writeRequest(r Request) error {
	if err := f.files().MakeFolder(answersFolder); err != nil {
		return err
	}
	if err := f.files().Write(fileOf(requestsFolder, r.ID(), textSuffix), []byte(r.RegistrationData())); err != nil {
		return err
	}
	return f.files().Write(document.Name(requestsFolder, r.ID()), r.Text())
}

func (f *Folder) read(folder, id, suffix string) ([]byte, error) {
	if err := checkID(id); err != nil {
		return nil, err
	}
	if folder == answersFolder && suffix == document.Suffix {
		return document.ReadOrTakeUp(f.files(), folder, id, document.MaxSize, isAnswerTo(id))
	}
	return f.files().Read(fileOf(folder, id, suffix), document.MaxSize)
}

// fileOf is the name of the file of an id in a folder, with a suffix.
func fileOf(folder, id, suffix string) string { return folder + "/" + id + suffix }
