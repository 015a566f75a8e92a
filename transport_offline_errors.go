package registration

import (
	"errors"

	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/offline"
)

// fromGap says why there is no answer that can be used. The workspace was not asked to change anything then.
func fromGap(err error) error {
	for _, refused := range []error{offline.ErrMalformed, offline.ErrTooLarge, offline.ErrSymbolicLink, offline.ErrNotRegular, offline.ErrLeadsOut} {
		if errors.Is(err, refused) && decision(err) == nil {
			return &Error{Kind: ErrInvalidGrant, Err: err, Remedies: failure.Ways(failure.ReplaceAnswer), Certain: "nothing was handed over"}
		}
	}
	return fromFolders(err)
}

// fromFolders says what a failure of the folders means, for which no answer may be to blame.
func fromFolders(err error) error {
	failed := &Error{Kind: decision(err), Err: err, Remedies: failure.Remedies(err), Certain: "nothing is lost"}
	switch {
	case errors.Is(failed.Kind, ErrInvalidGrant):
		failed.Certain = "nothing was handed over"
	case failure.KindOf(err) == failure.Other:
		failed.Remedies = failure.Ways(failure.MendFolder)
	}
	return failed
}
