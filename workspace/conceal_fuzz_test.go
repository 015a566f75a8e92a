package workspace

import (
	"encoding/json"
	"strings"
	"testing"
)

// Whatever a reply holds, no text of it holds a secret that was given, and what is JSON stays JSON.
func FuzzWithoutSecrets(f *testing.F) {
	const short = "abcd"
	for _, seed := range []string{
		`{"a":"` + fuzzToken + `"}`, `["auth-token-\u0030123456789",{"` + fuzzToken + `":"abcd"}]`, `"\"`, `{"a":"\ud800` + fuzzToken + `"}`, ``, `"x`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		clean := withoutSecrets(text, []string{short, fuzzToken})
		var value any
		if json.Unmarshal(clean, &value) != nil {
			if json.Valid(text) {
				t.Fatalf("%q became %q", text, clean)
			}
			return
		}
		for _, shown := range textsAndKeys(value) {
			if strings.Contains(shown, fuzzToken) || shown == short {
				t.Errorf("%q became %q", text, clean)
			}
		}
	})
}

// textsAndKeys are all texts of a value, the names of its fields among them.
func textsAndKeys(value any) []string {
	list := appendTexts(nil, value)
	switch value := value.(type) {
	case []any:
		for _, element := range value {
			list = append(list, textsAndKeys(element)...)
		}
	case map[string]any:
		for key, element := range value {
			list = append(append(list, key), textsAndKeys(element)...)
		}
	}
	return list
}
