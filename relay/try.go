package relay

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/grants"
)

// exchange spends a token. That it leaves is kept first, and for as long as neither the Cloud nor a grant tells what became of it. used reports whether the token may have been.
func (t transport) exchange(ctx context.Context, s *registration.Session, token string, data cloud.RegistrationData) (grant cloud.Grant, used bool, err error) {
	try := grants.NewTry(token, s.Clock().Now())
	before, err := t.pending.Tries(data.UniqueID)
	if err != nil {
		return cloud.Grant{}, false, fromStore(err)
	}
	i := slices.IndexFunc(before, func(known grants.Try) bool { return known.TokenSHA256 == try.TokenSHA256 })
	others := slices.Clone(before)
	if i >= 0 {
		others = slices.Delete(others, i, i+1)
	}
	if err := t.pending.KeepTries(data.UniqueID, append(slices.Clone(others), try)); err != nil {
		return cloud.Grant{}, false, fromStore(err)
	}
	grant, err = t.cloud.ExchangeToken(ctx, token, data)
	if err == nil || errors.Is(err, cloud.ErrOutcomeUnknown) {
		return grant, true, fromCloud(err) // the try is settled by the grant, once that is kept
	}
	unspent, usedBefore := cloud.IsUnspent(err), i >= 0 && errors.Is(err, cloud.ErrTokenUsed)
	left := others
	if unspent || usedBefore {
		left = before
	}
	if keepErr := t.pending.KeepTries(data.UniqueID, left); keepErr != nil {
		registration.Note(ctx, "cleanup is incomplete, the next run tries again: %v", keepErr)
	}
	if usedBefore {
		return grant, true, usedInDoubt(before[i], err)
	}
	return grant, !unspent, fromCloud(err)
}

// usedInDoubt is the refusal of a token that an earlier run handed over without an answer.
func usedInDoubt(try grants.Try, refusal error) error {
	return &registration.Error{Kind: registration.ErrRejected, Err: fmt.Errorf("this token was handed over at %s already, and has been in doubt since: most likely it was used then; %w", minute(try.Began), refusal),
		Remedies: failure.Ways(failure.RemoveOfThatTime)}
}

func minute(at time.Time) string { return at.UTC().Format("2006-01-02 15:04 UTC") }

// settleTries ends the tries that a run before has left. A kept grant is the answer to the last one; without a grant they are in doubt.
func (t transport) settleTries(uniqueID string, hasGrant bool) error {
	tries, err := t.pending.Tries(uniqueID)
	if !slices.ContainsFunc(tries, isOpen) {
		return err
	}
	if hasGrant {
		return t.pending.KeepTries(uniqueID, slices.DeleteFunc(tries, isOpen))
	}
	for i := range tries {
		tries[i].InDoubt = true
	}
	return t.pending.KeepTries(uniqueID, tries)
}

func isOpen(try grants.Try) bool { return !try.InDoubt }

// tellTries notes the tokens of which nothing tells what became of them, now that the workspace is registered by another one, and forgets them. The one that has
// registered it just now is among them where its grant could not be kept.
func (t transport) tellTries(ctx context.Context, r registration.Result) error {
	now := r.After
	tries, err := t.pending.Tries(now.UniqueID)
	if len(tries) == 0 {
		return err
	}
	for _, try := range tries {
		if isOpen(try) && r.Before.State == registration.Unregistered {
			continue
		}
		registration.LostToken(ctx, "a registration token that an earlier run took for it at %s was handed over, and its answer was lost: Rocket.Chat Cloud may hold a registration "+
			"from that time that no workspace uses. Look for it in the Cloud console and remove it; this workspace is %s there", minute(try.Began), now.WorkspaceID)
	}
	return t.pending.KeepTries(now.UniqueID, nil)
}
