package registration

import (
	"context"
	"errors"
	"fmt"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/offline"
)

// Relay returns the transport over this machine's connection to the Cloud: the workspace need not reach the Cloud, only this machine both.
//
// Register takes the workspace's registration data to the Cloud, with a token or by e-mail (any version), and hands over the grant that comes back.
// A token works once, so the grant is kept in a vault from the moment the Cloud gives it until the workspace is seen registered: name one with
// [GrantsIn]. Where an earlier run left a grant there, Register goes on with it and spends nothing. Before a grant is handed over, the Cloud is
// asked for an access token with it: that proves the credentials, as the workspace itself cannot.
//
// Sync through a relay is a refresh of the licence: see [Client.Sync] and [LicensesWith].
func Relay(client *cloud.Client, options ...RelayOption) Transport {
	t := relay{cloud: client}
	for _, option := range options {
		option(&t)
	}
	return t
}

// RelayOption changes how a [Relay] works.
type RelayOption func(*relay)

// GrantsIn names the vault that keeps a grant until the workspace is seen registered. Without one a relay does not register.
func GrantsIn(vault *offline.Vault) RelayOption {
	return func(t *relay) { t.pending = vault }
}

// LicensesWith names another vault, which keeps the grant after that, for as long as the workspace is registered: only with it can Sync fetch the
// workspace's licence. It then holds the client secrets of the workspaces. It must not be the vault of [GrantsIn].
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
)

func (relay) Name() string { return "relay" }

func (t relay) CheckRequest(_ *Dialect, r Request) error {
	switch {
	case t.cloud == nil:
		return &Error{Kind: ErrInvalidInput, Err: errors.New("the relay has no client of the Cloud"), Advice: "make one with cloud.New"}
	case t.pending == nil:
		return &Error{Kind: ErrInvalidInput, Err: errors.New("the relay has no vault to keep the grant in"),
			Advice: "name one with GrantsIn: a token works once, and a grant that is lost cannot be had again; nothing was sent"}
	case t.pending == t.registered:
		return &Error{Kind: ErrInvalidInput, Err: errors.New("one vault cannot keep both the grants on their way and those of registered workspaces"),
			Advice: "give LicensesWith another one"}
	}
	return r.checkGiven()
}

func (t relay) Register(ctx context.Context, d *Dialect, r Request) error {
	data, err := d.readRegistrationData(ctx)
	if err != nil {
		return err
	}
	return t.holding(ctx, d, data, func() error {
		grant, err := t.kept(ctx, data)
		switch {
		case err == nil:
			Note(ctx, "it went on with the grant that an earlier run has kept; no token or message was spent now")
		case !errors.Is(err, offline.ErrNothingKept):
			return fromVault(err)
		case r.Email != "":
			return t.startEmail(ctx, d, r, data)
		default:
			if grant, err = t.exchange(ctx, r.Token, data); err != nil {
				return err
			}
		}
		return t.handOver(ctx, d, data, grant)
	})
}

// holding does what must not be done twice at a time for one workspace. A workspace that somebody has registered meanwhile is left as it is.
func (t relay) holding(ctx context.Context, d *Dialect, data cloud.RegistrationData, do func() error) error {
	release, err := t.pending.Hold(data.UniqueID)
	if err != nil {
		return fromVault(err)
	}
	defer func() {
		if err := release(); err != nil {
			Note(ctx, "the vault could not be released: %v", err)
		}
	}()
	status, err := d.Status(ctx)
	if err != nil {
		return err
	}
	if status.State != Unregistered {
		return nil
	}
	return do()
}

// exchange spends a token. What it brings is kept before anything else is done.
func (t relay) exchange(ctx context.Context, token string, data cloud.RegistrationData) (cloud.Grant, error) {
	if err := t.pending.Ready(); err != nil {
		return cloud.Grant{}, fromVault(err)
	}
	grant, err := t.cloud.ExchangeToken(ctx, token, data)
	if err != nil {
		return cloud.Grant{}, t.fromCloud(err)
	}
	t.keep(ctx, data, grant)
	return grant, nil
}

// keep puts a grant into the vault. Handing it over is the best that can be done where that fails: there was room for it a moment ago.
func (t relay) keep(ctx context.Context, data cloud.RegistrationData, grant cloud.Grant) {
	if err := t.pending.Keep(data.UniqueID, grant); err != nil {
		Note(ctx, "the grant could not be kept, and is lost if the workspace is not registered now: %v", err)
	}
}

// kept reads the grant of an earlier run. One that the Cloud has dropped since is of no use to anybody.
func (t relay) kept(ctx context.Context, data cloud.RegistrationData) (cloud.Grant, error) {
	grant, err := t.pending.Load(data.UniqueID)
	if err != nil {
		return cloud.Grant{}, err
	}
	if _, err := t.cloud.AccessToken(ctx, grant, cloud.ScopeWorkspace); !errors.Is(err, cloud.ErrInvalidClient) {
		return grant, nil
	}
	if err := t.pending.Discard(data.UniqueID); err != nil {
		return cloud.Grant{}, err
	}
	Note(ctx, "an earlier run has kept a grant, which the Cloud has dropped since: it was discarded")
	return cloud.Grant{}, offline.ErrNothingKept
}

// handOver completes a grant, proves it, and gives it to the workspace.
func (t relay) handOver(ctx context.Context, d *Dialect, data cloud.RegistrationData, grant cloud.Grant) error {
	if grant.LicenseData.License.IsEmpty() {
		license, err := t.cloud.License(ctx, grant, data.LicenseVersion)
		if err != nil {
			return t.fromCloud(err)
		}
		if grant, err = grant.WithLicense(license); err != nil {
			return t.fromCloud(err)
		}
		t.keep(ctx, data, grant)
	}
	if err := grant.Check(); err != nil {
		return &Error{Kind: ErrInvalidGrant, Err: err, Advice: "the token is spent and the grant is kept in the vault: see in the Cloud console what the workspace lacks, then run the operation again"}
	}
	if _, err := t.cloud.AccessToken(ctx, grant, cloud.ScopeWorkspace); err != nil {
		return t.fromCloud(err)
	}
	return d.HandOver(ctx, grant)
}

// Finish lets go of the grant that has reached the workspace.
func (t relay) Finish(_ context.Context, _ *Dialect, r Result) error {
	if t.pending == nil || r.License != nil {
		return nil
	}
	grant, err := t.pending.Load(r.After.UniqueID)
	switch {
	case errors.Is(err, offline.ErrNothingKept):
		return nil
	case err != nil:
		return err
	case grant.WorkspaceID != r.After.WorkspaceID:
		return fmt.Errorf("the vault keeps a grant for workspace %s, which is not the one that it was registered as: it was registered otherwise. "+
			"Remove workspace %[1]s in the Cloud console", grant.WorkspaceID)
	case t.registered != nil:
		if err := t.registered.Keep(r.After.UniqueID, grant); err != nil {
			return err
		}
	}
	return t.pending.Discard(r.After.UniqueID)
}
