package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration/internal/exitcode"
	"github.com/rcreg/registration/internal/screen"
	"github.com/rcreg/registration/internal/shell"
	"github.com/rcreg/registration/temporal"
)

// app is one run of the command line.
type app struct {
	system System
	outlet *screen.Outlet // what Stdout of system is
	server serverFlags

	output    string
	verbose   bool
	taskQueue string
	// began is true once flags and arguments were found good. An error before is one of usage.
	began bool
	// atEnd is called when the command has ended, the last one first.
	atEnd []func(ctx context.Context) error
}

// Run runs one command line, without the program's name in front, and returns its exit code.
func Run(ctx context.Context, args []string, system System) int {
	a := &app{system: system, outlet: screen.NewOutlet(system.Stdout)}
	a.system.Stdout = a.outlet
	return a.outlet.End(a.run(ctx, args), system.Stderr, screen.StyleFor(system.StderrTerminal, system.Getenv))
}

// run runs one command line. That stdout cannot be written is told at the end.
func (a *app) run(ctx context.Context, args []string) int {
	root := a.root()                          //nolint:contextcheck // cobra hands ctx to the commands
	root.SetArgs(append([]string{}, args...)) // none at all would mean those of the process
	root.SetIn(a.system.Stdin)
	root.SetOut(a.system.Stdout)
	root.SetErr(a.system.Stderr)
	err := root.ExecuteContext(ctx)
	if failed := a.end(ctx); err == nil {
		err = failed
	}
	var answered exitError
	switch {
	case err == nil:
		return exitcode.Done
	case err == a.outlet.Lost(): //nolint:errorlint // one that is joined with others has more to tell
		return exitcode.Failed
	case errors.As(err, &answered):
		return int(answered)
	case !a.began:
		err = usage(err.Error(), "see "+a.system.Program+" --help")
		a.output = outputAmong(args)
	}
	return a.report(err)
}

// end lets go of what the command has opened, also after it was interrupted.
func (a *app) end(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	var failed error
	for i := len(a.atEnd) - 1; i >= 0; i-- {
		failed = errors.Join(failed, a.atEnd[i](ctx))
	}
	return failed
}

// root builds the command tree.
func (a *app) root() *cobra.Command {
	root := a.workerCommand()
	root.SilenceErrors, root.SilenceUsage = true, true
	root.PersistentPreRunE = func(*cobra.Command, []string) error { return a.checkOutput(outputText, outputJSON) }
	flags := root.PersistentFlags()
	flags.StringVarP(&a.output, "output", "o", outputText, "`FORMAT`: text, or json for one object on stdout, errors too")
	flags.BoolVarP(&a.verbose, "verbose", "v", false, "log every call on stderr, without secrets")
	flags.StringVar(&a.taskQueue, "task-queue", temporal.DefaultTaskQueue, "`NAME` of the queue where workers and those who start workflows meet")
	a.server.add(flags)
	// It can only fail for a flag that is not there.
	_ = root.RegisterFlagCompletionFunc("output", cobra.FixedCompletions([]string{outputText, outputJSON}, cobra.ShellCompDirectiveNoFileComp))
	for _, command := range []*cobra.Command{
		a.fleetCommand(), a.registerCommand(), a.keepSyncedCommand(), a.moveLicenseCommand(), a.statusCommand(), a.confirmCommand(), a.remindCommand(),
		a.cancelCommand(), a.versionCommand(),
	} {
		root.AddCommand(command)
	}
	return root
}

// logger writes records from a level on to stderr, for people or for programs; debug records too with --verbose.
func (a *app) logger(level slog.Level) *slog.Logger {
	if a.verbose {
		level = slog.LevelDebug
	}
	options := &slog.HandlerOptions{Level: level}
	if a.system.StderrTerminal {
		return slog.New(slog.NewTextHandler(a.system.Stderr, options))
	}
	return slog.New(slog.NewJSONHandler(screen.JSON(a.system.Stderr), options))
}

// leaf makes a command; args checks its arguments, see noArguments.
func (a *app) leaf(use, short string, args cobra.PositionalArgs, run func(ctx context.Context, args []string) error) *cobra.Command {
	return &cobra.Command{
		Use:   use,
		Short: short,
		Args:  args,
		RunE: func(cmd *cobra.Command, args []string) error {
			a.began = true
			return run(cmd.Context(), args)
		},
	}
}

// noArguments refuses arguments without repeating them: one may be a secret that was meant for a file.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return fmt.Errorf("%s takes no arguments, only flags", cmd.CommandPath())
}

// noSuchCommand refuses arguments of a command that has others below it: they are misspelt commands.
func noSuchCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return shell.NoSuchCommand(args[0], cmd.SuggestionsFor(args[0]))
}

// outputAmong finds the output that a command line asks for when the line could not be read as a whole.
func outputAmong(args []string) string {
	if slices.ContainsFunc(args, func(arg string) bool {
		return slices.Contains([]string{"json", "--output=json", "-ojson", "-o=json"}, arg)
	}) {
		return outputJSON
	}
	return outputText
}
