// Package process runs a command as a process of its own: with secrets in its memory, and ended by signals.
//
//	os.Exit(process.Run(func(ctx context.Context) int { … }))
package process

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/rcreg/registration/internal/coredump"
)

// Run runs a command, whose context ends with the first Ctrl-C or SIGTERM: the command then ends in good order. A second one ends the process. It returns the exit
// code of the command.
func Run(command func(ctx context.Context) int) int {
	_ = coredump.Disable() // a system that does not allow it is no reason to do nothing at all
	signalled, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	defer context.AfterFunc(signalled, func() {
		stop() // with the handler gone, the next signal ends the process
		cancel(context.Cause(signalled))
	})()
	return command(ctx)
}
