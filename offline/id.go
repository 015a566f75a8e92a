package offline

import (
	"crypto/rand"
	"encoding/hex"
	"strings"
)

const (
	idLength    = 16 // of 32 letters and digits: 80 bits
	idAlphabet  = "abcdefghijklmnopqrstuvwxyz234567"
	nonceLength = 32 // bytes
)

// newID returns a fresh id. It becomes part of file names, so it looks the same on every file system.
func newID() string { return strings.ToLower(rand.Text()[:idLength]) }

// checkID refuses what newID cannot have made, above all names that lead elsewhere.
func checkID(id string) error {
	if len(id) != idLength || strings.Trim(id, idAlphabet) != "" {
		return ErrInvalidName
	}
	return nil
}

func newNonce() string {
	var nonce [nonceLength]byte
	_, _ = rand.Read(nonce[:]) // it never fails
	return hex.EncodeToString(nonce[:])
}

// isHex256 reports whether a text is 32 bytes in small hexadecimal digits.
func isHex256(text string) bool {
	return len(text) == 2*nonceLength && strings.Trim(text, "0123456789abcdef") == ""
}
