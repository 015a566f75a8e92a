package linelog

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// DamageError is a line that is not as it was written: something else has changed the file.
type DamageError struct {
	Line int // from 1
	Err  error
}

func (e *DamageError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }

// Unwrap returns what is wrong with the line.
func (e *DamageError) Unwrap() error { return e.Err }

// readAll hands over every record, and takes away what was being written when the machine stopped: zeros up to the end of the file, and before them at most
// one line that has no end and is no whole record. It was never synced, so nothing was done that it speaks of. Everything else is damage.
func (l *Log) readAll(read func(Line) error, putAside func(io.Reader) error) error {
	info, err := l.file.Stat()
	if err != nil {
		return err
	}
	size := info.Size()
	end, err := withoutZeros(l.file, size)
	if err != nil {
		return err
	}
	if end == 0 && size > 0 {
		return &DamageError{Line: 1, Err: ErrForeign}
	}
	if err := l.readLines(end, read); err != nil {
		return err
	}
	return l.mendEnd(size, putAside)
}

// withoutZeros returns where the zeros begin that a file ends with.
func withoutZeros(file io.ReaderAt, size int64) (int64, error) {
	block := make([]byte, min(size, 64<<10))
	for size > 0 {
		part := block[:min(size, int64(len(block)))]
		size -= int64(len(part))
		if _, err := io.ReadFull(io.NewSectionReader(file, size, int64(len(part))), part); err != nil {
			return 0, err
		}
		if kept := bytes.TrimRight(part, "\x00"); len(kept) > 0 {
			return size + int64(len(kept)), nil
		}
	}
	return 0, nil
}

// readLines reads the file up to where its zeros begin.
func (l *Log) readLines(end int64, read func(Line) error) error {
	lines := bufio.NewReaderSize(io.NewSectionReader(l.file, 0, end), int(min(end, 64<<10)))
	for number := 1; ; number++ {
		line, err := readLine(lines, l.format.MaxLine)
		switch {
		case errors.Is(err, io.EOF) && l.size+int64(len(line)) < end:
			return io.ErrUnexpectedEOF
		case errors.Is(err, io.EOF):
			return l.readEnd(line, number, read)
		case errors.Is(err, ErrTooLong):
			return l.damage(line, number, err)
		case err != nil:
			return err
		}
		if err := l.take(line[:len(line)-1], number, read); err != nil {
			return l.damage(line, number, err)
		}
		l.size++ // the line's end
	}
}

// damage says what is wrong with a line.
func (l *Log) damage(line []byte, number int, err error) error {
	switch {
	case number == 1 && !l.format.isOurs(line):
		err = ErrForeign
	case bytes.IndexByte(line, 0) >= 0:
		err = errors.New("it has zero bytes in it")
	}
	return &DamageError{Line: number, Err: err}
}

// take reads a line without its end.
func (l *Log) take(line []byte, number int, read func(Line) error) error {
	record, next, checked, err := l.format.parse(line, l.chain, l.checked)
	if err != nil {
		return err
	}
	if number == 1 && !l.format.isOurs(line) {
		return ErrForeign
	}
	if err := read(Line{Text: record, Offset: l.size, Number: number}); err != nil {
		return err
	}
	l.chain, l.checked, l.size = next, l.checked || checked, l.size+int64(len(line))
	return nil
}

// readEnd reads what stands behind the last end of a line. A record that is whole lasts, also when its end has become something else.
func (l *Log) readEnd(line []byte, number int, read func(Line) error) error {
	if len(line) == 0 {
		return nil
	}
	if number == 1 && !l.format.isOurs(line) {
		return &DamageError{Line: number, Err: ErrForeign}
	}
	for _, whole := range [][]byte{line, line[:len(line)-1]} {
		err := l.take(whole, number, read)
		switch {
		case err == nil:
			l.unended = true
			return nil
		case !errors.Is(err, errCheck) && !errors.Is(err, errNoRecord):
			return &DamageError{Line: number, Err: err}
		}
	}
	return nil
}

// mendEnd puts aside what follows on the last record, and ends its line. What was read lasts then: a process that was killed may not have come to its fsync.
func (l *Log) mendEnd(size int64, putAside func(io.Reader) error) error {
	if l.size < size {
		if err := putAside(io.NewSectionReader(l.file, l.size, size-l.size)); err != nil {
			return fmt.Errorf("put its torn end aside: %w", err)
		}
		if err := l.file.Truncate(l.size); err != nil {
			return err
		}
	}
	if l.unended {
		if _, err := l.file.Write([]byte("\n")); err != nil {
			return err
		}
		l.size++
	}
	if size == 0 {
		return nil
	}
	return l.file.Sync()
}

// readLine reads a line with its end. The error is io.EOF when it has none.
func readLine(lines *bufio.Reader, limit int) ([]byte, error) {
	var line []byte
	for {
		part, err := lines.ReadSlice('\n')
		if err == nil && line == nil {
			return part, nil
		}
		line = append(line, part...)
		switch {
		case len(line) > limit+1:
			return line, ErrTooLong
		case !errors.Is(err, bufio.ErrBufferFull):
			return line, err
		}
	}
}

// readLineAt reads the line at an offset, without its end.
func readLineAt(file io.ReaderAt, offset, size int64, limit int) ([]byte, error) {
	const usual = 1024 // bytes; most lines are read in one go
	line, err := readLine(bufio.NewReaderSize(io.NewSectionReader(file, offset, size-offset), usual), limit)
	if err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(line, []byte("\n")), nil
}
