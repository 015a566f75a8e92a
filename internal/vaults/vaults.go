// Package vaults opens the folders in which the commands keep what the Cloud gives to a relay.
//
//	options, err := vaults.Open("relay", keepGrants)
//	client, err := registration.New(ctx, ws, registration.WithTransport(registration.Relay(toCloud, options...)))
package vaults

import (
	"path/filepath"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/internal/safedir"
	"github.com/rcreg/registration/offline"
)

// Open opens the vaults in a folder, and makes it when it is not there: one for grants until their workspaces are seen registered, and with licenses one for as long
// as they are registered, which syncs take. Errors: offline.ErrReadableByOthers, and those of the file system.
func Open(folder string, licenses bool, options ...offline.VaultOption) ([]registration.RelayOption, error) {
	if err := safedir.Make(folder); err != nil {
		return nil, err
	}
	pending, err := offline.OpenVault(filepath.Join(folder, "pending"), options...)
	if err != nil {
		return nil, err
	}
	if !licenses {
		return []registration.RelayOption{registration.GrantsIn(pending)}, nil
	}
	registered, err := offline.OpenVault(filepath.Join(folder, "registered"), options...)
	if err != nil {
		return nil, err
	}
	return []registration.RelayOption{registration.GrantsIn(pending), registration.LicensesWith(registered)}, nil
}
