// Package command is what the command lines have in common: how one is run and ends, and how it answers, for people or as JSON.
//
//	c := &command.Console{Program: "rcreg", Streams: command.ProcessStreams(), Getenv: os.Getenv}
//	code := c.Run(ctx, os.Args[1:], tree, nil, report)
//
// Flags, commands and what failures mean are each program's own.
package command

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/exitcode"
	"github.com/rcreg/registration/internal/screen"
)

// Console is one run of a command line.
type Console struct {
	// Program is what the user calls.
	Program string
	Streams
	// Getenv reads an environment variable; empty when it is not set.
	Getenv func(name string) string
	// Output and Verbose are the flags that every command has; see [Console.AddFlags].
	Output  string
	Verbose bool

	began bool // flags and arguments were found good: an error before is one of usage
}

// ExitError ends a command that has printed an answer, which is not the one that a script hopes for, with an exit code.
type ExitError int

// Error implements error. It is never shown.
func (ExitError) Error() string { return "the answer is not a good one" }

// UsageError is a command line that cannot be carried out. Nothing was sent.
type UsageError struct{ Problem, Advice string }

// Error tells the problem.
func (e *UsageError) Error() string { return e.Problem }

// Failure makes it a [failure.Decision].
func (e *UsageError) Failure() (*failure.Kind, []failure.Remedy) { return failure.Usage, nil }

// Run builds the command tree, runs one command line, without the program's name in front, and returns its exit code: that of an [ExitError], or what report makes of the error,
// which it prints. In the end it calls end, where it is not nil, also after an interruption. That stdout cannot be written is told last.
func (c *Console) Run(ctx context.Context, args []string, tree func() *cobra.Command, end func(context.Context) error, report func(error) int) int {
	outlet := screen.NewOutlet(c.Stdout)
	c.Stdout = outlet
	return outlet.End(c.run(ctx, args, outlet, tree, end, report), c.Stderr, c.Style(c.StderrTerminal))
}

func (c *Console) run(ctx context.Context, args []string, outlet *screen.Outlet, tree func() *cobra.Command, end func(context.Context) error, report func(error) int) int {
	root := tree()
	root.SetArgs(append([]string{}, args...)) // none at all would mean those of the process
	root.SetIn(c.Stdin)
	root.SetOut(c.Stdout)
	root.SetErr(c.Stderr)
	c.complete(root)
	cmd, err := root.ExecuteContextC(ctx)
	if end != nil {
		if failed := end(context.WithoutCancel(ctx)); err == nil {
			err = failed
		}
	}
	var answered ExitError
	switch {
	case err == nil:
		return exitcode.Done
	case err == outlet.Lost(): //nolint:errorlint // one that is joined with others has more to tell
		return exitcode.Failed
	case errors.As(err, &answered):
		return int(answered)
	case !c.began:
		err = &UsageError{err.Error(), "see " + cmd.CommandPath() + " --help"}
		c.Output = outputAmong(args)
	}
	return report(err)
}

// Leaf makes a command that does something; check checks its arguments, see [NoArguments].
func (c *Console) Leaf(use, short string, check cobra.PositionalArgs, run func(ctx context.Context, args []string) error) *cobra.Command {
	return &cobra.Command{
		Use:   use,
		Short: short,
		Args:  check,
		RunE: func(cmd *cobra.Command, args []string) error {
			c.began = true
			return run(cmd.Context(), args)
		},
	}
}

// NoArguments refuses arguments without repeating them: one may be a secret that was meant for a file.
func NoArguments(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return fmt.Errorf("%s takes no arguments, only flags: a secret comes from the environment, a file or stdin", cmd.CommandPath())
}
