package httpclient

import (
	"errors"
	"slices"
	"strings"
	"unicode"

	"github.com/rcreg/registration/internal/secret"
)

const (
	// maxSentence is how many runes of a server's sentence an error keeps.
	maxSentence = 300
	// minMasked is the length from which a text that was sent is masked. Shorter ones are words like "true".
	minMasked = 4
)

// Sentence makes a server's words fit for an error: what was sent to it is masked, since a server may quote its input,
// control characters go, so that a log line stays one line, and the rest is shortened.
func Sentence(said string, sent []string) string {
	// Once more behind the cleaning: a control character inside a secret hides it from the first look.
	clean := masked(onOneLine(masked(said, sent)), sent)
	if runes := []rune(clean); len(runes) > maxSentence {
		clean = string(runes[:maxSentence]) + "…"
	}
	return clean
}

func masked(said string, sent []string) string {
	// The longest first: a short text inside a long one would leave the rest of it in sight.
	sent = slices.SortedFunc(slices.Values(sent), func(a, b string) int { return len(b) - len(a) })
	for _, text := range sent {
		if len(text) >= minMasked {
			said = strings.ReplaceAll(said, text, secret.Redacted)
		}
	}
	return said
}

// onOneLine drops what cannot be seen and could break a line or steer a terminal.
func onOneLine(said string) string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, said)
	return strings.Join(strings.Fields(clean), " ")
}

// Clean returns the error, or one that reads as Sentence makes it: net/http and the WebSocket quote what a server sent,
// and a server may send back what it was sent. errors.Is and errors.As see the error behind; nothing prints it.
func Clean(err error, sent []string) error {
	said := err.Error()
	if text := Sentence(said, sent); text != said {
		return &cleanError{text: text, err: err}
	}
	return err
}

type cleanError struct {
	text string
	err  error
}

func (e *cleanError) Error() string { return e.text }

// Is looks at the error behind. There is no Unwrap, which would hand it out to be printed.
func (e *cleanError) Is(target error) bool { return errors.Is(e.err, target) }

// As looks at the error behind.
func (e *cleanError) As(target any) bool { return errors.As(e.err, target) }
