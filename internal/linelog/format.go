package linelog

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"

	"github.com/rcreg/registration/failure"
)

// Format is how the records of one kind of log stand in its file.
type Format struct {
	// Begins is what the first record begins with: a file that begins with anything else is not one of ours, and left alone.
	Begins string
	// MaxLine is how many bytes a line may have.
	MaxLine int
	// CheckFirst puts the check before the record, as ledgers have it, of which every line has one. Otherwise it is the record's last member. Lines that were
	// written before there were checks have none, and are only taken before the first one that has.
	CheckFirst bool
}

// What is wrong with a line.
var (
	// ErrForeign: the first line is not the beginning of such a log.
	ErrForeign = failure.ForeignFile

	errCheck     = errors.New("its check does not fit to it and to what stands before it")
	errNoRecord  = errors.New("it is no record")
	errUnchecked = errors.New("it has no check, though a line before it has one")
)

// chain is the check of a line: a SHA-256 over the check of the line before and the record, so that no line can change, go or come without all that follow.
// Of a line without a check it is made all the same.
type chain [sha256.Size]byte

func (c chain) next(record []byte) chain { return sha256.Sum256(append(c[:], record...)) }

// The check as the last member of a record. Its name or its kind is enough to see that there is one: one byte that has changed does not hide it.
const (
	checkName   = `,"check":"`
	checkKind   = `sha256-`
	checkEnd    = `"}`
	checkLength = 2 * sha256.Size
	memberSize  = len(checkName) + len(checkKind) + checkLength + len(checkEnd)
)

// text is the check as it stands in a line.
func (f Format) text(c chain) string {
	if f.CheckFirst {
		return hex.EncodeToString(c[:])
	}
	return checkName + checkKind + hex.EncodeToString(c[:]) + checkEnd
}

// line writes a record with its check, and returns that of the line for the next one.
func (f Format) line(before chain, record []byte) ([]byte, chain) {
	next := before.next(record)
	line := make([]byte, 0, len(record)+memberSize) // has room for the end of the line
	if f.CheckFirst {
		line = append(append(line, f.text(next)...), ' ')
		return append(line, record...), next
	}
	return append(append(line, bytes.TrimSuffix(record, []byte("}"))...), f.text(next)...), next
}

// split takes the check off a line, where it has one.
func (f Format) split(line []byte) (record []byte, check string, checked bool) {
	if f.CheckFirst {
		first, record, _ := bytes.Cut(line, []byte(" "))
		return record, string(first), true
	}
	at := max(0, len(line)-memberSize)
	member := line[at:]
	if !bytes.HasPrefix(member, []byte(checkName)) && !bytes.HasPrefix(member[min(len(member), len(checkName)):], []byte(checkKind)) {
		return line, "", false
	}
	return append(line[:at:at], '}'), string(member), true
}

// parse reads a line that follows on others.
func (f Format) parse(line []byte, before chain, checkedBefore bool) (record []byte, next chain, checked bool, err error) {
	record, check, checked := f.split(line)
	next = before.next(record)
	switch {
	case checked && check != f.text(next):
		err = errCheck
	case checked:
	case !bytes.HasPrefix(line, []byte("{")) || !json.Valid(line):
		err = errNoRecord
	case checkedBefore:
		err = errUnchecked
	}
	return record, next, checked, err
}

// isOurs reports whether the first line of a file, or what there is of it, begins as such a log does.
func (f Format) isOurs(line []byte) bool {
	if f.CheckFirst {
		check := line[:min(len(line), checkLength)]
		if len(bytes.Trim(check, "0123456789abcdef")) > 0 {
			return false
		}
		line = bytes.TrimPrefix(line[len(check):], []byte(" "))
		if len(check) > 0 && len(line) == 0 {
			return true
		}
	}
	n := min(len(line), len(f.Begins))
	return n > 0 && string(line[:n]) == f.Begins[:n]
}
