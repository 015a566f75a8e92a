package command

import (
	"io"
	"os"

	"golang.org/x/term"
)

// Streams are where a program reads and writes.
type Streams struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// StdoutTerminal and StderrTerminal report whether a person reads there.
	StdoutTerminal, StderrTerminal bool
	// Size is how many columns and lines the terminal has, 0 where that is not known; nil where there is none to ask.
	Size func() (columns, lines int)
}

// ProcessStreams are those of this process.
func ProcessStreams() Streams {
	return Streams{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, StdoutTerminal: IsTerminal(os.Stdout), StderrTerminal: IsTerminal(os.Stderr), Size: size}
}

// size asks the terminal, which may be at either stream.
func size() (columns, lines int) {
	for _, file := range []*os.File{os.Stdout, os.Stderr} {
		if columns, lines, err := term.GetSize(int(file.Fd())); err == nil {
			return columns, lines
		}
	}
	return 0, 0
}

// IsTerminal reports whether a person is at a file.
func IsTerminal(file *os.File) bool { return term.IsTerminal(int(file.Fd())) }
