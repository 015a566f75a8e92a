// Package cli is the command tree of rcreg-worker: flags, environment, output and exit codes.
//
//	system := cli.Machine()
//	system.StartDev = startDev
//	code := cli.Run(ctx, os.Args[1:], system)
//
// Everything that it takes from its surroundings comes in through a [System], so that tests run the whole tree in process, without a server.
package cli
