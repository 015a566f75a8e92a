package faults

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
	CallClients           Call = "oauth/clients"                 // POST /api/oauth/clients: connect with a token
	CallToken             Call = "oauth/token"                   //nolint:gosec // POST /api/oauth/token: the path of a call, and no credential
	CallRevoke            Call = "oauth/revoke"                  // POST /api/oauth/revoke: end of an access token
	CallRegister          Call = "register/workspace"            // POST /api/v2/register/workspace: a one-way notice
	CallIntent            Call = "register/workspace/intent"     // POST …/intent: start of a registration by e-mail
	CallPreIntent         Call = "register/workspace/pre-intent" // POST …/pre-intent: can the Cloud be reached
	CallPoll              Call = "register/workspace/poll"       // GET …/poll: was the e-mail confirmed
	CallClient            Call = "client"                        // POST <uri>/client: sync up to 6.4, fallback later
	CallSync              Call = "sync"                          // POST <uri>/sync: sync from 6.5
	CallLicense           Call = "license"                       // GET <uri>/license
	CallDowngrade         Call = "client/downgrade"              // POST <uri>/client/downgrade: remove the license
	CallComms             Call = "comms/workspace"               // POST /api/v3/comms/workspace, from 6.5
	CallCheckout          Call = "checkout"                      // POST /billing/api/v2/checkout
	CallSupportedVersions Call = "supportedVersions"             // GET /v2/server/supportedVersions
)

// The calls to a workspace that are no endpoint under /api/v1/.
const (
	CallInfo   Call = "info"      // GET /api/info
	CallSocket Call = "websocket" // opens a WebSocket; the method calls in it are exchanges of their own
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

// cloudCall names a call to the Cloud, or returns AnyCall for an unknown one.
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
