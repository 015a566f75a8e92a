package offline

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/rcreg/registration/internal/document"
)

// answers lists the requests in the place of whose answers there is something, whatever it is.
func (f *Folder) answers() (map[string]bool, error) {
	names, err := f.files().Names(answersFolder)
	if err != nil {
		return nil, failed("list the answers", "", err)
	}
	ids := make(map[string]bool, len(names))
	for _, name := range names {
		for _, suffix := range []string{document.Suffix, textSuffix} {
			if id, ok := strings.CutSuffix(name, suffix); ok {
				ids[id] = true
			}
		}
	}
	parts, err := f.files().Parts(answersFolder, document.MaxSize)
	for _, part := range parts {
		if content, err := parseAnswer(part.Text); err == nil {
			ids[content.Request] = true
		}
	}
	return ids, failed("list the answers", "", err)
}

// Strays lists what lies among the answers under a name that is none of an answer, such as "ID (1).txt" or code.txt, sorted: it is not looked at. An answer is
// answers/ID.json of a courier, or answers/ID.txt of the Cloud console, ID being that of its request. Errors: those of the file system.
func (f *Folder) Strays() ([]string, error) {
	names, err := f.files().Names(answersFolder)
	isAnswer := func(name string) bool {
		id, isDocument := strings.CutSuffix(name, document.Suffix)
		if !isDocument {
			id, isDocument = strings.CutSuffix(name, textSuffix)
		}
		return isDocument && checkID(id) == nil
	}
	return slices.DeleteFunc(names, isAnswer), failed("list the answers", "", err)
}

// isAwaited reports whether a text may be the answer to a request in the folder.
func (f *Folder) isAwaited(text []byte) bool {
	content, err := parseAnswer(text)
	if err != nil {
		return !document.IsHalfWritten(err)
	}
	has, err := f.files().Has(document.Name(requestsFolder, content.Request))
	return has || err != nil
}

// Answer reads a courier's answer to a request as it is in the folder, sealed: for a screen, for example. Errors: [ErrNoAnswer], those of the file
// system, and the reasons to refuse a file, from [ErrTruncated] to [ErrOtherRequest].
func (f *Folder) Answer(r Request) ([]byte, error) {
	text, err := f.courierAnswer(r)
	if errors.Is(err, fs.ErrNotExist) {
		err = ErrNoAnswer
	}
	return text, failed("read the answer", r.ID(), err)
}

// courierAnswer reads a courier's answer, and checks what can be checked without its key.
func (f *Folder) courierAnswer(r Request) ([]byte, error) {
	text, err := f.read(answersFolder, r.ID(), document.Suffix)
	var content answerContent
	if err == nil {
		content, err = parseAnswer(text)
	}
	if err == nil {
		err = content.isFor(r)
	}
	if err != nil {
		return nil, err
	}
	return text, nil
}

// checkAnswer looks at the answer to a request: a courier's, or else what a person saved, which only the workspace's side can judge. One that cannot be
// trusted is an error, since the courier that wrote it has spent a token.
func (f *Folder) checkAnswer(r Request) error {
	_, err := f.courierAnswer(r)
	if errors.Is(err, fs.ErrNotExist) {
		_, err = f.read(answersFolder, r.ID(), textSuffix)
		return err
	}
	if err != nil {
		return fmt.Errorf("there is an answer that cannot be trusted: %w", err)
	}
	return nil
}

// checkUnanswered is checkAnswer for who is about to answer. The error is errAnsweredMeanwhile where another one was faster.
func (f *Folder) checkUnanswered(r Request) error {
	switch err := f.checkAnswer(r); {
	case err == nil:
		return errAnsweredMeanwhile
	case errors.Is(err, fs.ErrNotExist) && !errors.Is(err, ErrFolderMissing):
		return nil
	default:
		return err
	}
}

func (f *Folder) writeAnswer(r Request, doc []byte) error {
	return f.files().Write(document.Name(answersFolder, r.ID()), doc)
}
