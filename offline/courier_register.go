package offline

import (
	"context"
	"errors"
	"fmt"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/grants"
)

// register exchanges a token for a grant. The order is what keeps a token from being spent twice, and a grant from being lost: the intent lasts before the
// token leaves, and the grant is kept before anything else is asked.
func (c *round) register(ctx context.Context, r Request) (Outcome, error) {
	t := c.Tokens.forWorkspace(r.Workspace())
	grant, outcome, err := c.granted(ctx, r, t)
	if errors.Is(err, errAnsweredMeanwhile) {
		return AnsweredBefore, nil // no token was spent
	}
	if err != nil {
		return outcome, err
	}
	if grant, err = c.complete(ctx, r, grant); err != nil {
		return Failed, err
	}
	var keepErr error // no reason to lose the answer
	if c.KeepGrants {
		keepErr = c.Ledger.kept.Keep(r.Workspace().UniqueID, grant)
	}
	outcome, err = c.finish(r, t, payload{CloudBlob: grant.Blob()})
	if errors.Is(err, errAnsweredMeanwhile) {
		return AnsweredBefore, c.orphan(r, t, grant)
	}
	if err != nil {
		return outcome, err
	}
	return outcome, errors.Join(keepErr, c.Ledger.unfinished.Discard(r.ID()))
}

// errAnsweredMeanwhile: another courier, with a ledger of its own, has answered the request. Its answer stands: the workspace may have been handed it.
var errAnsweredMeanwhile = errors.New("another courier has answered the request meanwhile")

// orphan ends a registration that came too late to be used.
func (c *round) orphan(r Request, t choice, grant cloud.Grant) error {
	spent := recordOf(r, eventSpent, t, c.now())
	err := errors.Join(c.Ledger.append(spent), c.Ledger.unfinished.Discard(r.ID()))
	if c.KeepGrants {
		err = errors.Join(err, c.Ledger.kept.Discard(r.Workspace().UniqueID))
	}
	return errors.Join(fmt.Errorf("%w, and its answer stands: the token is spent on workspace %s, which is unused; remove it in the Cloud console, and let one courier work on a folder",
		errAnsweredMeanwhile, grant.WorkspaceID), err)
}

// granted returns the grant that an earlier run could not finish, or spends a token for one.
func (c *round) granted(ctx context.Context, r Request, t choice) (cloud.Grant, Outcome, error) {
	grant, err := c.Ledger.unfinished.Load(r.ID())
	if errors.Is(err, grants.ErrNothingKept) {
		return c.spend(ctx, r, t)
	}
	return grant, Failed, err
}

// spend hands a token to the Cloud.
func (c *round) spend(ctx context.Context, r Request, t choice) (cloud.Grant, Outcome, error) {
	if t.token.IsEmpty() {
		return cloud.Grant{}, Failed, ErrNoToken
	}
	grant, outcome, err := c.exchange(ctx, r, t)
	if err != nil {
		return cloud.Grant{}, outcome, err
	}
	// The sealed answer to a whole one is kept at once; one that is kept among all grants before would not tell which request it came for.
	if grant.Check() == nil && !c.KeepGrants {
		return grant, "", nil
	}
	if err := c.Ledger.unfinished.Keep(r.ID(), grant); err != nil {
		return cloud.Grant{}, Unknown, fmt.Errorf("the Cloud gave a grant that could not be kept: %w", err)
	}
	return grant, "", nil
}

// exchange looks once more whether the request has no answer yet, notes the intent, and hands the token over.
func (c *round) exchange(ctx context.Context, r Request, t choice) (cloud.Grant, Outcome, error) {
	if err := c.enter(ctx); err != nil {
		return cloud.Grant{}, Failed, err
	}
	defer c.leave()
	if err := c.Folder.checkUnanswered(r); err != nil {
		return cloud.Grant{}, Failed, err
	}
	if err := c.Ledger.claim(r, t, c.now()); err != nil {
		return cloud.Grant{}, claimOutcome(err), err
	}
	grant, err := c.Cloud.ExchangeToken(ctx, t.token.Reveal(), r.data)
	if err != nil {
		outcome, err := c.refused(r, t, err)
		return cloud.Grant{}, outcome, err
	}
	return grant, "", nil
}

// license fetches the present license with a grant.
func (c *round) license(ctx context.Context, r Request, grant cloud.Grant) (cloud.LicenseData, error) {
	if err := c.enter(ctx); err != nil {
		return cloud.LicenseData{}, err
	}
	defer c.leave()
	return c.Cloud.License(ctx, grant, r.data.LicenseVersion)
}

// refused notes what became of a token for which no grant came.
func (c *round) refused(r Request, t choice, err error) (Outcome, error) {
	switch {
	case errors.Is(err, cloud.ErrInvalidToken), errors.Is(err, cloud.ErrTokenUsed):
		return Refused, errors.Join(fmt.Errorf("%w: %w", ErrTokenRefused, err), c.Ledger.append(recordOf(r, eventRefused, t, c.now())))
	case cloud.IsUnspent(err):
		return Failed, errors.Join(err, c.Ledger.append(recordOf(r, eventVoid, t, c.now())))
	}
	return Unknown, fmt.Errorf("%w: %w", ErrOutcomeUnknown, err)
}

func claimOutcome(err error) Outcome {
	switch {
	case errors.Is(err, ErrOutcomeUnknown):
		return Unknown
	case errors.Is(err, ErrTokenRefused):
		return Refused
	}
	return Failed
}

// complete fetches the license where a grant lacks it: a workspace that is handed such a grant ends up half registered.
func (c *round) complete(ctx context.Context, r Request, grant cloud.Grant) (cloud.Grant, error) {
	if grant.LicenseData.License.IsEmpty() {
		license, err := c.license(ctx, r, grant)
		if err != nil {
			return cloud.Grant{}, fmt.Errorf("the token is spent and the grant is kept, but its license could not be fetched: %w", err)
		}
		if grant, err = grant.WithLicense(license); err != nil {
			return cloud.Grant{}, fmt.Errorf("%w: %w", ErrUnusable, err)
		}
	}
	if err := grant.Check(); err != nil {
		return cloud.Grant{}, fmt.Errorf("%w: %w", ErrUnusable, err)
	}
	return grant, nil
}

// fetchLicense answers a request for a license, with the grant that was kept.
func (c *round) fetchLicense(ctx context.Context, r Request) (Outcome, error) {
	grant, err := c.Ledger.kept.Load(r.Workspace().UniqueID)
	if errors.Is(err, grants.ErrNothingKept) {
		err = ErrNoGrant
	}
	if err != nil {
		return Failed, err
	}
	license, err := c.license(ctx, r, grant)
	if err != nil {
		return Failed, err
	}
	text, err := readLicense(license.License.Reveal())
	if err != nil {
		return Failed, err
	}
	return c.finish(r, choice{}, payload{License: text.Reveal()})
}
