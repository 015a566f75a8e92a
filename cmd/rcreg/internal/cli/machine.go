package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/term"

	"github.com/rcreg/registration/internal/clock"
	"github.com/rcreg/registration/internal/command"
	"github.com/rcreg/registration/internal/plain"
)

// Machine is the surroundings of this process.
func Machine() System {
	system := System{
		Streams: command.ProcessStreams(),
		Getenv:  os.Getenv,
		Clock:   clock.System(),
	}
	if command.IsTerminal(os.Stdin) && system.StderrTerminal {
		system.Ask = ask
	}
	if dir, err := os.UserConfigDir(); err == nil {
		system.StateDir = filepath.Join(dir, "rcreg")
	}
	return system
}

// ask asks a question on the terminal and reads a line, hidden unless it may be seen. When ctx ends it gives up at once, with the terminal
// as it was: the read that is left behind ends with the process.
func ask(ctx context.Context, question string, seen bool) (string, error) {
	stdin := int(os.Stdin.Fd())
	// Echoing ends before the question is shown, so that no answer can come too early to be hidden.
	before, err := term.MakeRaw(stdin)
	if err != nil {
		return "", fmt.Errorf("the terminal cannot be used: %w", err)
	}
	defer func() { _ = term.Restore(stdin, before) }() // there is no better way to put it right
	type answer struct {
		text string
		err  error
	}
	read := make(chan answer, 1)
	go func() {
		text, err := readLine(stdin, question, seen)
		read <- answer{text, err}
	}()
	select {
	case <-ctx.Done():
		_, _ = fmt.Fprint(os.Stderr, "\r\n")
		return "", fmt.Errorf("no answer: %w", context.Cause(ctx))
	case got := <-read:
		if errors.Is(got.err, io.EOF) { // Ctrl-C, which is no signal here, and Ctrl-D
			_, _ = fmt.Fprint(os.Stderr, "\r\n")
			got.err = fmt.Errorf("no answer: %w", context.Canceled)
		}
		return got.text, got.err
	}
}

func readLine(stdin int, question string, seen bool) (string, error) {
	terminal := term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{enterKey{os.Stdin}, os.Stderr}, plain.Text(question))
	if width, height, err := term.GetSize(stdin); err == nil && width > 0 {
		_ = terminal.SetSize(width, height) // it only fails when the cursor cannot be moved
	}
	if !seen {
		return terminal.ReadPassword(plain.Text(question))
	}
	line, err := terminal.ReadLine()
	return strings.TrimSpace(line), err
}

// enterKey reads what is typed on a raw terminal, where Enter is a carriage return. Programs that type for a person send a line feed.
type enterKey struct{ io.Reader }

func (k enterKey) Read(p []byte) (int, error) {
	n, err := k.Reader.Read(p)
	copy(p, bytes.ReplaceAll(p[:n], []byte{'\n'}, []byte{'\r'}))
	return n, err
}
