package grants

import (
	"encoding/json"
	"testing"

	"github.com/rcreg/registration/internal/document"
)

// FuzzGrant reads any file: it is refused, or the grant in it is the same once it was kept again.
func FuzzGrant(f *testing.F) {
	for _, content := range []string{`{"owner":"unique-1","blob":"` + grantOf(1, firstLicense).Blob() + `"}`, `{"owner":"unique-1","sealed":"x"}`, `{"owner":"unique-2","blob":"e30"}`, `{"owner":7}`, `null`} {
		f.Add([]byte(content))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		text := content
		if json.Valid(content) {
			var err error
			text, _, err = document.Write(json.RawMessage(content)) // with the digest that a fuzzer never finds
			must(t, err)
		}
		s := new(Store)
		grant, err := s.grantOf("unique-1", text)
		if err != nil {
			return
		}
		if again, err := s.open(keptGrant{Blob: grant.Blob()}); err != nil || !again.Equal(grant) {
			t.Errorf("%v, and kept again: %v, %v", grant, again, err)
		}
	})
}
