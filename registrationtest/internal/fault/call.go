package fault

import (
	"net/http"
	"net/url"
	"strings"
)

// Call names what is asked: one of the Cloud's calls below, a REST endpoint of a workspace as its path has it after
// /api/v1/ ("cloud.syncWorkspace", "settings/Register_Server"), or a method, over REST or over a WebSocket
// ("cloud:connectWorkspace", "login").
type Call string

// The calls that workspaces and relays make to the Cloud, and all calls.
const (
	AnyCall               Call = ""
	CallClients           Call = "oauth/clients"                 // connect with a registration token
	CallToken             Call = "oauth/token"                   //nolint:gosec // the path of a call, and no credential
	CallRevoke            Call = "oauth/revoke"                  // end of an access token
	CallRegister          Call = "register/workspace"            // one-way notice
	CallIntent            Call = "register/workspace/intent"     // start of a registration by e-mail
	CallPreIntent         Call = "register/workspace/pre-intent" // can the Cloud be reached
	CallPoll              Call = "register/workspace/poll"       // was the e-mail confirmed
	CallClient            Call = "client"                        // legacy sync
	CallSync              Call = "sync"                          // sync, 6.5 and later
	CallLicense           Call = "license"                       // license
	CallDowngrade         Call = "client/downgrade"              // remove the license
	CallComms             Call = "comms/workspace"               // announcements, 6.5 and later
	CallCheckout          Call = "checkout"                      // link to buy a license
	CallSupportedVersions Call = "supportedVersions"             // signed support list
)

// The calls to a workspace that are no endpoint under /api/v1/.
const (
	CallInfo   Call = "info"      // GET /api/info
	CallSocket Call = "websocket" // the request that opens a WebSocket; the method calls in it are exchanges of their own
)

// stepOf describes a request. The side is guessed from the path when it is AnySide.
func stepOf(side Side, r *http.Request) Step {
	path := r.URL.EscapedPath()
	on, call := workspaceCall(path)
	if on == AnySide && side != Workspace {
		on, call = Cloud, cloudCall(path)
	}
	if side != AnySide {
		on = side
	}
	return Step{Side: on, Call: call, Method: r.Method, Path: path, hasQuery: r.URL.RawQuery != ""}
}

// workspaceCall names a call to a workspace, which may be under a sub-path. Other paths are on no side.
func workspaceCall(path string) (Side, Call) {
	if _, endpoint, found := strings.Cut(path, "/api/v1/"); found {
		for _, prefix := range []string{"method.call/", "method.callAnon/"} {
			if name, isMethod := strings.CutPrefix(endpoint, prefix); isMethod {
				endpoint = name
			}
		}
		if plain, err := url.PathUnescape(endpoint); err == nil {
			endpoint = plain
		}
		return Workspace, Call(endpoint)
	}
	switch {
	case strings.HasSuffix(path, "/api/info"):
		return Workspace, CallInfo
	case strings.HasSuffix(path, "/websocket"):
		return Workspace, CallSocket
	}
	return AnySide, AnyCall
}

// cloudCall names a call to the Cloud, or returns AnyCall for one that nobody makes.
func cloudCall(path string) Call {
	_, rest, found := strings.Cut(path, "/api/")
	if !found {
		if strings.HasSuffix(path, "/"+string(CallSupportedVersions)) {
			return CallSupportedVersions
		}
		return AnyCall
	}
	for _, version := range []string{"v2/", "v3/"} {
		rest = strings.TrimPrefix(rest, version)
	}
	if own, isOwn := strings.CutPrefix(rest, "workspaces/"); isOwn {
		_, call, _ := strings.Cut(own, "/")
		return Call(call)
	}
	return Call(rest)
}
