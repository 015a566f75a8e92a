package cli

import (
	"errors"
	"slices"

	"github.com/rcreg/registration/fleet"
)

// fleetKind is a kind of failure that only fleets have.
type fleetKind struct {
	is error
	failureKind
}

func fleetKinds() []fleetKind {
	return []fleetKind{
		{fleet.ErrJournalLocked, failureKind{"journal_locked", "another rcreg works with the same journal: wait for its end, then run it again", true}},
		{fleet.ErrJournalDamaged, failureKind{"journal_damaged", "restore the journal as it was, or begin anew with --fresh: what is done is seen to be done", true}},
		{fleet.ErrJournalBroken, failureKind{"journal_broken", "make sure that the journal can be written, then run it again", true}},
		{fleet.ErrTokensLocked, failureKind{"tokens_locked", "another rcreg works with the same pool of tokens: wait for its end, then run it again", true}},
		{fleet.ErrTokensDamaged, failureKind{"tokens_damaged", "restore the file beside the pool that ends in .used: without it a token may be spent twice", true}},
		{fleet.ErrTokensBroken, failureKind{"tokens_broken", "make sure that the file beside the pool that ends in .used can be written, then run it again", true}},
		{fleet.ErrSameWorkspace, failureKind{"same_workspace", "leave one of the two out of the list", false}},
		{fleet.ErrNoTokens, failureKind{"no_tokens", "add tokens from the Cloud console to the pool, then run it again", true}},
	}
}

// isOfFleet reports whether an error has a kind that only fleets have.
func isOfFleet(err error) bool {
	return slices.ContainsFunc(fleetKinds(), func(kind fleetKind) bool { return errors.Is(err, kind.is) })
}
