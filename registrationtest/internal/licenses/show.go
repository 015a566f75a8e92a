package licenses

import (
	"github.com/rcreg/registration/registrationtest/internal/release"
	"github.com/rcreg/registration/registrationtest/internal/server"
)

// secondFormatUsers is the limit of a license of the second format, which this fake gives to every license.
const secondFormatUsers = 100

// get lists the licenses in use: in the second format up to 6.4, then in the third.
func (m *Manager) get(*server.Request) (map[string]any, error) {
	l, reasons := m.active()
	if l == nil {
		return map[string]any{"licenses": []any{}}, nil
	}
	shown := map[string]any{"license": l.claims, "modules": l.modules(reasons)}
	if m.Release.Before("6.5") {
		shown = map[string]any{
			"url":              "*",
			"expiry":           l.expiry(),
			"maxActiveUsers":   secondFormatUsers,
			"modules":          append(l.modules(reasons), "push-privacy"), // in every license of this format
			"maxGuestUsers":    5,
			"maxRoomsPerGuest": 5,
		}
	}
	return map[string]any{"licenses": []any{shown}}, nil
}

// limitNames returns the limits of licenses.info, and how many of each a server without a license may have; -1 is
// without end.
func (m *Manager) limitNames() map[string]int {
	limits := map[string]int{
		"activeUsers": -1, "guestUsers": -1, "privateApps": 3, "marketplaceApps": 5, "monthlyActiveContacts": -1,
	}
	if m.Release.Has(release.NoPrivateApps) {
		limits["privateApps"] = 0
	}
	return limits
}

func (m *Manager) infoObject(privileged, values bool) map[string]any {
	l, reasons := m.active()
	info := map[string]any{
		"activeModules": []any{}, "tags": []any{}, "trial": false,
		"preventedActions": m.prevented(l != nil), "limits": map[string]any{},
	}
	if l != nil {
		info["activeModules"] = l.modules(reasons)
	}
	if m.Release.Has(release.ValidityShown) {
		info["hasValidLicense"] = l != nil
	}
	if m.Release.Has(release.ExternalModules) {
		info["externalModules"] = []any{}
	}
	if !privileged {
		return info
	}
	info["limits"] = m.limits(l != nil, values)
	if l != nil {
		info["license"] = l.claims
	}
	return info
}

// prevented lists what is over its limit, for nothing is in use here: what may not be used at all.
func (m *Manager) prevented(licensed bool) map[string]any {
	all := map[string]any{"roomsPerGuest": false}
	for name, most := range m.limitNames() {
		all[name] = most == 0 && !licensed
	}
	return all
}

func (m *Manager) limits(licensed, values bool) map[string]any {
	all := map[string]any{}
	for name, most := range m.limitNames() {
		if licensed {
			most = -1
		}
		limit := map[string]any{"max": most}
		if values {
			limit["value"] = 0
			if name == "activeUsers" {
				limit["value"] = m.ActiveUsers
			}
		}
		all[name] = limit
	}
	return all
}
