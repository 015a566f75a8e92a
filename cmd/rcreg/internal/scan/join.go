package scan

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/rcreg/registration/internal/pasted"
)

// Why nothing can be joined. Compare with errors.Is.
var (
	// ErrNoParts: there is no part in the text.
	ErrNoParts = errors.New("no scanned part is there")
	// ErrDamaged: there are parts, and none is as it was shown; or they do not make the text that they say.
	ErrDamaged = errors.New("the scanned parts are damaged: scan them again, with a keyboard layout of Latin letters")
)

// MissingError names the parts of a text that are not there, or damaged.
type MissingError struct {
	Missing []int // from 1, ascending
	Count   int   // of all parts
}

// Error names them.
func (e *MissingError) Error() string {
	numbers := make([]string, len(e.Missing))
	for i, n := range e.Missing {
		numbers[i] = strconv.Itoa(n)
	}
	return fmt.Sprintf("of %d scanned parts these are missing or damaged: %s", e.Count, strings.Join(numbers, ", "))
}

// Join makes texts of their parts, sorted by which came first. The parts may be in any order, be there twice, in small letters, broken into lines,
// and have anything else before and behind them, damaged parts also. Errors: [ErrNoParts], [ErrDamaged], and a [*MissingError] for the first text that
// is not whole.
func Join(typed string) ([][]byte, error) {
	parts, damaged := read(typed)
	switch {
	case len(parts) == 0 && damaged:
		return nil, ErrDamaged
	case len(parts) == 0:
		return nil, ErrNoParts
	}
	var ids []string
	ofText := map[string][]part{}
	for _, p := range parts {
		if ofText[p.id] == nil {
			ids = append(ids, p.id)
		}
		ofText[p.id] = append(ofText[p.id], p)
	}
	texts, left := make([][]byte, len(ids)), maxText
	for i, id := range ids {
		text, err := join(ofText[id], left)
		if err != nil {
			return nil, err
		}
		texts[i] = text
		left -= len(text)
	}
	return texts, nil
}

// join makes one text of its parts, up to a limit in bytes.
func join(parts []part, limit int) ([]byte, error) {
	count := parts[0].count
	pieces := make([][]byte, count)
	for _, p := range parts {
		if p.count != count {
			return nil, ErrDamaged
		}
		pieces[p.number-1] = p.piece
	}
	missing := &MissingError{Count: count}
	for i, piece := range pieces {
		if piece == nil {
			missing.Missing = append(missing.Missing, i+1)
		}
	}
	if len(missing.Missing) > 0 {
		return nil, missing
	}
	text, err := unpack(bytes.Join(pieces, nil), limit)
	if err != nil {
		return nil, err
	}
	if digest(text) != parts[0].id {
		return nil, ErrDamaged
	}
	return text, nil
}

// part is a part that is as it was shown.
type part struct {
	id            string // the digest of the whole text
	number, count int    // from 1
	piece         []byte // compressed; never empty
}

// read finds the parts in what was typed, and reports whether there are damaged ones.
func read(typed string) (parts []part, damaged bool) {
	rest := strings.Map(unicode.ToUpper, pasted.Text(typed))
	for {
		_, after, found := strings.Cut(rest, prefix)
		if !found {
			return parts, damaged
		}
		rest = after
		if p, good := readPart(rest); good {
			parts = append(parts, p)
		} else {
			damaged = true
		}
	}
}

// readPart reads the part that a text behind a prefix begins with.
func readPart(text string) (part, bool) {
	if len(text) < headLetters {
		return part{}, false
	}
	fields := text[digestLetters:]
	n, numberGood := value(fields[:countLetters])
	count, countGood := value(fields[countLetters : 2*countLetters])
	length, lengthGood := value(fields[2*countLetters : 2*countLetters+lengthLetters])
	end := headLetters + 2*length
	if !numberGood || !countGood || !lengthGood || n < 1 || n > count || length < 1 || len(text) < end+digestLetters {
		return part{}, false
	}
	if digest([]byte(text[:end])) != text[end:end+digestLetters] {
		return part{}, false
	}
	piece, good := decode(text[headLetters:end])
	return part{text[:digestLetters], n, count, piece}, good
}

// decode reads what encode has written.
func decode(typed string) ([]byte, bool) {
	text, err := hex.DecodeString(strings.Map(func(letter rune) rune {
		digit := strings.IndexRune(letters, letter)
		if digit < 0 {
			return '-'
		}
		return rune("0123456789abcdef"[digit])
	}, typed))
	return text, err == nil
}

// value reads a number.
func value(typed string) (n int, good bool) {
	for _, letter := range []byte(typed) {
		digit := strings.IndexByte(letters, letter)
		if digit < 0 {
			return 0, false
		}
		n = n<<4 | digit
	}
	return n, true
}
