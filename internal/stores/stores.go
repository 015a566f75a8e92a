// Package stores opens the folders in which the commands keep what the Cloud gives to a relay.
//
//	transport, err := stores.Relay(toCloud, "relay", keepGrants)
//	client, err := registration.New(ctx, ws, registration.WithTransport(transport))
package stores

import (
	"path/filepath"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/grants"
	"github.com/rcreg/registration/internal/safedir"
	"github.com/rcreg/registration/relay"
)

// Relay returns a relay that keeps what the Cloud gives in a folder, which it makes when it is not there: grants until their workspaces are seen registered, and with
// licenses for as long as they are registered, which syncs take. Errors: offline.ErrReadableByOthers, and those of the file system.
func Relay(toCloud *cloud.Client, folder string, licenses bool, options ...grants.Option) (registration.Transport, error) {
	if err := safedir.Make(folder); err != nil {
		return nil, err
	}
	pending, err := grants.Open(filepath.Join(folder, "pending"), options...)
	if err != nil {
		return nil, err
	}
	if !licenses {
		return relay.New(toCloud, pending)
	}
	registered, err := grants.Open(filepath.Join(folder, "registered"), options...)
	if err != nil {
		return nil, err
	}
	return relay.New(toCloud, pending, relay.LicensesWith(registered))
}
