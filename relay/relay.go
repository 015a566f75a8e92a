// Package relay is the transport over this machine's connection to Rocket.Chat Cloud: the workspace need not reach the Cloud, only this machine both.
//
//	transport, err := relay.New(toCloud, store)
//	client, err := registration.New(ctx, ws, registration.WithTransport(transport))
//
// Register takes the workspace's registration data to the Cloud, with a token or by e-mail (any version), and hands over the grant that comes back.
// A token works once, so the grant is kept in a store from the moment the Cloud gives it until the workspace is seen registered. Where an earlier run left a grant
// there, Register goes on with it and spends nothing. That a token leaves is kept there before it does, without the token: where its answer is lost, the next runs
// say so. Before a grant is handed over, the Cloud is asked for an access token with it: that proves the credentials, as the workspace itself cannot.
//
// Sync through a relay is a refresh of the license: see [LicensesWith].
package relay

import (
	"context"
	"errors"
	"fmt"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/grants"
)

// New returns a relay: a transport over this machine's connection to the Cloud. The store keeps a grant from the moment the Cloud gives it until the workspace is
// seen registered. A sealed one must have been opened with its identity too ([grants.OpenedWith]): a grant that the next run could not read would be lost.
//
// Errors: [registration.ErrInvalidInput] without a client or a store, and where the store of [LicensesWith] is in the same folder.
func New(client *cloud.Client, store *grants.Store, options ...Option) (registration.Transport, error) {
	t := transport{cloud: client, pending: store}
	for _, option := range options {
		if option != nil {
			option(&t)
		}
	}
	if err := t.check(); err != nil {
		return nil, err
	}
	return t, nil
}

// Option changes how a relay works.
type Option func(*transport)

// LicensesWith names another store, which keeps the grant after that, for as long as the workspace is registered: only with it can Sync fetch the
// workspace's license. It then holds the client secrets of the workspaces. It must be in another folder than the store of [New].
func LicensesWith(store *grants.Store) Option {
	return func(t *transport) { t.registered = store }
}

type transport struct {
	cloud      *cloud.Client
	pending    *grants.Store // grants that may not have reached their workspace
	registered *grants.Store // grants of registered workspaces; may be nil
}

var (
	_ registration.Poller         = transport{}
	_ registration.LicenseFetcher = transport{}
	_ registration.Finisher       = transport{}
)

func (transport) Info() registration.Info {
	return registration.Info{Name: "relay", TakesToken: true, TakesEmail: true, KeepsGrants: true}
}

// check refuses what a relay can do nothing with.
func (t transport) check() error {
	refuse := func(why string, act failure.Act) error {
		return &registration.Error{Op: "make a relay", Kind: registration.ErrInvalidInput, Err: errors.New(why), Remedies: failure.Ways(act), Certain: "nothing was sent"}
	}
	switch {
	case t.cloud == nil:
		return refuse("the relay has no client of the Cloud", failure.MakeCloudClient)
	case t.pending == nil:
		return refuse("the relay has no store to keep the grant in", failure.NameStore)
	case t.pending.SameFolder(t.registered):
		return refuse("one store cannot keep both the grants on their way and those of registered workspaces", failure.OtherStore)
	}
	return nil
}

func (t transport) Register(ctx context.Context, s *registration.Session, r registration.Request) error {
	given := false // the token, to a server that may have used it
	err := t.register(ctx, s, func(data cloud.RegistrationData) (cloud.Grant, error) {
		if r.Email != "" {
			return cloud.Grant{}, t.startEmail(ctx, s, r, data)
		}
		grant, used, err := t.exchange(ctx, s, r.Token, data)
		given = used
		return grant, err
	})
	if failed := beforeMutation(err); failed != nil && !given {
		failed.Unspent = true
	}
	return err
}

// register hands over the grant that an earlier run has kept, or else the one that fetch brings. Meanwhile no other run works for the workspace.
func (t transport) register(ctx context.Context, s *registration.Session, fetch func(cloud.RegistrationData) (cloud.Grant, error)) error {
	data, err := registrationData(ctx, s)
	if err != nil {
		return err
	}
	release, err := t.pending.Hold(data.UniqueID)
	if err != nil {
		return fromStore(err)
	}
	defer func() { _ = release() }() // a lock ends with its file, even where closing that fails
	// The store comes first: another run lets go of its grant only once it has seen the workspace registered.
	grant, storeErr := t.pending.Load(data.UniqueID)
	if storeErr == nil || errors.Is(storeErr, grants.ErrNothingKept) {
		if err := t.settleTries(data.UniqueID, storeErr == nil); err != nil {
			return fromStore(err)
		}
	}
	if done, err := registeredMeanwhile(ctx, s, data.UniqueID); done || err != nil {
		registration.Unspent(ctx)
		return err
	}
	if storeErr == nil {
		storeErr = t.discardIfDropped(ctx, data.UniqueID, grant)
	}
	switch {
	case storeErr == nil:
		registration.Unspent(ctx)
		registration.Note(ctx, "it went on with the grant that an earlier run has kept: no token was spent now, and no message sent")
		return t.handOver(ctx, s, data, grant)
	case !errors.Is(storeErr, grants.ErrNothingKept):
		return fromStore(storeErr)
	}
	return t.fetchAndHandOver(ctx, s, data, fetch)
}

// registrationData asks for the registration data and reads it.
func registrationData(ctx context.Context, s *registration.Session) (cloud.RegistrationData, error) {
	text, err := s.RegistrationData(ctx)
	if err != nil {
		return cloud.RegistrationData{}, err
	}
	return cloud.ParseRegistrationText(text)
}

// registeredMeanwhile reports whether nothing is left to do. It fails where the status is of another workspace than the registration data.
func registeredMeanwhile(ctx context.Context, s *registration.Session, uniqueID string) (bool, error) {
	status, err := s.Status(ctx)
	switch {
	case err != nil:
		return false, &registration.Error{Err: err}
	case status.UniqueID != "" && status.UniqueID != uniqueID:
		err := fmt.Errorf("two workspaces answer at the address: the status is of the unique id %.64q, and the registration data of %.64q", status.UniqueID, uniqueID)
		return false, &registration.Error{Err: err, Remedies: failure.Ways(failure.CheckBetween), Certain: "nothing was changed"}
	case status.State == registration.Disconnected:
		return false, &registration.Error{Kind: registration.ErrAlreadyRegistered, Err: errors.New("it was registered and disconnected meanwhile"), Remedies: failure.Way(failure.Reconnect, "relay")}
	}
	return status.State == registration.Registered, nil
}

// fetchAndHandOver keeps what the Cloud gives before it does anything else with it.
func (t transport) fetchAndHandOver(ctx context.Context, s *registration.Session, data cloud.RegistrationData, fetch func(cloud.RegistrationData) (cloud.Grant, error)) error {
	if err := t.pending.Ready(); err != nil {
		return fromStore(err)
	}
	grant, err := fetch(data)
	if err != nil {
		return err
	}
	if err := t.pending.Keep(data.UniqueID, grant); err != nil {
		return t.deliverUnsaved(ctx, s, data, grant, err)
	}
	if err := t.settleTries(data.UniqueID, true); err != nil {
		registration.Note(ctx, "cleanup is incomplete, the next run tries again: %v", err)
	}
	return t.handOver(ctx, s, data, grant)
}
