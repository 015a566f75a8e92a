package cloudmodule

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
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

// ApplyLicense puts a license in force. An empty text is no error and changes nothing. The error for a text that does
// not verify says "Invalid license" and wraps that of [Config].VerifyLicense.
func (m *Module) ApplyLicense(license string) error {
	if license == "" {
		return nil
	}
	if err := m.verify(license); err != nil {
		return &invalidLicenseError{cause: err}
	}
	m.mu.Lock()
	m.license = license
	m.mu.Unlock()
	if m.rel.Since("6.5") {
		m.update(enterpriseLicense, license)
		m.update(licenseStatus, "Valid")
	}
	return nil
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
	m.mu.Lock()
	held := m.license != ""
	m.license = ""
	m.mu.Unlock()
	// The status says so by 8.6 even when there was none.
	if held || m.rel.Since("8.6") {
		m.update(enterpriseLicense, "")
		m.update(licenseStatus, "Invalid")
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
