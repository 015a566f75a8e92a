package cli

import (
	"fmt"
	"io"
	"os"
)

// maxText is far above any license, answer or set of scanned parts, in bytes.
const maxText = 4 << 20

// textOf reads what a person was sent, from a file or, for "-", from stdin. No error repeats the text.
func (a *app) textOf(what, flag, path string) (string, error) {
	advice := fmt.Sprintf("pass --%s FILE, or --%[1]s - for stdin", flag)
	in := a.Stdin
	switch path {
	case "":
		return "", usage(what+" is missing", advice)
	case "-":
	default:
		file, err := os.Open(path) //nolint:gosec // the user says which file
		if err != nil {
			return "", usage(fmt.Sprintf("%s cannot be read: %v", what, err), advice)
		}
		defer func() { _ = file.Close() }()
		in = file
	}
	text, err := io.ReadAll(io.LimitReader(in, maxText+1))
	switch {
	case err != nil:
		return "", usage(fmt.Sprintf("%s cannot be read: %v", what, err), advice)
	case len(text) > maxText:
		return "", usage(what+" is far too long", advice)
	}
	return string(text), nil
}
