package cloud

import (
	"encoding/base64"
	"strings"
)

// minLicense is how many bytes a license of the older form has at least: one block of RSA with 1024 bits.
const minLicense = 128

// isLicense reports whether a text has a form in which servers read licenses: RCV3_ and a JWT (from 6.5), or base64 of something encrypted. Whether it is
// signed is the server's to say; but from 6.5 a server stores a whole grant before it finds that the license in it is gibberish.
func isLicense(text string) bool {
	if rest, ok := strings.CutPrefix(text, "RCV"); ok {
		if format, token, ok := strings.Cut(rest, "_"); ok && isNumber(format) {
			return isToken(token)
		}
	}
	decoded, err := base64.StdEncoding.DecodeString(text)
	return err == nil && len(decoded) >= minLicense
}

func isNumber(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}

// isToken reports whether a text is three parts of base64 with dots between.
func isToken(text string) bool {
	parts := strings.Split(text, ".")
	for _, part := range parts {
		if _, err := base64.RawURLEncoding.DecodeString(part); err != nil || part == "" {
			return false
		}
	}
	return len(parts) == 3
}
