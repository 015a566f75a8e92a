package workspace

import "github.com/rcreg/registration/failure"

// The kinds of failure. errors.Is finds them in every *Error.
var (
	// ErrAddress: the address cannot be used, or it redirects elsewhere.
	ErrAddress = failure.BadAddress
	// ErrUnauthorized: no user is logged in; the token or the password is wrong or has expired.
	ErrUnauthorized = failure.Unauthorized
	// ErrForbidden: the caller lacks a permission or a role.
	ErrForbidden = failure.Forbidden
	// ErrTwoFactorRequired: the workspace asks for a second factor, and no option gives it.
	ErrTwoFactorRequired = failure.TwoFactorRequired
	// ErrTwoFactorInvalid: the second factor was wrong. It is an ErrTwoFactorRequired as well: a fresh one is.
	ErrTwoFactorInvalid = failure.TwoFactorInvalid
	// ErrRateLimited: too many calls; Error.RetryAt says when to come back.
	ErrRateLimited = failure.RateLimited
	// ErrNoSuchCall: this version has no such endpoint or method.
	ErrNoSuchCall = failure.Unsupported
	// ErrOfflineLicense: the license in force forbids the workspace to ask the Cloud (from 8.7). It is an ErrNoSuchCall as well, and no other call gets around it.
	ErrOfflineLicense = failure.OfflineLicense
	// ErrInvalidRequest: a parameter is missing, of the wrong type or unusable.
	ErrInvalidRequest = failure.InvalidInput
	// ErrRefused: the workspace understood the call and said no.
	ErrRefused = failure.Refused
	// ErrInternal: the workspace failed inside.
	ErrInternal = failure.ServerFailed
	// ErrNotRocketChat: something else answered: a web page, a proxy, another program.
	ErrNotRocketChat = failure.NotRocketChat
	// ErrBadReply: the reply is cut off, too large or of the wrong shape, or comes from a cache.
	ErrBadReply = failure.BadReply
	// ErrNotSent: the call provably never left.
	ErrNotSent = failure.NotSent
	// ErrReplyLost: the call may have been carried out, but no reply says so.
	ErrReplyLost = failure.ReplyLost
)
