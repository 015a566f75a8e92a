package faults

import (
	"bytes"
	"testing"
)

func TestDamages(t *testing.T) {
	t.Parallel()
	content := []byte(`{"a":1}`)
	names := map[string]bool{}
	for _, damage := range Damages(content, 1) {
		if names[damage.Name] || bytes.Equal(damage.Content, content) {
			t.Errorf("%s: %q", damage.Name, damage.Content)
		}
		names[damage.Name] = true
	}
	if want := 6 + 3*len(content); len(names) != want || string(content) != `{"a":1}` {
		t.Errorf("%d damages, want %d, of %q", len(names), want, content)
	}
	if few := Damages(content, 100); len(few) != 6+3 {
		t.Errorf("at the first byte alone: %v", few)
	}
}
