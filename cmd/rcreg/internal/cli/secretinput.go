package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/rcreg/registration/internal/pasted"
	"github.com/rcreg/registration/internal/safedir"
)

// maxSecret is far above any token or password, in bytes.
const maxSecret = 64 << 10

// secretText is the one line of a secret's source: the line's end is cut off, and nothing else. No error repeats the text.
func secretText(source, text string) (string, error) {
	text = strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r")
	switch {
	case len(text) > maxSecret:
		return "", usage(source+" is far too long", "give the bare secret")
	case strings.TrimSpace(text) == "":
		return "", usage(source+" is empty", "put the secret there, on one line")
	case strings.ContainsAny(text, "\n\r"):
		return "", usage(source+" holds more than one line", "put the bare secret there, on one line")
	}
	return text, nil
}

// tokenText is secretText for tokens, which never hold white space or control characters.
func tokenText(source, text string) (string, error) {
	text, err := secretText(source, text)
	if wrapping := pasted.Wrapping(text); err == nil && wrapping != "" {
		err = usage(source+" "+wrapping, "put the bare token there, as it was issued")
	} else if err == nil && strings.ContainsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }) {
		err = usage(source+" holds white space or control characters", "put the bare token there, as it was issued")
	}
	return text, err
}

// secretFile reads a file that holds one secret.
func secretFile(flag, path string) (source, text string, err error) {
	source = "the file of --" + flag
	data, err := privateFile(flag, path, maxSecret+2) // with room for the line's end
	return source, string(data), err
}

// privateFile reads a file that holds secrets, which no other user may be able to read, or a pipe.
func privateFile(flag, path string, limit int64) ([]byte, error) {
	data, err := safedir.ReadPrivate(path, limit)
	if err != nil {
		return nil, badPrivateFile("the file of --"+flag, path, err)
	}
	return data, nil
}

// badPrivateFile says what to do about a file of secrets that cannot be read, or must not be.
func badPrivateFile(source, path string, err error) error {
	switch {
	case errors.Is(err, safedir.ErrReadableByOthers):
		return usage(fmt.Sprintf("%s is refused: %v", source, err), "chmod 600 "+path+", and see who could read it; or pass it through a pipe")
	case errors.Is(err, safedir.ErrTooLarge):
		return usage(source+" is far too long", "name a file that holds the secret and nothing else")
	}
	return usage(fmt.Sprintf("%s cannot be read: %v", source, err), "name a file that holds the secret and nothing else")
}

// secretStream reads a secret to its end, or until it is certainly none.
func secretStream(source string, in io.Reader) (string, error) {
	text, err := io.ReadAll(io.LimitReader(in, maxSecret+3)) // with room for the line's end
	if err != nil {
		return "", usage(fmt.Sprintf("%s cannot be read: %v", source, err), "run it again")
	}
	return string(text), nil
}
