package cloud

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"

	"github.com/rcreg/registration/internal/pasted"
)

// MaxBlob is how large the text of a code may be, in bytes: the base64 of [MaxGrant], with room for line breaks and for two bytes a character.
const MaxBlob = 4 * MaxGrant

// ParseBlob reads the code that the Cloud console shows under "Continue offline", as it was pasted or saved: the base64 of a grant. White space,
// line breaks, signs that are not seen, quotes around it, UTF-16 after its mark, a second copy, the URL alphabet and missing padding do not matter. It refuses everything that [ParseGrant]
// refuses, and texts of more than [MaxBlob] bytes. Errors: *GrantError.
func ParseBlob(text string) (Grant, error) {
	decoded, problem := decodeBase64(text)
	if problem != "" {
		return Grant{}, &GrantError{Problem: problem}
	}
	grant, err := ParseGrant(decoded)
	if at := hyphens.FindStringIndex(text); err != nil && at != nil {
		return Grant{}, &GrantError{Problem: fmt.Sprintf("character %d is \"-\", at the end of a line: a program added hyphens where it broke lines: copy it again, from the page itself", at[0]+1)}
	}
	return grant, err
}

// hyphens are at the end of a line, where programs put them that break words.
var hyphens = regexp.MustCompile(`-\s*\n`)

func isBase64(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("+/-_", r)
}

// decodeBase64 decodes a text that went through the hands of a person, or says why it cannot.
func decodeBase64(text string) (decoded []byte, problem string) {
	if len(text) > MaxBlob {
		return nil, "the text is too large"
	}
	code := strings.TrimRight(strings.NewReplacer("-", "+", "_", "/").Replace(pasted.Text(text)), "=")
	if code == "" {
		return nil, "the text is empty"
	}
	if strings.HasPrefix(code, "{") {
		return nil, "this is JSON, and not the base64 of it"
	}
	decoded, err := base64.RawStdEncoding.DecodeString(code)
	if err != nil {
		if foreign := pasted.Foreign(strings.TrimRight(text, "= \r\n"), isBase64); foreign != "" {
			return nil, "the text is not base64: " + foreign + ": copy it again, from the page itself"
		}
		return nil, "the text is not base64: copy it again, in full"
	}
	return decoded, ""
}
