package settingsapi

import (
	"slices"
	"strings"

	"github.com/rcreg/registration/registrationtest/internal/release"
	"github.com/rcreg/registration/registrationtest/internal/server"
	"github.com/rcreg/registration/registrationtest/internal/settings"
)

// publicIDs are the settings that anybody may read, as far as a fake has them.
func publicIDs() []string {
	return []string{
		settings.AirGapDays, "Cloud_Sync_Announcement_Payload", "Deployment_FingerPrint_Verified", "Language", "Show_Setup_Wizard",
		"Site_Name", "Site_Url", "uniqueID",
	}
}

// public shows the public settings among the ids that are asked for; the older releases show all of them.
func (a *API) public(r *server.Request) (map[string]any, error) {
	list := []any{}
	for _, id := range publicIDs() {
		if !a.Settings.Has(id) || a.Release.Has(release.PublicSettingsByID) && !asked(r, id) {
			continue
		}
		list = append(list, map[string]any{"_id": id, "value": a.Settings.Stored(id), "enterprise": false})
	}
	return map[string]any{"settings": list, "count": len(list), "offset": 0, "total": len(list)}, nil
}

// asked reports whether a query names the id, or none.
func asked(r *server.Request, id string) bool {
	ids := r.Query.Get("_id")
	return ids == "" || slices.Contains(strings.Split(ids, ","), id)
}
