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
}

// ProcessStreams are those of this process.
func ProcessStreams() Streams {
	return Streams{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, StdoutTerminal: IsTerminal(os.Stdout), StderrTerminal: IsTerminal(os.Stderr)}
}

// IsTerminal reports whether a person is at a file.
func IsTerminal(file *os.File) bool { return term.IsTerminal(int(file.Fd())) }
