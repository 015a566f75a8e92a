package registration

import (
	"errors"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/offline"
)

// fromCloud translates a failure of the Cloud. The workspace was not asked to change anything then.
func (t relay) fromCloud(err error) error {
	for _, m := range []struct {
		from, to error
		advice   string
	}{
		{cloud.ErrOutcomeUnknown, ErrOutcomeUnknown,
			"run the operation again: if the Cloud says then that the token was used, its grant is lost; remove the workspace in the Cloud console and get a new token"},
		{cloud.ErrInvalidToken, ErrRejected, "get a registration token from the Cloud console, and pass it whole"},
		{cloud.ErrTokenUsed, ErrRejected, "get a new registration token from the Cloud console"},
		{cloud.ErrInvalidDeviceCode, ErrRejected, "start again: Register sends a new message"},
		{cloud.ErrInvalidClient, ErrRemovedFromCloud,
			"the workspace does not know of it: see in the Cloud console who removed it; then make it forget its registration, and register it anew"},
		{cloud.ErrInvalidArgument, ErrInvalidInput, "correct the request; nothing was sent"},
		{cloud.ErrInvalidRegistrationData, ErrInvalidInput, "look at the workspace's setup: it has to tell its unique id and its address; nothing was sent"},
		{cloud.ErrForeignAddress, ErrInvalidGrant, "ask the Cloud that gave it: its address is an option of cloud.New"},
		{cloud.ErrInvalidGrant, ErrInvalidGrant, "see what sits between this machine and the Cloud, then run the operation again"},
		{cloud.ErrRateLimited, ErrRateLimited, "wait, then run the operation again: what the Cloud gave is kept"},
	} {
		if errors.Is(err, m.from) {
			return &Error{Kind: m.to, Err: err, Advice: m.advice}
		}
	}
	return &Error{Err: err, Advice: "check this machine's connection to " + t.cloud.URL() + ", then run the operation again: what the Cloud gave is kept"}
}

// fromVault translates a failure of the vault.
func fromVault(err error) error {
	advice := "look at the vault's folder, then run the operation again: nothing was spent now"
	if errors.Is(err, offline.ErrLocked) {
		advice = "another run registers this workspace: wait for its end, then run the operation again"
	}
	return &Error{Err: err, Advice: advice}
}
