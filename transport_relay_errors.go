package registration

import (
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/offline"
)

// fromCloud translates a failure of the Cloud; nil stays nil. The workspace was not asked to change anything then.
func (t relay) fromCloud(err error) error {
	if err == nil {
		return nil
	}
	return translate(err, "check this machine's connection to "+t.cloud.URL()+", then run the operation again; nothing that the Cloud gave before is lost", []meaning{
		{cloud.ErrOutcomeUnknown, ErrOutcomeUnknown,
			"run the operation again: if the Cloud says then that the token was used, its grant is lost; remove the workspace in the Cloud console and get a new token"},
		{cloud.ErrInvalidToken, ErrRejected, "get a registration token from the Cloud console, and pass it whole; should the console show the workspace all the same, remove it there first"},
		{cloud.ErrTokenUsed, ErrRejected, "get a new registration token from the Cloud console; if a run before this one was cut off, remove what it registered there"},
		{cloud.ErrInvalidDeviceCode, ErrRejected, "start the registration again by e-mail: the old message no longer works"},
		{cloud.ErrInvalidClient, ErrRejected, "the Cloud does not take what it has given itself: start again with a new token or message"},
		{cloud.ErrRefused, ErrRejected, "see in the Cloud console what it says of the workspace and of the token; nothing that the Cloud gave before is lost"},
		{cloud.ErrUnauthorized, ErrRejected, "see in the Cloud console what it says of the workspace; nothing that the Cloud gave before is lost"},
		{cloud.ErrInvalidArgument, ErrInvalidInput, "correct the request; nothing was sent"},
		{cloud.ErrInvalidRegistrationData, ErrInvalidInput, adviceSetup},
		{cloud.ErrForeignAddress, ErrInvalidGrant, "ask the Cloud that gave it, whose address is an option of cloud.New; what it gave is kept"},
		{cloud.ErrInvalidGrant, ErrInvalidGrant, "register the workspace anew: nothing can be asked with what is kept"},
		{cloud.ErrRateLimited, ErrRateLimited, "wait, then run the operation again; nothing that the Cloud gave before is lost"},
	}...)
}

const adviceSetup = "look at the workspace's setup: it has to tell its unique id and its address (Site_Url); nothing was sent"

// fromVault translates a failure of the vault. What the transport says already stays as it is.
func fromVault(err error) error {
	if fromTransport(err) != nil {
		return err
	}
	return translate(err, "look at the vault's folder, then run the operation again; nothing was spent now",
		meaning{offline.ErrNotOpened, ErrInvalidInput, "open the vault with offline.OpenVault; nothing was spent now"},
		meaning{offline.ErrLocked, nil, "another run registers this workspace: wait for its end, then run the operation again"},
		meaning{offline.ErrCannotOpen, nil, "open the vault with the identity that it is sealed to (offline.OpenedWith), then run the operation again; nothing was spent now"})
}
