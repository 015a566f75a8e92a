// Package cli is the command tree of rcreg: flags, environment, output and exit codes.
//
//	code := cli.Run(ctx, os.Args[1:], cli.Machine())
//
// Everything that it takes from its surroundings comes in through a [System], so that tests run the whole tree in process.
package cli

import (
	"context"
	"log/slog"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration/internal/command"
	"github.com/rcreg/registration/internal/exitcode"
	"github.com/rcreg/registration/workspace"
)

// System is the surroundings of a run.
type System struct {
	command.Streams
	// Ask asks a person a question and reads a line, hidden unless it may be seen. It is nil when there is no terminal to ask at.
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
	*command.Console
	system System
	// tls is whom a command on workspaces or the Cloud trusts, and as whom it connects.
	tls command.TLSFiles
}

// Run runs one command line, without the program's name in front, and returns its exit code.
func Run(ctx context.Context, args []string, system System) int {
	a := &app{system: system, Console: &command.Console{
		Program: "rcreg", Streams: system.Streams, Getenv: system.Getenv,
	}}
	return a.Run(ctx, args, a.root, a.end, a.report)
}

// end lets go of what the command has opened, also after it was interrupted.
func (a *app) end(context.Context) error {
	a.tls.Close()
	return nil
}

// Tree returns the commands and their flags, to be described: nothing can be run with it.
func Tree() *cobra.Command {
	a := &app{Console: &command.Console{Program: "rcreg"}, system: System{Getenv: func(string) string { return "" }}}
	return a.root()
}

// errAnsweredBadly is how a command usually ends that has printed an answer which is not the one that a script hopes for.
const errAnsweredBadly = command.ExitError(exitcode.Failed)

// logger writes debug records to stderr with --verbose, and nothing otherwise.
func (a *app) logger() *slog.Logger {
	if !a.Verbose {
		return slog.New(slog.DiscardHandler)
	}
	return slog.New(slog.NewTextHandler(a.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// leaf makes a command that takes no arguments.
func (a *app) leaf(use, short string, run func(ctx context.Context) error) *cobra.Command {
	return a.Leaf(use, short, command.NoArguments, func(ctx context.Context, _ []string) error { return run(ctx) })
}

// group makes a command that only holds others.
func (a *app) group(use, short string, commands ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{
		Use:   use,
		Short: short,
		Args:  command.NoSuchCommand,
		// How many letters a misspelt command may be off and still be recognized.
		SuggestionsMinimumDistance: 2,
		RunE:                       func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(commands...)
	return cmd
}
