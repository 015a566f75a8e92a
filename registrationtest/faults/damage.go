package faults

import (
	"bytes"
	"fmt"
)

// Damage is a file that came back other than it was written.
type Damage struct {
	Name    string // what happened to it
	Content []byte
}

// Damages returns what becomes of the content of a file on a failing disk, in a copy that was cut off, or where something else got its name: emptied, zeros alone,
// foreign texts, and at each step-th byte a zero, a flipped bit and the end. It is to files what [All] is to exchanges: a program that keeps what works once
// must refuse such a file by its name, or have lost nothing.
func Damages(content []byte, step int) []Damage {
	all := []Damage{
		{"empty", nil},
		{"zeros alone", make([]byte, len(content))},
		{"a web page", []byte("<html><body><h1>It works!</h1></body></html>\n")},
		{"foreign JSON", []byte(`{"version": 1, "name": "package"}` + "\n")},
		{"a text without a line end", []byte("x")},
		{"twice in a row", append(bytes.Clone(content), content...)},
	}
	at := func(i int, name string, change func([]byte) []byte) {
		if changed := change(bytes.Clone(content)); !bytes.Equal(changed, content) {
			all = append(all, Damage{fmt.Sprintf("%s at byte %d of %d", name, i, len(content)), changed})
		}
	}
	for i := 0; i < len(content); i += max(step, 1) {
		at(i, "a zero", func(b []byte) []byte { b[i] = 0; return b })
		at(i, "a flipped bit", func(b []byte) []byte { b[i] ^= 1 << (i % 8); return b })
		at(i, "cut off", func(b []byte) []byte { return b[:i] })
	}
	return all
}
