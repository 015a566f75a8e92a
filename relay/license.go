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

func (t transport) FetchLicense(ctx context.Context, s *registration.Session, _ registration.Ticket) (cloud.Secret, error) {
	if t.registered == nil {
		return cloud.Secret{}, &registration.Error{Kind: registration.ErrUnsupported, Remedies: failure.Ways(failure.KeepGrants),
			Err: errors.New("only the grant of its registration fetches a workspace's license, and this relay keeps none")}
	}
	data, err := registrationData(ctx, s)
	if err != nil {
		return cloud.Secret{}, err
	}
	grant, err := t.grantOf(ctx, data)
	if err != nil {
		return cloud.Secret{}, err
	}
	license, err := t.cloud.License(ctx, grant, data.LicenseVersion)
	if errors.Is(err, cloud.ErrInvalidClient) {
		return cloud.Secret{}, &registration.Error{Kind: registration.ErrRemovedFromCloud, Err: err, Certain: "the workspace does not know of it"}
	}
	if err != nil {
		return cloud.Secret{}, fromCloud(err)
	}
	if license.License.IsEmpty() {
		return cloud.Secret{}, &registration.Error{Kind: registration.ErrSyncFailed, Err: errors.New("the Cloud has no license for this workspace"),
			Remedies: append(failure.Way(failure.SeeConsole, data.WorkspaceID), failure.Ways(failure.CheckCloudWay)...)}
	}
	return license.License, nil
}

// grantOf finds the grant with which a workspace was registered.
func (t transport) grantOf(ctx context.Context, data cloud.RegistrationData) (cloud.Grant, error) {
	// A run that ended early has left it with the others.
	if err := t.moveToLongTermStore(ctx, data.UniqueID, data.WorkspaceID); err != nil {
		registration.Note(ctx, "cleanup is incomplete: %v", err)
	}
	grant, err := t.registered.Load(data.UniqueID)
	switch {
	case errors.Is(err, grants.ErrNothingKept):
		return cloud.Grant{}, &registration.Error{Kind: registration.ErrUnsupported, Err: err, Remedies: failure.Ways(failure.KeepGrants)}
	case err != nil:
		return cloud.Grant{}, fromStore(err)
	case grant.WorkspaceID != data.WorkspaceID:
		return cloud.Grant{}, &registration.Error{Kind: registration.ErrUnsupported, Remedies: failure.Ways(failure.KeepGrants),
			Err: fmt.Errorf("the grant that is kept is of workspace %s, and the workspace was registered as %s since", grant.WorkspaceID, data.WorkspaceID)}
	}
	return grant, nil
}
