// Package scan takes a text across a gap by eye: as QR codes on a terminal, and back from a hand-held scanner that types what it reads.
//
//	parts, err := scan.Split(text)
//	code, err := scan.Draw(parts[0])
//	texts, err := scan.Join(typed)
//
// A scanner types like a keyboard, and the machine takes the keys for those of its own layout. So a part consists of nothing but letters that are in
// the same place on QWERTY, QWERTZ and AZERTY keyboards, whatever Caps Lock does. docs/exchange-format.md describes it.
package scan

import (
	"crypto/sha256"
	"errors"
	"fmt"
)

const (
	maxText  = 1 << 20            // bytes of a text, and of all that are joined at once; real ones have a few thousand
	perPart  = 290                // compressed bytes: 609 letters, for a code that fits a terminal of 80 columns
	maxParts = 1<<8 - 1           // what two letters can count
	prefix   = "RCREGC"           // the C is the version, 1. R is no letter of numbers and data, so that no part has another one in it
	letters  = "BCDEFGHJKLNPSTUV" // for 0 to 15
)

// How many letters the fields of a part have.
const (
	digestLetters = 8
	countLetters  = 2
	lengthLetters = 3
	headLetters   = digestLetters + 2*countLetters + lengthLetters
)

// ErrTooLong says that a text takes more parts than anybody can scan.
var ErrTooLong = errors.New("the text is too long for QR codes")

// Split makes the parts of a text, all of about the same length. Errors: [ErrTooLong].
func Split(text []byte) ([]string, error) {
	packed, err := pack(text)
	if err != nil {
		return nil, fmt.Errorf("the text cannot be compressed: %w", err)
	}
	count := (len(packed) + perPart - 1) / perPart
	if count > maxParts || len(text) > maxText {
		return nil, fmt.Errorf("%w: it takes %d parts, and %d are possible", ErrTooLong, count, maxParts)
	}
	id := digest(text)
	parts := make([]string, count)
	for i := range parts {
		piece := packed[i*len(packed)/count : (i+1)*len(packed)/count]
		body := id + number(i+1, countLetters) + number(count, countLetters) + number(len(piece), lengthLetters) + encode(piece)
		parts[i] = prefix + body + digest([]byte(body))
	}
	return parts, nil
}

// digest is the beginning of the SHA-256 of a text. It shows accidents: there is no need to keep anyone from making another text with the same one.
func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return encode(sum[:digestLetters/2])
}

// encode writes each byte as two letters.
func encode(text []byte) string {
	typed := make([]byte, 0, 2*len(text))
	for _, b := range text {
		typed = append(typed, letters[b>>4], letters[b&0xf])
	}
	return string(typed)
}

// number writes a number that is not negative with so many letters.
func number(n, width int) string {
	typed := make([]byte, width)
	for i := range typed {
		typed[width-1-i] = letters[n>>(4*i)&0xf]
	}
	return string(typed)
}
