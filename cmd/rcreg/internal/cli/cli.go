// Package cli is the command tree of rcreg: flags, environment, output and exit codes.
//
//	code := cli.Run(ctx, os.Args[1:], cli.Machine())
//
// Everything that it takes from its surroundings comes in through a [System], so that tests run the whole tree in process.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration/internal/exitcode"
	"github.com/rcreg/registration/internal/screen"
	"github.com/rcreg/registration/workspace"
)

// System is the surroundings of a run.
type System struct {
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// StdoutTerminal and StderrTerminal report whether a person reads there.
	StdoutTerminal, StderrTerminal bool
	// Ask asks a person a question and reads a line, hidden unless it may be seen. It is nil when there is nobody to ask.
	Ask func(ctx context.Context, question string, seen bool) (string, error)
	// Getenv reads an environment variable; empty when it is not set.
	Getenv func(name string) string
	// Clock is what commands and fake servers wait on.
	Clock workspace.Clock
	// StoppedAgain returns a channel that is closed when the command is stopped for the second time, which then does not end the process; nil where the second
	// time ends it.
	StoppedAgain func() <-chan struct{}
	// StateDir is where tickets are kept; empty when there is no such place.
	StateDir string
}

// app is one run of the command line.
type app struct {
	system  System
	outlet  *screen.Outlet // what Stdout of system is
	output  string
	verbose bool
	// began is true once flags and arguments were found good. An error before is one of usage.
	began bool
}

// Run runs one command line, without the program's name in front, and returns its exit code.
func Run(ctx context.Context, args []string, system System) int {
	a := &app{system: system, outlet: screen.NewOutlet(system.Stdout)}
	a.system.Stdout = a.outlet
	return a.outlet.End(a.run(ctx, args), system.Stderr, a.style(system.StderrTerminal))
}

// run runs one command line. That stdout cannot be written is told at the end.
func (a *app) run(ctx context.Context, args []string) int {
	root := a.root()                          //nolint:contextcheck // cobra hands ctx to the commands
	root.SetArgs(append([]string{}, args...)) // none at all would mean those of the process
	root.SetIn(a.system.Stdin)
	root.SetOut(a.system.Stdout)
	root.SetErr(a.system.Stderr)
	err := root.ExecuteContext(ctx)
	var answered exitError
	switch {
	case err == nil:
		return exitcode.Done
	case err == a.outlet.Lost(): //nolint:errorlint // one that is joined with others has more to tell
		return exitcode.Failed
	case errors.As(err, &answered):
		return int(answered)
	case !a.began:
		err = usage(err.Error(), "see rcreg --help")
		a.output = outputAmong(args)
	}
	return a.report(err)
}

// exitError ends a command that has printed an answer, which is not the one that a script hopes for, with an exit code.
type exitError int

func (exitError) Error() string { return "the answer is not a good one" }

// errAnsweredBadly is the usual one of them.
const errAnsweredBadly = exitError(exitcode.Failed)

// logger writes debug records to stderr with --verbose, and nothing otherwise.
func (a *app) logger() *slog.Logger {
	if !a.verbose {
		return slog.New(slog.DiscardHandler)
	}
	return slog.New(slog.NewTextHandler(a.system.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// leaf makes a command that takes no arguments.
func (a *app) leaf(use, short string, run func(ctx context.Context) error) *cobra.Command {
	return &cobra.Command{
		Use:   use,
		Short: short,
		Args:  noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a.began = true
			return run(cmd.Context())
		},
	}
}

// group makes a command that only holds others.
func (a *app) group(use, short string, commands ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{
		Use:   use,
		Short: short,
		Args:  noSuchCommand,
		// How many letters a misspelt command may be off and still be recognized.
		SuggestionsMinimumDistance: 2,
		RunE:                       func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(commands...)
	return cmd
}

// noArguments refuses arguments without repeating them: one may be a secret that was meant for a file.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return fmt.Errorf("%s takes no arguments, only flags: a secret comes from the environment, a file or stdin", cmd.CommandPath())
}
