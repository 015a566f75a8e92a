package registration

import (
	"context"
	"errors"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/offline"
)

// Relay returns the transport over this machine's connection to the Cloud: the workspace need not reach the Cloud, only this machine both.
//
// Register takes the workspace's registration data to the Cloud, with a token or by e-mail (any version), and hands over the grant that comes back.
// A token works once, so the grant is kept in a vault from the moment the Cloud gives it until the workspace is seen registered: name one with
// [GrantsIn]. Where an earlier run left a grant there, Register goes on with it and spends nothing. That a token leaves is kept there before it does, without the
// token: where its answer is lost, the next runs say so. Before a grant is handed over, the Cloud is
// asked for an access token with it: that proves the credentials, as the workspace itself cannot.
//
// Sync through a relay is a refresh of the license: see [Client.Sync] and [LicensesWith].
func Relay(client *cloud.Client, options ...RelayOption) Transport {
	t := relay{cloud: client}
	for _, option := range options {
		if option != nil {
			option(&t)
		}
	}
	return t
}

// RelayOption changes how a [Relay] works.
type RelayOption func(*relay)

// GrantsIn names the vault that keeps a grant until the workspace is seen registered. Without one a relay does not register. A sealed vault must have
// been opened with its identity too ([offline.OpenedWith]): a grant that the next run could not read would be lost.
func GrantsIn(vault *offline.Vault) RelayOption {
	return func(t *relay) { t.pending = vault }
}

// LicensesWith names another vault, which keeps the grant after that, for as long as the workspace is registered: only with it can Sync fetch the
// workspace's license. It then holds the client secrets of the workspaces. It must be in another folder than the vault of [GrantsIn].
func LicensesWith(vault *offline.Vault) RelayOption {
	return func(t *relay) { t.registered = vault }
}

type relay struct {
	ownSwitch
	cloud      *cloud.Client
	pending    *offline.Vault // grants that may not have reached their workspace
	registered *offline.Vault // grants of registered workspaces; may be nil
}

var (
	_ RequestChecker = relay{}
	_ Poller         = relay{}
	_ LicenseFetcher = relay{}
	_ Disconnector   = relay{}
	_ Finisher       = relay{}
	_ GrantKeeper    = relay{}
)

func (relay) Name() string { return "relay" }

func (t relay) CheckRequest(_ *Session, r Request) error {
	if err := t.checkVaults(); err != nil {
		return err
	}
	return r.checkGiven()
}

// checkVaults refuses to register without what registering takes.
func (t relay) checkVaults() error {
	if t.pending == nil {
		return &Error{Kind: ErrInvalidInput, Err: errors.New("the relay has no vault to keep the grant in"),
			Remedies: failure.Ways(failure.NameVault), Certain: "nothing was sent"}
	}
	return t.check()
}

// check refuses what a relay can do nothing with.
func (t relay) check() error {
	switch {
	case t.cloud == nil:
		return &Error{Kind: ErrInvalidInput, Err: errors.New("the relay has no client of the Cloud"), Remedies: failure.Ways(failure.MakeCloudClient)}
	case t.pending.SameFolder(t.registered):
		return &Error{Kind: ErrInvalidInput, Err: errors.New("one vault cannot keep both the grants on their way and those of registered workspaces"),
			Remedies: failure.Ways(failure.OtherVault)}
	}
	return nil
}

func (t relay) Register(ctx context.Context, s *Session, r Request) error {
	if err := t.checkVaults(); err != nil {
		return err
	}
	given := false // the token, to somebody who may have used it
	err := t.register(ctx, s, func(data cloud.RegistrationData) (cloud.Grant, error) {
		if r.Email != "" {
			return cloud.Grant{}, t.startEmail(ctx, s, r, data)
		}
		grant, used, err := t.exchange(ctx, s, r.Token, data)
		given = used
		return grant, err
	})
	if failed := fromTransport(err); failed != nil && !given {
		failed.Unspent = true
	}
	return err
}

// KeepsGrants tells that a grant stays in the vault until it has reached its workspace.
func (relay) KeepsGrants() bool { return true }

// register hands over the grant that an earlier run has kept, or else the one that fetch brings. Meanwhile no other run works for the workspace.
func (t relay) register(ctx context.Context, s *Session, fetch func(cloud.RegistrationData) (cloud.Grant, error)) error {
	data, err := s.readRegistrationData(ctx)
	if err != nil {
		return err
	}
	release, err := t.pending.Hold(data.UniqueID)
	if err != nil {
		return fromVault(err)
	}
	defer func() { _ = release() }() // a lock ends with its file, even where closing that fails
	// The vault comes first: another run lets go of its grant only once it has seen the workspace registered.
	grant, vaultErr := t.pending.Load(data.UniqueID)
	if vaultErr == nil || errors.Is(vaultErr, offline.ErrNothingKept) {
		if err := t.settleTries(data.UniqueID, vaultErr == nil); err != nil {
			return fromVault(err)
		}
	}
	if done, err := registeredMeanwhile(ctx, s); done || err != nil {
		if done {
			Unspent(ctx)
		}
		return err
	}
	if vaultErr == nil {
		vaultErr = t.discardIfDropped(ctx, data.UniqueID, grant)
	}
	switch {
	case vaultErr == nil:
		Unspent(ctx)
		Note(ctx, "it went on with the grant that an earlier run has kept: no token was spent now, and no message sent")
		return t.handOver(ctx, s, data, grant)
	case !errors.Is(vaultErr, offline.ErrNothingKept):
		return fromVault(vaultErr)
	}
	return t.fetchAndHandOver(ctx, s, data, fetch)
}

// registeredMeanwhile reports whether nothing is left to do.
func registeredMeanwhile(ctx context.Context, s *Session) (bool, error) {
	status, err := s.Status(ctx)
	switch {
	case err != nil:
		return false, beforeMutation(err)
	case status.State == Disconnected:
		return false, &Error{Kind: ErrAlreadyRegistered, Err: errors.New("somebody has registered and disconnected it meanwhile"), Remedies: failure.Ways(failure.Reconnect)}
	}
	return status.State == Registered, nil
}

// fetchAndHandOver keeps what the Cloud gives before it does anything else with it.
func (t relay) fetchAndHandOver(ctx context.Context, s *Session, data cloud.RegistrationData, fetch func(cloud.RegistrationData) (cloud.Grant, error)) error {
	if err := t.pending.Ready(); err != nil {
		return fromVault(err)
	}
	grant, err := fetch(data)
	if err != nil {
		return err
	}
	if err := t.pending.Keep(data.UniqueID, grant); err != nil {
		return t.handOverUnkept(ctx, s, data, grant, err)
	}
	if err := t.settleTries(data.UniqueID, true); err != nil {
		Note(ctx, "not all is put away yet, the next run tries again: %v", err)
	}
	return t.handOver(ctx, s, data, grant)
}
