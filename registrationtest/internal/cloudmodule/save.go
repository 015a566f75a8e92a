package cloudmodule

import (
	"context"
	"time"
)

// From 6.5 the server waits in steps for its settings cache before it goes on, and goes on all the same when the cache
// never shows what was saved.
const (
	cacheStep  = time.Second
	cacheSteps = 10
)

// saveGrant stores what the Cloud granted and, from 6.5, syncs with it. An error does not mean that nothing was stored.
func (m *Module) saveGrant(ctx context.Context, grant any) error {
	if m.rel.Since("6.5") {
		if err := m.storeGrantAndWait(ctx, grant); err != nil {
			return err
		}
		return m.syncData(ctx)
	}
	return m.storeGrantWithLicense(grant)
}

// saveGrantManually stores a grant that came as a blob: no call is made, its license is all that is known.
func (m *Module) saveGrantManually(ctx context.Context, grant any) error {
	if m.rel.Before("6.5") {
		return m.storeGrantWithLicense(grant)
	}
	if err := m.storeGrantAndWait(ctx, grant); err != nil {
		return err
	}
	license, err := m.readProperty(property(grant, "licenseData"), "license")
	if err != nil {
		return err
	}
	return m.applyFromCloud(license)
}

// storeGrant writes the settings. Up to 3.1 the driver throws at a key that is missing, after all others are stored.
func (m *Module) storeGrant(grant any) error {
	if grant == nil {
		return errNullGrant
	}
	m.update("Register_Server", true)
	var missing error
	for _, s := range grantSettings() {
		value := property(grant, s.key)
		if _, absent := value.(undefined); absent && m.rel.Before("3.18") {
			missing = databaseError{}
		}
		m.update(s.setting, value)
	}
	return missing
}

// storeGrantWithLicense is the way up to 6.4. Without licenseData it breaks, when everything else is already stored.
func (m *Module) storeGrantWithLicense(grant any) error {
	missing := m.storeGrant(grant)
	if grant == nil {
		return missing
	}
	license, err := m.readProperty(property(grant, "licenseData"), "license")
	if err != nil {
		return err
	}
	m.update(cloudLicense, license)
	if missing != nil {
		return missing
	}
	return m.applyFromCloud(license)
}

// storeGrantAndWait is the way from 6.5.
func (m *Module) storeGrantAndWait(ctx context.Context, grant any) error {
	if err := m.storeGrant(grant); err != nil {
		return err
	}
	ctx, cancel := m.working(ctx)
	defer cancel()
	for range cacheSteps {
		if m.cacheShows(grant) {
			return nil
		}
		if err := m.clock.Sleep(ctx, cacheStep); err != nil {
			return err
		}
	}
	return nil
}

// cacheShows reports whether the settings cache has caught up with a grant. One that lacks a key never shows.
func (m *Module) cacheShows(grant any) bool {
	if m.settings.Get("Register_Server") != true {
		return false
	}
	for _, s := range grantSettings() {
		if !same(m.settings.Get(s.setting), property(grant, s.key)) {
			return false
		}
	}
	return true
}
