package cloudmodule

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/rcreg/registration/registrationtest/internal/release"
	"github.com/rcreg/registration/registrationtest/internal/settings"
)

const (
	cloudLicense      = "Cloud_Workspace_License"
	enterpriseLicense = "Enterprise_License"
	licenseStatus     = "Enterprise_License_Status"
)

// License returns the text of the license that is in force, or "". It stays in force after a disconnect.
func (m *Module) License() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.license
}

// ApplyLicense takes a license in the place of the one in force, and from 6.5 looks whether it counts here: one that does not
// leaves none in force. An empty text is no error and changes nothing. The error for a text that does not verify says
// "Invalid license" and wraps that of [Config].VerifyLicense.
func (m *Module) ApplyLicense(license string) error {
	if license == "" {
		return nil
	}
	if err := m.verify(license); err != nil {
		return &invalidLicenseError{cause: err}
	}
	if m.rel.Since("6.5") {
		m.update(enterpriseLicense, license)
	}
	if m.rel.Since("6.5") && m.readLicense(license).Void {
		if m.holdLicense("") {
			m.update(licenseStatus, "Invalid")
		}
		return nil
	}
	m.holdLicense(license)
	if m.rel.Since("6.5") {
		m.update(licenseStatus, "Valid")
		m.update(settings.AirGapDays, -1.0)
	}
	return nil
}

// holdLicense puts a license in force, and reports whether there was one.
func (m *Module) holdLicense(license string) (held bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	held, m.license = m.license != "", license
	return held
}

// offline reports whether the license in force forbids the workspace to talk to the Cloud.
func (m *Module) offline() bool {
	license := m.License()
	return license != "" && m.rel.Has(release.OfflineLicenses) && m.readLicense(license).Offline
}

// applyFromCloud puts a license of the Cloud in force. Before 6.5 one that does not verify is no error.
func (m *Module) applyFromCloud(license any) error {
	words, ok := license.(string)
	if !ok {
		return nil
	}
	err := m.ApplyLicense(words)
	if m.rel.Before("6.5") {
		return nil
	}
	return err
}

// RemoveLicense puts the license out of force.
func (m *Module) RemoveLicense() {
	if m.holdLicense("") {
		m.update(enterpriseLicense, "")
		m.update(licenseStatus, "Invalid")
		m.update(settings.AirGapDays, settings.GraceDays)
	}
}

// licenseVersion is the format of licenses that the release reads; 3.0 does not tell.
func (m *Module) licenseVersion() int {
	switch {
	case m.rel.Since("6.5"):
		return 3
	case m.rel.Since("3.1"):
		return 2
	}
	return 0
}

// fetchLicense asks the Cloud for the license, after a legacy sync. A failure keeps the license that is known; an error
// means that the server's code itself broke.
func (m *Module) fetchLicense(ctx context.Context) error {
	token, err := m.accessToken(ctx, tokenWish{})
	if err != nil {
		return err
	}
	if token == "" {
		m.reapplyLicense()
		return nil
	}
	address := m.clientURI("/license")
	if version := m.licenseVersion(); version > 0 {
		address += "?" + url.Values{"version": {strconv.Itoa(version)}}.Encode()
	}
	answer, err := m.getJSON(ctx, cloudCall{method: http.MethodGet, url: address, bearer: token})
	if err != nil {
		m.reapplyLicense()
		return nil //nolint:nilerr // the server logs it and goes on
	}
	license, err := m.readProperty(answer, "license")
	switch {
	case m.rel.Since("6.5"):
		_ = m.applyFromCloud(license) // so does it with a license that does not verify
		return nil
	case err != nil:
		return err
	}
	m.update(cloudLicense, license)
	return m.applyFromCloud(license)
}

// reapplyLicense takes up the license that the database remembers, which the releases since 6.4 do.
func (m *Module) reapplyLicense() {
	if m.rel.Since("6.4") {
		_ = m.applyFromCloud(m.settings.Stored(cloudLicense))
	}
}
