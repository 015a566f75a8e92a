// Package secret holds texts that must never be seen: tokens, passwords, client secrets.
//
//	token := secret.New("abc")
//	fmt.Println(token)            // [redacted]
//	request.Header.Set("X-Auth-Token", token.Reveal())
package secret

import (
	"fmt"
	"io"
	"log/slog"
)

// Redacted is what a secret prints as.
const Redacted = "[redacted]"

// Secret is a text that prints as Redacted in every verb of fmt, in JSON, as text and in log/slog. The zero value holds
// the empty text.
//
// The text sits behind a pointer, because fmt reads unexported fields without asking their methods: a struct that holds a
// string-based secret would print it.
type Secret struct{ text *string }

// New hides a text.
func New(text string) Secret { return Secret{text: &text} }

// Reveal returns the text, for the one place that sends or stores it.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// IsEmpty reports whether the text is empty.
func (s Secret) IsEmpty() bool { return s.Reveal() == "" }

// String returns Redacted.
func (s Secret) String() string { return Redacted }

// Format prints Redacted, whatever the verb.
func (s Secret) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, Redacted) }

// MarshalText returns Redacted. It covers JSON, as a value and as the key of a map.
func (s Secret) MarshalText() ([]byte, error) { return []byte(Redacted), nil }

// LogValue returns Redacted.
func (s Secret) LogValue() slog.Value { return slog.StringValue(Redacted) }
