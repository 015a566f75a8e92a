package offline

import (
	"regexp"
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
	return !slices.ContainsFunc(g.RedirectURIs, func(uri string) bool { return callbackSite(uri) == callbackSite(callbackOf(w.Address)) })
}

// callbackSite is the site of a redirect URI with single slashes: where Site_Url ends in one, workspaces have put a second one behind it.
func callbackSite(uri string) string {
	scheme, rest, _ := strings.Cut(uri, "://")
	return site(scheme + "://" + slashes.ReplaceAllString(rest, "/"))
}

var slashes = regexp.MustCompile("/+")
