package offline

import (
	"errors"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/failure"
)

// fromGap says why there is no answer that can be used. The workspace was not asked to change anything then.
func fromGap(err error) error {
	refused := &registration.Error{Kind: registration.ErrInvalidGrant, Err: err, Remedies: failure.Ways(failure.ReplaceAnswer), Certain: "nothing was handed over"}
	switch failure.KindOf(err) {
	case failure.Truncated:
		refused.Kind, refused.Remedies = failure.AnswerCutOff, failure.Ways(failure.CopyAnswer)
	case failure.Malformed, failure.TooLarge, failure.SymbolicLink, failure.NotRegular, failure.InvalidName, failure.CannotOpen:
	default:
		return fromFolders(err)
	}
	return refused
}

// fromFolders says what a failure of the folders means, for which no answer may be to blame.
func fromFolders(err error) error {
	failed := &registration.Error{Kind: broadKind(err), Err: err, Remedies: failure.Remedies(err), Certain: "nothing is lost"}
	switch {
	case errors.Is(failed.Kind, registration.ErrInvalidGrant):
		failed.Certain = "nothing was handed over"
	case failure.KindOf(err) == failure.Other:
		failed.Remedies = failure.Ways(failure.MendFolder)
	}
	return failed
}

// broadKind is what an operation calls a refused request or answer, whatever is wrong with it; nil for other failures.
func broadKind(err error) error {
	switch kind := failure.KindOf(err).Broadest(); kind {
	case failure.InvalidGrant, failure.InvalidInput:
		return kind
	}
	return nil
}
