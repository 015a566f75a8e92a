package relay

import (
	"errors"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/grants"
)

// fromCloud says what a failure of the Cloud means to the operation; nil stays nil. The workspace was not asked to change anything then.
func fromCloud(err error) error {
	if err == nil {
		return nil
	}
	failed := &registration.Error{Err: err, Remedies: failure.Remedies(err), Certain: "nothing that the Cloud gave before is lost"}
	switch {
	case errors.Is(err, cloud.ErrOutcomeUnknown):
		failed.Remedies, failed.Certain = failure.Ways(failure.RunAgainInDoubt), ""
	case errors.Is(err, registration.ErrInvalidInput):
		failed.Certain = "nothing was sent"
	}
	return failed
}

// fromStore says what a failure of the store means to the operation. What the transport says already stays as it is.
func fromStore(err error) error {
	if beforeMutation(err) != nil {
		return err
	}
	failed := &registration.Error{Err: err, Remedies: failure.Ways(failure.MendStore), Certain: "nothing was spent now"}
	switch {
	case errors.Is(err, grants.ErrNotOpened):
		failed.Kind, failed.Remedies = registration.ErrInvalidInput, failure.Remedies(err)
	case errors.Is(err, grants.ErrLocked), errors.Is(err, failure.NoSpace):
		failed.Remedies = failure.Remedies(err)
	case errors.Is(err, grants.ErrCannotOpen):
		failed.Remedies = failure.Ways(failure.OpenWithKey)
	}
	return failed
}

// beforeMutation returns what says of itself that the workspace was not asked to change anything yet; nil for other errors.
func beforeMutation(err error) *registration.Error {
	failed, _ := err.(*registration.Error) //nolint:errorlint // a wrapped one is a cause like others
	return failed
}
