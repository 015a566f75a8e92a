package offline

import (
	"errors"
	"fmt"
	"io/fs"
)

// hasAnswer tells whether the folder holds an answer to a request: a courier's, or what a person saved. One that cannot be trusted is an error, since the
// courier that wrote it has spent a token.
func (f *Folder) hasAnswer(r Request) (bool, error) {
	text, err := f.read(answersFolder, r.ID(), documentSuffix)
	if errors.Is(err, fs.ErrNotExist) {
		return f.dir.Has(fileOf(answersFolder, r.ID(), textSuffix))
	}
	var content answerContent
	if err == nil {
		content, err = parseAnswer(text)
	}
	if err == nil {
		err = content.isFor(r)
	}
	if err != nil {
		return false, fmt.Errorf("there is an answer of somebody else: %w", err)
	}
	return true, nil
}

func (f *Folder) writeAnswer(r Request, document []byte) error {
	return f.dir.Write(fileOf(answersFolder, r.ID(), documentSuffix), document)
}
