package cli

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/term"

	"github.com/rcreg/registration/internal/clock"
)

// Machine is the surroundings of this process.
func Machine() System {
	system := System{
		Stdin:          os.Stdin,
		Stdout:         os.Stdout,
		Stderr:         os.Stderr,
		StdoutTerminal: isTerminal(os.Stdout),
		StderrTerminal: isTerminal(os.Stderr),
		Getenv:         os.Getenv,
		Clock:          clock.System(),
	}
	if isTerminal(os.Stdin) && system.StderrTerminal {
		system.Ask = ask
	}
	if dir, err := os.UserConfigDir(); err == nil {
		system.StateDir = filepath.Join(dir, "rcreg")
	}
	return system
}

func isTerminal(file *os.File) bool { return term.IsTerminal(int(file.Fd())) }

// ask asks a question on the terminal and reads a line, hidden unless it may be seen. When ctx ends it gives up at once, with the terminal
// as it was: the read that is left behind ends with the process.
func ask(ctx context.Context, question string, seen bool) (string, error) {
	stdin := int(os.Stdin.Fd())
	before, err := term.GetState(stdin)
	if err != nil {
		return "", fmt.Errorf("the terminal cannot be used: %w", err)
	}
	_, _ = fmt.Fprint(os.Stderr, question)
	type answer struct {
		text string
		err  error
	}
	read := make(chan answer, 1)
	go func() {
		text, err := readLine(stdin, seen)
		read <- answer{text, err}
	}()
	select {
	case <-ctx.Done():
		_ = term.Restore(stdin, before) // there is no better way to put it right
		_, _ = fmt.Fprintln(os.Stderr)
		return "", fmt.Errorf("nobody answered: %w", context.Cause(ctx))
	case got := <-read:
		return got.text, got.err
	}
}

func readLine(stdin int, seen bool) (string, error) {
	if seen {
		line, err := bufio.NewReader(os.Stdin).ReadString('\n')
		return strings.TrimSpace(line), err
	}
	text, err := term.ReadPassword(stdin)
	_, _ = fmt.Fprintln(os.Stderr) // the line's end was not shown either
	return string(text), err
}
