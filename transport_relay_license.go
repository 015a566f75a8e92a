package registration

import (
	"context"
	"errors"
	"fmt"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/offline"
)

func (t relay) FetchLicense(ctx context.Context, d *Dialect, _ Ticket) (cloud.Secret, error) {
	const advice = "register through a relay with LicensesWith, so that it keeps the grant; or apply a licence text that Rocket.Chat has sent"
	if t.cloud == nil || t.registered == nil {
		return cloud.Secret{}, &Error{Kind: ErrUnsupported, Err: errors.New("only the grant of its registration fetches a workspace's licence, and this relay keeps none"), Advice: advice}
	}
	data, err := d.readRegistrationData(ctx)
	if err != nil {
		return cloud.Secret{}, err
	}
	grant, err := t.registered.Load(data.UniqueID)
	switch {
	case errors.Is(err, offline.ErrNothingKept):
		return cloud.Secret{}, &Error{Kind: ErrUnsupported, Err: err, Advice: advice}
	case err != nil:
		return cloud.Secret{}, fromVault(err)
	case grant.WorkspaceID != data.WorkspaceID:
		return cloud.Secret{}, &Error{Kind: ErrUnsupported, Advice: advice,
			Err: fmt.Errorf("the grant that is kept is for workspace %s, and the workspace was registered as %s since", grant.WorkspaceID, data.WorkspaceID)}
	}
	license, err := t.cloud.License(ctx, grant, data.LicenseVersion)
	if err != nil {
		return cloud.Secret{}, t.fromCloud(err)
	}
	if license.License.IsEmpty() {
		return cloud.Secret{}, &Error{Kind: ErrSyncFailed, Err: errors.New("the Cloud has no licence for this workspace"), Advice: "see in the Cloud console what it says of workspace " + data.WorkspaceID}
	}
	return license.License, nil
}
