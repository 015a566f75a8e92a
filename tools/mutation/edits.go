package main

import "strings"

// edits are insertions into a source text, and texts that are replaced, by offset in bytes. Lines stay where they are.
type edits struct {
	before, after map[int]string // inserted before what begins there, and after what ends there
	replaced      map[int]replacement
}

type replacement struct {
	length int
	text   string
}

func newEdits() edits {
	return edits{before: map[int]string{}, after: map[int]string{}, replaced: map[int]replacement{}}
}

// wrap puts a prefix and a suffix around what lies between two offsets. Of two that share an end, the outer one is to be wrapped first.
func (e edits) wrap(start, end int, prefix, suffix string) {
	e.before[start] += prefix
	e.after[end] = suffix + e.after[end]
}

func (e edits) replace(start, length int, text string) {
	e.replaced[start] = replacement{length: length, text: text}
}

// apply returns the source with all edits made.
func (e edits) apply(source []byte) []byte {
	var out strings.Builder
	for i := 0; i < len(source); i++ {
		out.WriteString(e.after[i])
		out.WriteString(e.before[i])
		if r, ok := e.replaced[i]; ok {
			out.WriteString(r.text)
			i += r.length - 1
			continue
		}
		out.WriteByte(source[i])
	}
	out.WriteString(e.after[len(source)])
	return []byte(out.String())
}
