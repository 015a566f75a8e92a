package licenses

import (
	"encoding/base64"
	"testing"
	"time"
)

// signed is a text of the right form around any claims.
func signed(claims string) string {
	return "RCV3_e30." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".x"
}

func TestIsFor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		value, kind, address string
		want                 bool
	}{
		{"chat.example.com", "url", "https://chat.example.com", true},
		{"chat.example.com", "url", "https://chat.example.com/", true},
		{"https://chat.example.com", "url", "https://chat.example.com", true},
		{"example.com/chat", "url", "https://example.com/chat", true},
		{"other.example.com", "url", "https://chat.example.com", false},
		{`.*\.example\.com`, "regex", "https://chat.example.com", true},
		{`example`, "regex", "https://chat.example.com", false},
		{"*", "regex", "https://chat.example.com", true},
		{"(", "regex", "https://chat.example.com", false},
	} {
		l := Parse(signed(`{"validation":{"serverUrls":[{"value":` + quote(c.value) + `,"type":"` + c.kind + `"}]}}`))
		if got := l.isFor(c.address); got != c.want {
			t.Errorf("a license for the %s %s is for %s: %v, want %v", c.kind, c.value, c.address, got, c.want)
		}
	}
}

func quote(text string) string {
	raw := []byte{'"'}
	for i := range len(text) {
		if text[i] == '\\' {
			raw = append(raw, '\\')
		}
		raw = append(raw, text[i])
	}
	return string(append(raw, '"'))
}

func FuzzParse(f *testing.F) {
	for _, claims := range []string{``, `{}`, `[]`, `{"validation":5}`, `{"validation":{"validPeriods":[{"validUntil":"x"}]}}`, `{"grantedModules":[{}]}`} {
		f.Add(signed(claims))
		f.Add(claims)
	}
	f.Fuzz(func(t *testing.T, text string) {
		l := Parse(text)
		reasons := l.reasons("https://chat.example.com", time.Unix(0, 0))
		if l.modules(reasons) == nil || l.claims == nil && l.isFor("https://chat.example.com") {
			t.Errorf("%q has no modules at all, or counts without claims", text)
		}
		_ = l.expiry()
	})
}
