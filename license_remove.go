package registration

import (
	"context"
	"errors"

	"github.com/rcreg/registration/failure"
)

const opRemoveLicense = "remove license"

// RemoveLicense drops the license that came from the Cloud (POST cloud.removeLicense, from 6.5). The workspace syncs with it, so that the license may
// come back, and its success covers a Cloud that refused and a workspace that has just forgotten its registration (A9): license and status are read
// before and after.
//
// Without a license it changes nothing. Errors: [ErrUnsupported] below 6.5; [ErrRemovedFromCloud] when the Cloud no longer knew the workspace;
// [ErrOutcomeUnknown] when the license or the status cannot be read back; see also the kinds of [Client.License].
func (c *Client) RemoveLicense(ctx context.Context) (LicenseResult, error) {
	if err := c.usable(ctx, opRemoveLicense); err != nil {
		return LicenseResult{Operation: opRemoveLicense}, err
	}
	if !c.session.can(askRemoveLicense) {
		return LicenseResult{Operation: opRemoveLicense}, c.fail(opRemoveLicense, ErrUnsupported, errors.New("servers have this call from 6.5"),
			do(failure.CancelLicense))
	}
	ctx, o, err := c.beginLicense(ctx, opRemoveLicense)
	if err != nil {
		return o.close(), err
	}
	if o.result.Before.State == NoLicense {
		return o.close(), nil
	}
	before, err := c.session.Status(ctx)
	if err != nil {
		return o.fail(kindOf(err), err, next{certain: "nothing was changed: the status must be readable first"})
	}
	actErr := c.session.RemoveLicense(ctx)
	if provenUndone(actErr) {
		return o.fail(kindOf(actErr), actErr, next{})
	}
	if err := o.settle(ctx, actErr, c.settlesWithin(o.began, actErr), func(l License) bool { return l.State == NoLicense }); err != nil {
		return o.close(), err
	}
	// It may have made the workspace forget its registration.
	if err := o.settleWithin(ctx, actErr, c.settingsLag, func(s Status) bool { return s.State != before.State }); err != nil {
		return o.close(), err
	}
	return o.taken(before, o.operation.result.After, actErr)
}

// taken ends the operation by what the workspace shows.
func (o *licenseOperation) taken(before, after Status, actErr error) (LicenseResult, error) {
	switch {
	case before.State == Registered && after.State != Registered:
		return o.fail(ErrRemovedFromCloud, actErr, do(failure.RegisterAnew).sure("it has just forgotten its registration"))
	case o.result.After.State == NoLicense:
		if actErr != nil {
			o.note("the license is removed, although %s: %s", answered(actErr), brief(actErr))
		}
		if before.State == Registered {
			o.note("the answer does not say whether the Cloud took the license back: if it did not, the next sync brings it again")
		}
		return o.close(), nil
	case refusedPlainly(actErr) && o.cutShort == nil:
		return o.fail(kindOf(actErr), actErr, next{})
	case answeredInFront(actErr):
		return o.fail(nil, actErr, letPass(actErr).sure("the license is as it was"))
	case lostReply(actErr) || o.cutShort != nil:
		return o.fail(ErrOutcomeUnknown, because("the workspace still shows a license", o.cutShort, actErr), do(failure.ReadLicense))
	}
	return o.fail(nil, because("the workspace still shows a license, which the Cloud hands out again in each sync, or did not give", actErr), do(failure.CancelLicense))
}
