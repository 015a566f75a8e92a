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

	"github.com/rcreg/registration/cmd/rcreg/internal/cli"
	"github.com/rcreg/registration/internal/process"
)

func main() { os.Exit(run()) }

func run() int {
	return process.Run(func(ctx context.Context, again func() <-chan struct{}) int {
		system := cli.Machine()
		system.StoppedAgain = again
		return cli.Run(ctx, os.Args[1:], system)
	})
}
