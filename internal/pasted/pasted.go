// Package pasted reads codes and licenses as people paste or save them: what editors, terminals and web pages add does not count.
//
//	code := pasted.Text("\uFEFFeyJh\r\n bGci\n") // eyJhbGci
package pasted

import (
	"strings"
	"unicode"
	"unicode/utf16"
)

const (
	byteOrderMark  = '\uFEFF'
	zeroWidthSpace = '\u200B' // what some web pages put where a line may break
)

// Text returns a text without white space, line breaks and byte order marks, and from UTF-16 where such a mark says so.
func Text(raw string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == byteOrderMark || r == zeroWidthSpace {
			return -1
		}
		return r
	}, fromUTF16(raw))
}

// fromUTF16 converts a text that begins with a UTF-16 byte order mark, as editors and shells of Windows write it. Others it returns as they are.
func fromUTF16(text string) string {
	var high, low int
	switch {
	case strings.HasPrefix(text, "\xff\xfe"):
		high, low = 1, 0
	case strings.HasPrefix(text, "\xfe\xff"):
		high, low = 0, 1
	default:
		return text
	}
	units := make([]uint16, 0, len(text)/2)
	for i := 0; i+1 < len(text); i += 2 {
		units = append(units, uint16(text[i+high])<<8|uint16(text[i+low]))
	}
	return string(utf16.Decode(units))
}
