package relay

import (
	"context"
	"errors"
	"fmt"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/grants"
)

// handOver completes a grant, proves it, and gives it to the workspace.
func (t transport) handOver(ctx context.Context, s *registration.Session, data cloud.RegistrationData, grant cloud.Grant) error {
	if grant.Check() != nil {
		var err error
		if grant, err = t.complete(ctx, data, grant); err != nil {
			return err
		}
	}
	if _, err := t.cloud.AccessToken(ctx, grant, cloud.ScopeWorkspace); err != nil {
		return fromCloud(err)
	}
	return s.HandOver(ctx, grant)
}

// complete fetches the license, which is all of a grant that can be had again. The grant that is kept stays as the Cloud gave it.
func (t transport) complete(ctx context.Context, data cloud.RegistrationData, grant cloud.Grant) (cloud.Grant, error) {
	license, err := t.cloud.License(ctx, grant, data.LicenseVersion)
	if err != nil && !errors.Is(err, cloud.ErrInvalidGrant) {
		return cloud.Grant{}, fromCloud(err)
	}
	// One without credentials got no license, and lacks what it lacked.
	if whole, err := grant.WithLicense(license); err == nil {
		grant = whole
	}
	if problem := grant.Check(); problem != nil {
		return cloud.Grant{}, &registration.Error{Kind: registration.ErrInvalidGrant, Err: problem, Remedies: failure.Ways(failure.CompleteGrant, failure.CheckCloudWay), Certain: "what the Cloud gave is kept"}
	}
	return grant, nil
}

// deliverUnsaved delivers a grant that could not be saved: its only chance.
func (t transport) deliverUnsaved(ctx context.Context, s *registration.Session, data cloud.RegistrationData, grant cloud.Grant, keepErr error) error {
	err := t.handOver(ctx, s, data, grant)
	if t.pending.Keep(data.UniqueID, grant) == nil {
		return err
	}
	registration.Note(ctx, "the grant of workspace %s could not be kept (%v): if the workspace is not registered now, it is lost; remove %[1]s in the Cloud console then", grant.WorkspaceID, keepErr)
	if err == nil {
		return nil
	}
	lost := fmt.Errorf("the grant is lost; %w; %w", failure.GrantLost, err)
	if said := beforeMutation(err); said != nil {
		return &registration.Error{Kind: said.Kind, Err: lost, Remedies: failure.Ways(failure.MendLostGrant)}
	}
	return lost
}

// discardIfDropped asks the Cloud whether it still takes a kept grant. One that it has dropped, or that came without credentials, is of no use to anybody:
// it is discarded, and the error is [grants.ErrNothingKept].
func (t transport) discardIfDropped(ctx context.Context, uniqueID string, grant cloud.Grant) error {
	refusal := t.cloud.Prove(ctx, grant) // an access token in memory may be older than a removal
	if !errors.Is(refusal, cloud.ErrInvalidClient) && !errors.Is(refusal, cloud.ErrInvalidGrant) {
		return fromCloud(refusal)
	}
	// Only the Cloud that gave it can know. For a grant of another one this sends nothing.
	if _, err := t.cloud.License(ctx, grant, 0); errors.Is(err, cloud.ErrForeignAddress) {
		return fromCloud(err)
	}
	if err := t.pending.Discard(uniqueID); err != nil {
		return err
	}
	registration.Note(ctx, "the grant that an earlier run has kept was discarded: %v", refusal)
	return grants.ErrNothingKept
}

// Finish lets go of the grant that has reached the workspace, and tells of tokens whose answer was lost before.
func (t transport) Finish(ctx context.Context, _ *registration.Session, r registration.Result) error {
	if r.License != nil {
		return nil
	}
	return errors.Join(t.moveToLongTermStore(ctx, r.After.UniqueID, r.After.WorkspaceID), t.tellTries(ctx, r))
}

// moveToLongTermStore moves the grant with which a workspace was registered from the one store to the other.
func (t transport) moveToLongTermStore(ctx context.Context, uniqueID, workspaceID string) error {
	grant, err := t.pending.Load(uniqueID)
	switch {
	case errors.Is(err, grants.ErrNothingKept):
		return nil
	case err != nil:
		return err
	case grant.WorkspaceID != workspaceID:
		return t.orphanedGrant(ctx, uniqueID, grant)
	case t.registered != nil:
		if err := t.registered.Keep(uniqueID, grant); err != nil {
			return err
		}
	}
	return t.pending.Discard(uniqueID)
}

// orphanedGrant is the outcome of a grant of a workspace that was registered otherwise: it waits until its workspace was removed in the Cloud console.
func (t transport) orphanedGrant(ctx context.Context, uniqueID string, grant cloud.Grant) error {
	err := t.discardIfDropped(ctx, uniqueID, grant)
	if errors.Is(err, grants.ErrNothingKept) {
		return nil
	}
	return fmt.Errorf("the store keeps a grant of workspace %s, while the workspace was registered otherwise. Remove %[1]s in the Cloud console first", grant.WorkspaceID)
}
