package cloud

import (
	"encoding/base64"
	"strings"
	"unicode"
	"unicode/utf16"
)

// MaxBlob is how large the text of a code may be, in bytes: the base64 of [MaxGrant], with room for line breaks and for two bytes a character.
const MaxBlob = 4 * MaxGrant

const (
	byteOrderMark  = '\uFEFF'
	zeroWidthSpace = '\u200B' // what some web pages put where a line may break
)

// ParseBlob reads the code that the Cloud console shows under "Continue offline", as somebody pasted or saved it: the base64 of a grant. White space,
// line breaks, a byte order mark, UTF-16 after such a mark, the URL alphabet and missing padding do not matter. It refuses everything that [ParseGrant]
// refuses, and texts of more than [MaxBlob] bytes. Errors: *GrantError.
func ParseBlob(text string) (Grant, error) {
	decoded, problem := decodeBase64(text)
	if problem != "" {
		return Grant{}, &GrantError{Problem: problem}
	}
	return ParseGrant(decoded)
}

// decodeBase64 decodes a text that went through the hands of a person, or says why it cannot.
func decodeBase64(text string) (decoded []byte, problem string) {
	if len(text) > MaxBlob {
		return nil, "the text is too large"
	}
	code := strings.TrimRight(strings.Map(blobRune, fromUTF16(text)), "=")
	if code == "" {
		return nil, "the text is empty"
	}
	if strings.HasPrefix(code, "{") {
		return nil, "this is JSON, and not the base64 of it"
	}
	decoded, err := base64.RawStdEncoding.DecodeString(code)
	if err != nil {
		return nil, "the text is not base64: copy it again, in full"
	}
	return decoded, ""
}

// blobRune drops what does not count and turns the URL alphabet into the standard one.
func blobRune(r rune) rune {
	switch {
	case unicode.IsSpace(r), r == byteOrderMark, r == zeroWidthSpace:
		return -1
	case r == '-':
		return '+'
	case r == '_':
		return '/'
	}
	return r
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
