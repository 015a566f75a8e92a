package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/fleet"
	"github.com/rcreg/registration/internal/safedir"
	"github.com/rcreg/registration/internal/shell"
)

// openTokens opens the pool, where one is named, until the command ends.
func (a *app) openTokens(path string) (*fleet.Tokens, error) {
	if path == "" {
		return nil, nil //nolint:nilnil // a worker without tokens
	}
	pool, err := fleet.OpenTokens(path)
	if err != nil {
		return nil, badTokens(path, err)
	}
	a.atEnd = append(a.atEnd, func(context.Context) error { return pool.Close() })
	return pool, nil
}

// badTokens says what to do about a pool that cannot be opened.
func badTokens(path string, err error) error {
	switch {
	case errors.Is(err, fleet.ErrTokensLocked):
		return advised(err, "tokens_locked", "another worker, or rcreg fleet, has this pool: wait for its end, or give this worker none. Several workers need a file for each workspace: "+
			"start the fleet with --token-file 'secrets/{name}.reg'")
	case errors.Is(err, fleet.ErrTokensDamaged):
		return advised(err, "tokens_damaged", "restore the file beside the pool that ends in .used: without it a token may be spent twice")
	case errors.Is(err, safedir.ErrReadableByOthers):
		return usage(fmt.Sprintf("the file of --tokens is refused: %v", err), "chmod 600 "+shell.Word(path)+", and see who could read it")
	case errors.Is(err, registration.ErrInvalidInput):
		return advised(err, "invalid_input", "correct the lines that it names: one token a line, and # before remarks")
	}
	return usage(fmt.Sprintf("the file of --tokens cannot be used: %v", err), "name a file that holds registration tokens, one a line, in a folder that can be written")
}
