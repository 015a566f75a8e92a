package workspace

import (
	"encoding/json"
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

// sentence makes a server's words fit for an error: what was sent to it is masked, since a server may quote its input,
// control characters go, so that a log line stays one line, and the rest is shortened.
func sentence(said string, sent []string) string {
	// The longest first: a short text inside a long one would leave the rest of it in sight.
	sent = slices.SortedFunc(slices.Values(sent), func(a, b string) int { return len(b) - len(a) })
	for _, text := range sent {
		if len(text) >= minMasked {
			said = strings.ReplaceAll(said, text, secret.Redacted)
		}
	}
	clean := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, said)
	clean = strings.Join(strings.Fields(clean), " ")
	if runes := []rune(clean); len(runes) > maxSentence {
		clean = string(runes[:maxSentence]) + "…"
	}
	return clean
}

// texts returns the texts inside a value that was sent as JSON.
func texts(sent any) []string {
	encoded, err := json.Marshal(sent)
	if err != nil {
		return nil
	}
	var decoded any
	if json.Unmarshal(encoded, &decoded) != nil {
		return nil
	}
	return appendTexts(nil, decoded)
}

func appendTexts(list []string, value any) []string {
	switch value := value.(type) {
	case string:
		list = append(list, value)
	case []any:
		for _, element := range value {
			list = appendTexts(list, element)
		}
	case map[string]any:
		for _, element := range value {
			list = appendTexts(list, element)
		}
	}
	return list
}
