package registration

import (
	"context"
	"errors"
	"syscall"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/offline"
	"github.com/rcreg/registration/workspace"
)

// KindOther is what [KindName] calls a failure that no kind fits.
const KindOther = "failed"

// KindName names what kind of failure an error is, such as "unauthorized", for scripts, reports and metrics: the names do not change with releases. What an
// operation decided counts more than the causes underneath. It is empty for nil and [KindOther] where no kind fits.
func KindName(err error) string {
	if err == nil {
		return ""
	}
	decided := err
	if operation := (*Error)(nil); errors.As(err, &operation) && operation.Kind != nil {
		decided = operation.Kind
	}
	for _, kind := range namedKinds() {
		if errors.Is(decided, kind.is) {
			return kind.name
		}
	}
	return KindOther
}

type namedKind struct {
	name string
	is   error
}

// namedKinds lists what can go wrong: first the kinds of this package, then the causes that speak for themselves.
func namedKinds() []namedKind {
	return []namedKind{
		{"invalid_input", ErrInvalidInput},
		{"invalid_input", offline.ErrNotOpened},
		{"pending", ErrPending},
		{"unsupported", ErrUnsupported},
		{"unsupported_version", ErrUnsupportedVersion},
		{"outcome_unknown", ErrOutcomeUnknown},
		{"unauthorized", ErrUnauthorized},
		{"forbidden", ErrForbidden},
		{"two_factor_required", ErrTwoFactorRequired},
		{"rate_limited", ErrRateLimited},
		{"rejected", ErrRejected},
		{"already_registered", ErrAlreadyRegistered},
		{"not_registered", ErrNotRegistered},
		{"removed_from_cloud", ErrRemovedFromCloud},
		{"sync_failed", ErrSyncFailed},
		{"expired", ErrExpired},
		{"invalid_grant", ErrInvalidGrant},
		{"license_refused", ErrLicenseRefused},
		{"license_not_in_force", ErrLicenseNotInForce},
		{"unknown_request", offline.ErrUnknownRequest},
		{"folder_away", offline.ErrFolderAway},
		{"no_space", syscall.ENOSPC},
		{"readable_by_others", offline.ErrReadableByOthers},
		{"locked", offline.ErrLocked},
		{"ledger_damaged", offline.ErrLedgerDamaged},
		{"newer_format", offline.ErrNewerFormat},
		{"cannot_open", offline.ErrCannotOpen},
		{"timeout", context.DeadlineExceeded},
		{"interrupted", context.Canceled},
		{"cloud_unreachable", cloud.ErrUnreachable},
		{"cloud_failed", cloud.ErrUnavailable},
		{"cloud_refused", cloud.ErrRefused},
		{"cloud_bad_reply", cloud.ErrBadReply},
		{"not_rocket_chat", workspace.ErrNotRocketChat},
		{"address", workspace.ErrAddress},
		{"unreachable", workspace.ErrNotSent},
		{"bad_reply", workspace.ErrBadReply},
		{"reply_lost", workspace.ErrReplyLost},
		{"workspace_failed", workspace.ErrInternal},
		{"refused", workspace.ErrRefused},
	}
}

// Temporary reports whether a failure may pass by itself, so that another try may go better without anybody acting. It is the one list that [Client.Wait],
// fleets and workflows go by. What an operation decided counts more than the causes underneath, such as a refused call.
func Temporary(err error) bool {
	if errors.Is(err, offline.ErrTruncated) {
		return true // an answer that is being copied
	}
	if decided := (*Error)(nil); errors.As(err, &decided) && decided.Kind != nil {
		err = decided.Kind
	}
	for _, kind := range []error{
		ErrOutcomeUnknown, ErrSyncFailed, ErrRateLimited,
		workspace.ErrNotSent, workspace.ErrReplyLost, workspace.ErrBadReply, workspace.ErrInternal, workspace.ErrRateLimited,
		cloud.ErrUnreachable, cloud.ErrUnavailable, // to a relay
		offline.ErrFolderAway, syscall.EIO, // while a stick is pulled out
		offline.ErrLocked, // while another run looks
		context.DeadlineExceeded,
	} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}
