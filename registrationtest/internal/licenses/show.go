package licenses

import "github.com/rcreg/registration/registrationtest/internal/server"

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
func limitNames() map[string]int {
	return map[string]int{
		"activeUsers": -1, "guestUsers": -1, "privateApps": 3, "marketplaceApps": 5, "monthlyActiveContacts": -1,
	}
}

func (m *Manager) infoObject(privileged, values bool) map[string]any {
	l, reasons := m.active()
	info := map[string]any{
		"activeModules": []any{}, "tags": []any{}, "trial": false,
		"preventedActions": prevented(), "limits": map[string]any{},
	}
	if l != nil {
		info["activeModules"] = l.modules(reasons)
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

func prevented() map[string]any {
	none := map[string]any{"roomsPerGuest": false}
	for name := range limitNames() {
		none[name] = false
	}
	return none
}

func (m *Manager) limits(licensed, values bool) map[string]any {
	all := map[string]any{}
	for name, most := range limitNames() {
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
