// Package linelog keeps lines in a file that is only ever appended to, and survives being killed at any moment.
//
//	log, err := linelog.Open("register.journal", func(line linelog.Line) error { return index(line) })
//	line, err := log.Append([]byte(`{"began":"alpha"}`)) // it lasts once this returns
//
// A file has one process, and Append may be called from several goroutines: lines that are written at the same time share an fsync, without a goroutine of
// the log's own.
package linelog

import (
	"errors"
	"fmt"
	"os"
	"sync"

	"github.com/rcreg/registration/internal/safedir"
)

// MaxLine is how many bytes a line may have.
const MaxLine = 1 << 20

// Line is a line and where it is.
type Line struct {
	Text   []byte // without its end; only good until the function that was given it returns
	Offset int64  // of its first byte in the file
	Number int    // from 1
}

// Log is an open file of lines.
type Log struct {
	file safedir.File

	mu      sync.Mutex // the fields below
	size    int64
	written int   // lines, since it was opened
	broken  error // after a failed write nothing is known of the file's end

	syncing safedir.GroupSync
}

// Open opens the file of a path, makes it with mode 0600 when it is not there, and hands every line in it to read. What a crash has left unfinished at its
// end is cut off. Errors: safedir.ErrLocked when another process has it open, *DamageError, that of read in one, and those of the file system.
func Open(path string, read func(Line) error) (*Log, error) {
	file, err := safedir.OpenLog(path)
	if err != nil {
		return nil, err
	}
	l := &Log{file: file}
	if err := l.readAll(read); err != nil {
		_ = file.Close() // nothing was written
		return nil, err
	}
	return l, nil
}

// Append writes a line, and returns where once it lasts. A line that could not be written ends the log: every later one fails too.
func (l *Log) Append(text []byte) (offset int64, err error) {
	number, offset, err := l.write(text)
	if err != nil {
		return 0, err
	}
	return offset, l.sync(number)
}

// ErrTooLong is the error for a line of more than MaxLine bytes.
var ErrTooLong = errors.New("the line is too long")

func (l *Log) write(text []byte) (number int, offset int64, err error) {
	if len(text) >= MaxLine {
		return 0, 0, ErrTooLong
	}
	line := append(append(make([]byte, 0, len(text)+1), text...), '\n')
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.broken != nil {
		return 0, 0, l.broken
	}
	if _, err := l.file.Write(line); err != nil {
		l.broken = fmt.Errorf("it cannot be written any more: %w", err)
		return 0, 0, l.broken
	}
	offset = l.size
	l.size += int64(len(line))
	l.written++
	return l.written, offset, nil
}

// sync makes the lines up to a number last.
func (l *Log) sync(number int) error { return l.syncing.UpTo(number, l.state, l.fsync) }

func (l *Log) state() (written int, broken error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.written, l.broken
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

// ReadAt returns the line at an offset that Open or Append told.
func (l *Log) ReadAt(offset int64) ([]byte, error) {
	l.mu.Lock()
	size := l.size
	l.mu.Unlock()
	if offset < 0 || offset >= size {
		return nil, os.ErrInvalid
	}
	return readLineAt(l.file, offset, size)
}

// Close lets other processes open the file.
func (l *Log) Close() error { return l.file.Close() }
