package registration

import (
	"context"
	"errors"
	"fmt"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/offline"
)

func (t relay) FetchLicense(ctx context.Context, s *Session, _ Ticket) (cloud.Secret, error) {
	if err := t.check(); err != nil {
		return cloud.Secret{}, err
	}
	if t.registered == nil {
		return cloud.Secret{}, &Error{Kind: ErrUnsupported, Remedies: failure.Ways(failure.KeepGrants),
			Err: errors.New("only the grant of its registration fetches a workspace's license, and this relay keeps none")}
	}
	data, err := s.readRegistrationData(ctx)
	if err != nil {
		return cloud.Secret{}, err
	}
	grant, err := t.grantOf(ctx, data)
	if err != nil {
		return cloud.Secret{}, err
	}
	license, err := t.cloud.License(ctx, grant, data.LicenseVersion)
	if errors.Is(err, cloud.ErrInvalidClient) {
		return cloud.Secret{}, &Error{Kind: ErrRemovedFromCloud, Err: err,
			Remedies: failure.Ways(failure.ReplaceRegistration), Certain: "the workspace does not know of it"}
	}
	if err != nil {
		return cloud.Secret{}, fromCloud(err)
	}
	if license.License.IsEmpty() {
		return cloud.Secret{}, &Error{Kind: ErrSyncFailed, Err: errors.New("the Cloud has no license for this workspace"), Remedies: failure.Way(failure.SeeConsole, data.WorkspaceID)}
	}
	return license.License, nil
}

// grantOf finds the grant with which a workspace was registered.
func (t relay) grantOf(ctx context.Context, data cloud.RegistrationData) (cloud.Grant, error) {
	if t.pending != nil {
		// A run that ended early has left it there.
		if err := t.putAway(ctx, data.UniqueID, data.WorkspaceID); err != nil {
			Note(ctx, "not all is put away yet: %v", err)
		}
	}
	grant, err := t.registered.Load(data.UniqueID)
	switch {
	case errors.Is(err, offline.ErrNothingKept):
		return cloud.Grant{}, &Error{Kind: ErrUnsupported, Err: err, Remedies: failure.Ways(failure.KeepGrants)}
	case err != nil:
		return cloud.Grant{}, fromVault(err)
	case grant.WorkspaceID != data.WorkspaceID:
		return cloud.Grant{}, &Error{Kind: ErrUnsupported, Remedies: failure.Ways(failure.KeepGrants),
			Err: fmt.Errorf("the grant that is kept is of workspace %s, and the workspace was registered as %s since", grant.WorkspaceID, data.WorkspaceID)}
	}
	return grant, nil
}
