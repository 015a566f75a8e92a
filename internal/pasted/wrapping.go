package pasted

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// assignment begins a line of a file of variables. A base64 text may end in =, so that something has to follow.
var assignment = regexp.MustCompile(`^(?:export\s+)?[A-Za-z_][A-Za-z0-9_]*=[^=]`)

// Wrapping says what stands around a token or an address and is no part of it, as the predicate of a sentence such as "has quotes around it", without
// repeating the text. It is empty where there is nothing.
func Wrapping(text string) string {
	text = strings.TrimSpace(text)
	first, _ := utf8.DecodeRuneInString(text)
	last, _ := utf8.DecodeLastRuneInString(text)
	switch {
	case strings.HasPrefix(text, "\xff\xfe"), strings.HasPrefix(text, "\xfe\xff"), strings.HasPrefix(text, "\x00"), len(text) > 1 && text[1] == 0:
		return "is UTF-16, and not plain text"
	case first == '\uFEFF':
		return "begins with a byte order mark"
	case text == "":
		return ""
	case isQuote(first), isQuote(last):
		return "has quotes around it"
	case strings.ContainsRune("<([{", first), strings.ContainsRune(">)]}", last) && !strings.Contains(text, "["):
		return "has brackets around it"
	case assignment.MatchString(text):
		return "begins with the name of a variable and ="
	}
	return ""
}
