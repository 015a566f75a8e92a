// Package plain makes text that others wrote safe to show: a value is one line, and nothing in it steers a terminal or hides.
//
//	fmt.Fprintln(out, plain.Text(message))
package plain

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Text shows a value on one line. Line ends, tabs, control characters, and those that turn the direction of writing or take no room stand as Go escapes them, such as
// \n and \u202e: what a workspace says of itself is shown to people, and may be hostile. Bytes that are no UTF-8 stand as \x9b.
func Text(text string) string {
	return escaped(text, func(r rune, raw string) string {
		if r == utf8.RuneError {
			return fmt.Sprintf(`\x%02x`, raw[0])
		}
		quoted := strconv.QuoteRuneToASCII(r)
		return quoted[1 : len(quoted)-1]
	})
}

// JSON escapes in a text that is JSON what [Text] escapes: encoding/json leaves most of it as it is. What the JSON says stays the same.
func JSON(text string) string {
	return escaped(text, func(r rune, raw string) string {
		switch {
		case r < ' ': // it stands between values: inside of one encoding/json escapes it
			return raw
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			return fmt.Sprintf(`\u%04x\u%04x`, high, low)
		}
		return fmt.Sprintf(`\u%04x`, r)
	})
}

// escaped replaces each rune that is not to be seen as it is. A byte that is no UTF-8 comes as [utf8.RuneError].
func escaped(text string, escape func(r rune, raw string) string) string {
	var b strings.Builder
	for at, r := range text {
		size := utf8.RuneLen(r)
		if r == utf8.RuneError {
			_, size = utf8.DecodeRuneInString(text[at:])
		}
		raw := text[at : at+size]
		if hidden(r) || r == utf8.RuneError && size == 1 {
			b.WriteString(escape(r, raw))
			continue
		}
		b.WriteString(raw)
	}
	return b.String()
}

// hidden reports whether a rune breaks a line, steers a terminal, turns the direction of writing, or takes no room: it is no letter, mark, number, sign or space, or it is
// one of the letters and marks that are not shown.
func hidden(r rune) bool {
	return !unicode.IsGraphic(r) || unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r)
}
