package fleet

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/internal/safedir"
	"github.com/rcreg/registration/internal/secret"
	"github.com/rcreg/registration/internal/shell"
)

// Reference says where a secret is: in an environment variable or in a file that only its owner can read. Exactly one is set. The zero value refers to
// nothing.
type Reference struct {
	Env  string `json:"env,omitempty"`
	File string `json:"file,omitempty"`
}

// maxSecret is far above any token or password, in bytes.
const maxSecret = 64 << 10

// IsZero reports whether it refers to nothing.
func (r Reference) IsZero() bool { return r == Reference{} }

// String names the variable or the file.
func (r Reference) String() string {
	switch {
	case r.Env != "":
		return "the variable " + r.Env
	case r.File != "":
		return "the file " + r.File
	}
	return "nothing"
}

// isPerName reports whether it leads to another file for each workspace.
func (r Reference) isPerName() bool { return strings.Contains(r.File, nameInTexts) }

// in returns the reference of a list in a folder for the workspace of a name.
func (r Reference) in(dir, name string) Reference {
	if r.File == "" {
		return r
	}
	r.File = strings.ReplaceAll(r.File, nameInTexts, name)
	if !filepath.IsAbs(r.File) {
		r.File = filepath.Join(dir, r.File)
	}
	return r
}

// referenceError says why a reference leads to no secret.
type referenceError struct {
	Reference
	problem string
	err     error // may be nil
}

func (e *referenceError) Error() string { return e.String() + " " + e.problem }

func (e *referenceError) Unwrap() error { return e.err }

// Read returns the secret as it is now. A line end at the end of a file does not belong to it. Errors: *referenceError.
func (r Reference) Read() (cloud.Secret, error) {
	var text []byte
	switch {
	case r.Env != "":
		value, ok := os.LookupEnv(r.Env)
		if !ok {
			return cloud.Secret{}, &referenceError{Reference: r, problem: "is not set"}
		}
		text = []byte(value)
	case r.File != "":
		content, err := safedir.ReadPrivate(r.File, maxSecret)
		if err != nil {
			return cloud.Secret{}, r.unreadable(err)
		}
		text = bytes.TrimRight(content, "\r\n")
	default:
		return cloud.Secret{}, &referenceError{Reference: r, problem: "is referred to: name a variable (env) or a file (file)"}
	}
	if problem := problemOfSecret(text); problem != "" {
		return cloud.Secret{}, &referenceError{Reference: r, problem: problem}
	}
	return secret.New(string(text)), nil
}

// problemOfSecret is what is wrong with a secret, without quoting it.
func problemOfSecret(text []byte) string {
	switch {
	case len(bytes.TrimSpace(text)) == 0:
		return "is empty"
	case len(text) > maxSecret:
		return fmt.Sprintf("holds more than %d bytes", maxSecret)
	case bytes.ContainsAny(text, "\r\n"):
		return "holds more than one line"
	}
	return ""
}

// unreadable says in one phrase why a file cannot be read. The error of the file system repeats the path, so only its reason is passed on.
func (r Reference) unreadable(err error) error {
	problem := "cannot be read: " + err.Error()
	var pathErr *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		problem = "is not there"
	case errors.Is(err, safedir.ErrReadableByOthers):
		problem = "can be read by others than its owner: run chmod 600 " + shell.Word(r.File)
	case errors.As(err, &pathErr):
		problem = "cannot be read: " + pathErr.Err.Error()
	}
	return &referenceError{Reference: r, problem: problem, err: err}
}
