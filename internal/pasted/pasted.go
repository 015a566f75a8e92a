// Package pasted reads codes and licenses as people paste or save them: what editors, terminals and web pages add does not count.
//
//	code := pasted.Text("\uFEFFeyJh\r\n bGci\n") // eyJhbGci
package pasted

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Text returns a text without what does not belong to it: white space, line breaks, signs that are not seen (Unicode's format characters: byte order marks,
// joiners, soft hyphens, marks of direction), and quotes or a code fence around it. It reads UTF-16 where a mark says so, and one copy of what stands there twice.
func Text(raw string) string {
	return once(strings.Map(func(r rune) rune {
		if isUnseen(r) {
			return -1
		}
		return r
	}, unwrapped(fromUTF16(raw))))
}

func isUnseen(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }

const fence = "```"

// unwrapped cuts off a code fence with its first line, or a pair of quotes.
func unwrapped(text string) string {
	text = strings.TrimFunc(text, isUnseen)
	if inside, ok := strings.CutPrefix(text, fence); ok {
		_, inside, _ = strings.Cut(inside, "\n") // behind the name of a language
		return strings.TrimSuffix(inside, fence)
	}
	first, size := utf8.DecodeRuneInString(text)
	if last, lastSize := utf8.DecodeLastRuneInString(text); isQuote(first) && isQuote(last) && len(text) > size {
		return unwrapped(text[size : len(text)-lastSize])
	}
	return text
}

func isQuote(r rune) bool {
	return strings.ContainsRune("\"'`\u00b4", r) || unicode.In(r, unicode.Pi, unicode.Pf) || r == '\u201e' || r == '\u201a'
}

// shortest is the fewest characters that are not the same twice by chance.
const shortest = 40

// once is one copy of a text that was pasted twice.
func once(text string) string {
	if half := text[:len(text)/2]; len(half) >= shortest && half == text[len(half):] {
		return once(half)
	}
	return text
}

// Foreign names the first character that is neither allowed nor dropped by [Text], with its place in the pasted text from 1, and what it tells, such as
// `character 76 is "=": this went through mail`. It is empty where there is none.
func Foreign(raw string, allowed func(rune) bool) string {
	text := strings.TrimPrefix(fromUTF16(raw), "\uFEFF") // no editor counts it
	inside := unwrapped(text)
	before, _, _ := strings.Cut(text, inside)
	place := utf8.RuneCountInString(before)
	for _, r := range inside {
		place++
		if !isUnseen(r) && !allowed(r) {
			return fmt.Sprintf("character %d is %q%s", place, string(r), trace(r))
		}
	}
	return ""
}

// trace is what a foreign character tells of the way of a text.
func trace(r rune) string {
	switch r {
	case '=':
		return ": this went through mail, which cuts and marks lines (quoted-printable)"
	case '>', '|':
		return ": this was quoted in a mail"
	case '-':
		return ": a hyphen at a line's end was added"
	case '&', ';', '<':
		return ": this is the source of a web page"
	case '%':
		return ": this was taken from an address"
	case '\u2026', '.':
		return ": a part was left out"
	case utf8.RuneError:
		return ": the file was saved in another encoding, or is no text"
	}
	return ""
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
