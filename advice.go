package registration

import (
	"errors"

	"github.com/rcreg/registration/internal/httpclient"
	"github.com/rcreg/registration/workspace"
)

// advise says what to do next about a failure for which an operation has no better advice.
func advise(err error) string {
	if isTLS(err) {
		return tlsAdvice(err)
	}
	if isCached(err) {
		return adviceCached
	}
	if errors.Is(err, ErrRateLimited) && errors.Is(err, workspace.ErrNotRocketChat) {
		return "wait, then run the operation again; or let what is in front of the workspace, which counts the calls, allow more of them"
	}
	for _, a := range []struct {
		kind   error
		advice string
	}{
		{ErrUnauthorized, "check the user id and the token, or the user and the password; a personal access token does not expire"},
		{ErrForbidden, "use an administrator, or a user whose role has the permission manage-cloud"},
		{ErrTwoFactorRequired, "give the code of the second factor, or use a personal access token that needs none"},
		{ErrRateLimited, "wait, then run the operation again; an administrator is not limited"},
		{ErrUnsupported, "see the capabilities of this version, and whether a proxy hides a part of its API"},
		{ErrInvalidInput, "correct the request"},
		{workspace.ErrNotSent, "nothing was changed: check address, network, certificate and proxy, then run the operation again"},
		{workspace.ErrNotRocketChat, "check the address, the sub-path, and what else may answer there: a proxy, a login page"},
		{workspace.ErrReplyLost, "read the status, then run the operation again: it does nothing twice"},
	} {
		if errors.Is(err, a.kind) {
			return a.advice
		}
	}
	return "read the server's log, then run the operation again"
}

const adviceCached = "let GET /api/v1/* and /api/info pass without a cache in what is in front of the workspace, then run the operation again"

// isCached reports whether a cache on the way answered in place of the workspace.
func isCached(err error) bool {
	var cached *httpclient.CachedError
	return errors.As(err, &cached)
}
