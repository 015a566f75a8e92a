package workspace

// kind is a class of failure: what went wrong, and what the caller can do next.
type kind struct{ what, next string }

func (k *kind) Error() string { return k.what }

// The kinds of failure. errors.Is finds them in every *Error.
var (
	// ErrAddress: the address cannot be used, or it redirects elsewhere.
	ErrAddress error = &kind{"unusable address", "check the address of the workspace"}
	// ErrUnauthorized: nobody is logged in; the token or the password is wrong or has expired.
	ErrUnauthorized error = &kind{"not logged in", "check the user id and the token, or the user and the password"}
	// ErrForbidden: the caller lacks a permission or a role.
	ErrForbidden error = &kind{"not permitted", "the caller needs the permission manage-cloud, for some calls the role admin"}
	// ErrTwoFactorRequired: the workspace asks for a second factor, and there is nobody to give it.
	ErrTwoFactorRequired error = &kind{"second factor required", "give a code through WithTwoFactor, or use a personal access token that needs none"}
	// ErrTwoFactorInvalid: the second factor was wrong.
	ErrTwoFactorInvalid error = &kind{"second factor wrong", "try again with a fresh code"}
	// ErrRateLimited: too many calls; Error.RetryAt says when to come back.
	ErrRateLimited error = &kind{"rate limited", "wait, then try again"}
	// ErrNoSuchCall: this version has no such endpoint or method.
	ErrNoSuchCall error = &kind{"no such call in this version", "the version of the workspace, or a proxy in front of it, has no such call"}
	// ErrInvalidRequest: a parameter is missing, of the wrong type or unusable.
	ErrInvalidRequest error = &kind{"invalid request", "check the parameters"}
	// ErrRefused: the workspace understood the call and said no.
	ErrRefused error = &kind{"refused", "the log of the workspace has the reason"}
	// ErrInternal: the workspace failed inside.
	ErrInternal error = &kind{"internal error of the workspace", "the log of the workspace has the reason"}
	// ErrNotRocketChat: something else answered: a web page, a proxy, another program.
	ErrNotRocketChat error = &kind{"not the API of a Rocket.Chat workspace", "check the address, the sub-path and any proxy in front of the workspace"}
	// ErrBadReply: the reply is cut off, too large or of the wrong shape.
	ErrBadReply error = &kind{"unreadable reply", "check any proxy in front of the workspace, then try again"}
	// ErrNotSent: the call provably never left.
	ErrNotSent error = &kind{"not sent", "nothing was changed: check the address and the network, then try again"}
	// ErrReplyLost: the call may have been carried out, but no reply says so.
	ErrReplyLost error = &kind{"reply lost", "check the network and any proxy in front of the workspace, then try again"}
)
