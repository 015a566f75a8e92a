// Package cli is empty: the command line of the worker is in temporal/internal/cli.
package cli
