package cli

import (
	"strings"
	"testing"

	"github.com/rcreg/registration/internal/exitcode"
)

// Whatever a source holds, a secret is one whole line of it, and an error never repeats it.
func FuzzTokenText(f *testing.F) {
	for _, seed := range []string{"", "token", "token\n", "token\r\n", "two\nlines", " \t", "a b", "\x00", "\u00a0", strings.Repeat("x", maxSecret+1)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		token, err := tokenText("SOURCE", text)
		switch {
		case err == nil && token != strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r"):
			t.Errorf("%q became %q", text, token)
		case err == nil && (token == "" || len(token) > maxSecret || strings.ContainsAny(token, " \t\r\n\x00")):
			t.Errorf("%q was taken", text)
		case err != nil && exitOf(err) != exitcode.Usage:
			t.Errorf("%q: %v is not wrong usage", text, err)
		case err != nil && len(text) > 40 && strings.Contains(err.Error(), text):
			t.Errorf("the error repeats the text: %v", err)
		}
	})
}

func FuzzFileNameOf(f *testing.F) {
	for _, seed := range []string{"https://chat.example.com", "http://127.0.0.1:3000/a/../b", "https://" + strings.Repeat("a", 300), "..", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		name := fileNameOf(address)
		if strings.ContainsAny(name, `/\:`) || len(name) > 255 || !strings.HasSuffix(name, ".json") {
			t.Errorf("%q became %q", address, name)
		}
	})
}
