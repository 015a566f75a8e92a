// Package linelog keeps records in a file of lines that is only ever appended to, survives being killed at any moment, and notices every byte that
// something else has changed.
//
//	log, err := linelog.Open("register.journal", format, func(line linelog.Line) error { return index(line) })
//	line, err := log.Append([]byte(`{"began":"alpha"}`)) // it lasts once this returns
//
// A record is a JSON object. Its line has a check as well: a SHA-256 over the record and all that stands before it.
//
// A file has one process, and Append may be called from several goroutines: lines that are written at the same time share an fsync, without a goroutine of
// the log's own.
package linelog

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/rcreg/registration/internal/safedir"
)

// Line is a record and where it is.
type Line struct {
	Text   []byte // the record without its check; only good until the function that was given it returns
	Offset int64  // of the line's first byte in the file
	Number int    // from 1
}

// Log is an open file of lines. A nil one cannot be written: it is that of an empty journal or pool.
type Log struct {
	file   safedir.File
	format Format

	mu      sync.Mutex // the fields below
	size    int64
	chain   chain
	checked bool  // a line with a check was read
	unended bool  // the last line has no end
	written int   // lines, since it was opened
	broken  error // after a failed write nothing is known of the file's end

	syncing safedir.GroupSync
}

// Open opens the file of a path, makes it with mode 0600 when it is not there, and hands every record in it to read. What a crash has left unfinished at its
// end is put aside, as a file with .torn-N at the end of its name. Errors: safedir.ErrLocked when another process has it open, *DamageError, that of read in
// one, and those of the file system. After an error the file is as it was.
func Open(path string, format Format, read func(Line) error) (*Log, error) {
	file, err := safedir.OpenLog(path)
	if err != nil {
		return nil, err
	}
	return open(file, format, read, func(torn io.Reader) error { return safedir.PutAside(path, torn) })
}

// OpenIn is Open for a file of a folder. Whoever calls it keeps other processes out.
func OpenIn(dir *safedir.Dir, name string, format Format, read func(Line) error) (*Log, error) {
	file, err := dir.Log(name)
	if err != nil {
		return nil, err
	}
	return open(file, format, read, func(torn io.Reader) error { return dir.PutAside(name, torn) })
}

func open(file safedir.File, format Format, read func(Line) error, putAside func(io.Reader) error) (*Log, error) {
	l := &Log{file: file, format: format}
	if err := l.readAll(read, putAside); err != nil {
		_ = file.Close() // no record was written
		return nil, err
	}
	return l, nil
}

// Append writes a record, and returns where once it lasts. One that could not be written ends the log: every later one fails too.
func (l *Log) Append(record []byte) (offset int64, err error) {
	number, offset, err := l.Write(record)
	if err != nil {
		return 0, err
	}
	return offset, l.Sync(number)
}

// ErrNotOpened is the error of a nil log.
var ErrNotOpened = errors.New("it was not opened: open it with OpenJournal or OpenTokens")

// ErrTooLong is the error for a line that is longer than its format allows.
var ErrTooLong = errors.New("the line is too long")

// Write is Append without the fsync: the record lasts once Sync of its number returns.
func (l *Log) Write(record []byte) (number int, offset int64, err error) {
	if l == nil {
		return 0, 0, ErrNotOpened
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.broken != nil {
		return 0, 0, l.broken
	}
	line, next := l.format.line(l.chain, record)
	if len(line) > l.format.MaxLine {
		return 0, 0, ErrTooLong
	}
	line = append(line, '\n')
	if _, err := l.file.Write(line); err != nil {
		l.broken = fmt.Errorf("it cannot be written any more: %w", err)
		return 0, 0, l.broken
	}
	offset = l.size
	l.size += int64(len(line))
	l.chain = next
	l.written++
	return l.written, offset, nil
}

// Sync makes the records up to a number last.
func (l *Log) Sync(number int) error { return l.syncing.UpTo(number, l.state, l.fsync) }

func (l *Log) state() (written int, broken error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.written, l.broken
}

// Err is why nothing can be written any more, or nil.
func (l *Log) Err() error {
	_, broken := l.state()
	return broken
}

func (l *Log) fsync() error {
	err := l.file.Sync()
	if err == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.broken = fmt.Errorf("it cannot be written any more: %w", err)
	return l.broken
}

// ReadAt returns the record at an offset that Open, Append or Write told. It does not look at the check again.
func (l *Log) ReadAt(offset int64) ([]byte, error) {
	l.mu.Lock()
	size := l.size
	l.mu.Unlock()
	if offset < 0 || offset >= size {
		return nil, os.ErrInvalid
	}
	line, err := readLineAt(l.file, offset, size, l.format.MaxLine)
	if err != nil {
		return nil, err
	}
	record, _, _ := l.format.split(line)
	return record, nil
}

// Close lets other processes open the file.
func (l *Log) Close() error {
	if l == nil {
		return ErrNotOpened
	}
	return l.file.Close()
}
