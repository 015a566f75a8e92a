package offline

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/rcreg/registration/cloud"
)

// callbackPath ends the redirect URI of every workspace (POST /api/oauth/clients, in all versions).
const callbackPath = "/admin/cloud/oauth-callback"

func callbackOf(address string) string { return strings.TrimRight(address, "/") + callbackPath }

// whoseGrant says, for a person, where the Cloud does not name the address of a workspace in what it gave; empty where it does. Nothing else in a grant says whose it
// is. That is no reason to refuse one: no workspace reads its redirect URIs, and what the Cloud writes into them is the Cloud's.
func whoseGrant(g cloud.Grant, w Workspace) string {
	const look = "see in the Cloud console that workspace %.64q is this one"
	switch {
	case site(w.Address) == "", slices.ContainsFunc(g.RedirectURIs, func(uri string) bool { return callbackSite(uri) == callbackSite(callbackOf(w.Address)) }):
		return ""
	case len(g.RedirectURIs) == 0:
		return fmt.Sprintf("what the Cloud gave names no address: "+look, g.WorkspaceID)
	}
	return fmt.Sprintf("what the Cloud gave names the address %.200q, and the workspace's is %.200q: "+look+", and not another one whose code was taken for this one's",
		g.RedirectURIs[0], w.Address, g.WorkspaceID)
}

// callbackSite is the site of a redirect URI with single slashes: where Site_Url ends in one, workspaces have put a second one behind it.
func callbackSite(uri string) string {
	scheme, rest, _ := strings.Cut(uri, "://")
	return site(scheme + "://" + slashes.ReplaceAllString(rest, "/"))
}

var slashes = regexp.MustCompile("/+")
