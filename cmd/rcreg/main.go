// Command rcreg registers, syncs and disconnects self-managed Rocket.Chat workspaces with Rocket.Chat Cloud.
//
//	rcreg demo
//	rcreg status --workspace https://chat.example.com
//	rcreg register --token-file token.txt
//
// docs/cli.md describes its output, its exit codes and its environment variables.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/rcreg/registration/cmd/rcreg/internal/cli"
	"github.com/rcreg/registration/internal/coredump"
)

func main() { os.Exit(run()) }

func run() int {
	_ = coredump.Disable() // a system that does not allow it is no reason to do nothing at all
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// The first signal ends the work in good order; with the handler gone, a second one ends the process.
	defer context.AfterFunc(ctx, stop)()
	return cli.Run(ctx, os.Args[1:], cli.Machine())
}
