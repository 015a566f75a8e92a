// Package cli is the command tree of rcreg-worker, and of rcreg-worker-dev: flags, environment, output and exit codes.
//
//	code := cli.Run(ctx, os.Args[1:], cli.Machine())
//
// Everything that it takes from its surroundings comes in through a [System], so that tests run the whole tree in process, without a server.
package cli

import (
	"context"
	"errors"
	"log/slog"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration/internal/command"
	"github.com/rcreg/registration/internal/screen"
	"github.com/rcreg/registration/temporal"
)

// app is one run of the command line.
type app struct {
	*command.Console
	system System
	server serverFlags

	taskQueue string
	// atEnd is called when the command has ended, the last one first.
	atEnd []func(ctx context.Context) error
}

// Run runs one command line, without the program's name in front, and returns its exit code.
func Run(ctx context.Context, args []string, system System) int {
	a := &app{system: system, Console: &command.Console{
		Program: system.Program, Streams: system.Streams, Getenv: system.Getenv,
	}}
	return a.Run(ctx, args, a.root, a.end, a.report)
}

// end lets go of what the command has opened, also after it was interrupted.
func (a *app) end(ctx context.Context) error {
	var failed error
	for i := len(a.atEnd) - 1; i >= 0; i-- {
		failed = errors.Join(failed, a.atEnd[i](ctx))
	}
	return failed
}

// root builds the command tree.
func (a *app) root() *cobra.Command {
	root := a.workerCommand()
	a.AddFlags(root)
	flags := root.PersistentFlags()
	flags.StringVar(&a.taskQueue, "task-queue", temporal.DefaultTaskQueue, "`NAME` of the queue where workers and those who start workflows meet")
	a.server.add(flags)
	for _, cmd := range []*cobra.Command{
		a.fleetCommand(), a.registerCommand(), a.keepSyncedCommand(), a.moveLicenseCommand(), a.statusCommand(), a.confirmCommand(), a.remindCommand(),
		a.cancelCommand(), a.versionCommand(),
	} {
		root.AddCommand(cmd)
	}
	return root
}

// logger writes records from a level on to stderr, for people or for programs; debug records too with --verbose.
func (a *app) logger(level slog.Level) *slog.Logger {
	if a.Verbose {
		level = slog.LevelDebug
	}
	options := &slog.HandlerOptions{Level: level}
	if a.StderrTerminal {
		return slog.New(slog.NewTextHandler(a.Stderr, options))
	}
	return slog.New(slog.NewJSONHandler(screen.JSON(a.Stderr), options))
}

func (a *app) versionCommand() *cobra.Command {
	return a.Leaf("version", "Show the version of "+a.Program, command.NoArguments, func(context.Context, []string) error {
		info, ok := debug.ReadBuildInfo()
		v := command.VersionOf(a.Program, info, ok)
		return a.Show(v, v.Text)
	})
}
