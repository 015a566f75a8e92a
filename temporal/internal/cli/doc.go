// Package cli is the command tree of rcreg-worker, and of rcreg-worker-dev: flags, environment, output and exit codes.
//
//	code := cli.Run(ctx, os.Args[1:], cli.Machine())
//
// Everything that it takes from its surroundings comes in through a [System], so that tests run the whole tree in process, without a server.
package cli
