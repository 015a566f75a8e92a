package registration

import (
	"errors"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/offline"
)

// fromCloud says what a failure of the Cloud means to the operation; nil stays nil. The workspace was not asked to change anything then.
func fromCloud(err error) error {
	if err == nil {
		return nil
	}
	failed := &Error{Kind: decision(err), Err: err, Remedies: failure.Remedies(err), Certain: "nothing that the Cloud gave before is lost"}
	switch {
	case errors.Is(err, cloud.ErrOutcomeUnknown):
		failed.Remedies, failed.Certain = failure.Ways(failure.RunAgainInDoubt), ""
	case errors.Is(err, ErrInvalidInput):
		failed.Certain = "nothing was sent"
	case errors.Is(err, cloud.ErrRateLimited):
		failed.Remedies = failure.Ways(failure.Wait)
	case isTLS(err):
		failed.Remedies = failure.Ways(failure.ReachCloud)
	}
	return failed
}

// decision is the kind that a failure beneath a transport has for an operation: a refused answer cannot be used, whatever is wrong with it. It is nil where the
// cause speaks for itself.
func decision(err error) error {
	switch kind := failure.KindOf(err).Broadest(); kind {
	case failure.OutcomeUnknown, failure.Rejected, failure.InvalidInput, failure.InvalidGrant, failure.RateLimited:
		return kind
	}
	return nil
}

// fromVault says what a failure of the vault means to the operation. What the transport says already stays as it is.
func fromVault(err error) error {
	if fromTransport(err) != nil {
		return err
	}
	failed := &Error{Err: err, Remedies: failure.Ways(failure.MendVault), Certain: "nothing was spent now"}
	switch {
	case errors.Is(err, offline.ErrNotOpened):
		failed.Kind, failed.Remedies = ErrInvalidInput, failure.Remedies(err)
	case errors.Is(err, offline.ErrLocked):
		failed.Remedies = failure.Ways(failure.WaitForOther)
	case errors.Is(err, offline.ErrCannotOpen):
		failed.Remedies = failure.Ways(failure.OpenWithKey)
	case errors.Is(err, failure.NoSpace):
		failed.Remedies = failure.Ways(failure.MakeRoom)
	}
	return failed
}
