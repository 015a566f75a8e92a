package offline

import (
	"slices"
	"strings"

	"github.com/rcreg/registration/cloud"
)

// callbackPath ends the redirect URI of every workspace (POST /api/oauth/clients, in all versions).
const callbackPath = "/admin/cloud/oauth-callback"

func callbackOf(address string) string { return strings.TrimRight(address, "/") + callbackPath }

// isForeign reports whether the Cloud gave a grant for another address. Nothing else in a grant says whose it is. Where either side names no address, that
// proves nothing.
func isForeign(g cloud.Grant, w Workspace) bool {
	if site(w.Address) == "" || len(g.RedirectURIs) == 0 {
		return false
	}
	return !slices.ContainsFunc(g.RedirectURIs, func(uri string) bool { return site(uri) == site(callbackOf(w.Address)) })
}
