package offline

import (
	"errors"

	"github.com/rcreg/registration/internal/document"
)

// archive puts a closed request and its answer away. It may be done again after it was interrupted: first everything is written, then everything is removed.
func (f *Folder) archive(r Request, answer []byte) error {
	for suffix, text := range map[string][]byte{
		".request" + document.Suffix: r.Text(),
		".request" + textSuffix:      []byte(r.RegistrationData()),
		".answer" + document.Suffix:  answer,
	} {
		if err := f.files().Write(fileOf(archiveFolder, r.ID(), suffix), text); err != nil {
			return err
		}
	}
	return f.forget(r.ID())
}

// forget removes a request and its answer.
func (f *Folder) forget(id string) error {
	failures := make([]error, 0, 4)
	for _, folder := range []string{requestsFolder, answersFolder} {
		for _, suffix := range []string{document.Suffix, textSuffix} {
			failures = append(failures, f.files().Remove(fileOf(folder, id, suffix)))
		}
	}
	return errors.Join(failures...)
}
