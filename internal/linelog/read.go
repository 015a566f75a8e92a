package linelog

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// DamageError is a line that is not as it was written: somebody has changed the file.
type DamageError struct {
	Line int // from 1
	Err  error
}

func (e *DamageError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }

// Unwrap returns what is wrong with the line.
func (e *DamageError) Unwrap() error { return e.Err }

// readAll hands over every line, and cuts off what was being written when the machine stopped: a line without an end, or with zeros in it. It was never
// synced, so nothing was done that it speaks of.
func (l *Log) readAll(read func(Line) error) error {
	info, err := l.file.Stat()
	if err != nil {
		return err
	}
	whole, err := readLines(io.NewSectionReader(l.file, 0, info.Size()), read)
	if err != nil {
		return err
	}
	l.size = whole
	if info.Size() == whole {
		return nil
	}
	return errors.Join(l.file.Truncate(whole), l.file.Sync())
}

// readLines returns how many bytes of the text are whole lines.
func readLines(text io.Reader, read func(Line) error) (whole int64, err error) {
	lines := bufio.NewReaderSize(text, 64<<10)
	for number := 1; ; number++ {
		line, err := readLine(lines)
		switch {
		case errors.Is(err, io.EOF), err == nil && bytes.IndexByte(line, 0) >= 0:
			return whole, nil
		case errors.Is(err, ErrTooLong):
			return whole, &DamageError{Line: number, Err: err}
		case err != nil:
			return whole, err
		}
		if err := read(Line{Text: line[:len(line)-1], Offset: whole, Number: number}); err != nil {
			return whole, &DamageError{Line: number, Err: err}
		}
		whole += int64(len(line))
	}
}

// readLine reads a line with its end. The error is io.EOF when it has none.
func readLine(lines *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := lines.ReadSlice('\n')
		if err == nil && line == nil {
			return part, nil
		}
		line = append(line, part...)
		switch {
		case !errors.Is(err, bufio.ErrBufferFull):
			return line, err
		case len(line) > MaxLine && bytes.IndexByte(line, 0) >= 0:
			return nil, io.EOF
		case len(line) > MaxLine:
			return nil, ErrTooLong
		}
	}
}

// readLineAt reads the line at an offset, without its end.
func readLineAt(file io.ReaderAt, offset, size int64) ([]byte, error) {
	const usual = 1024 // bytes; most lines are read in one go
	line, err := readLine(bufio.NewReaderSize(io.NewSectionReader(file, offset, size-offset), usual))
	if err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(line, []byte("\n")), nil
}
