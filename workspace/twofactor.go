package workspace

import "context"

// TwoFactor answers a challenge with a code. It is called once for a call; ctx is the one of the call.
type TwoFactor func(ctx context.Context, c Challenge) (string, error)

// Challenge is the workspace asking for a second factor.
type Challenge struct {
	// Operation is the call that the workspace wants it for, such as "login".
	Operation string
	// Method is "totp", "email" or "password". For "password" the answer is the password of the user in clear; only its
	// SHA-256 is sent.
	Method string
	// CodeSent is true when the workspace has just sent a code by e-mail; with the method "email" and false, an earlier
	// code is still good.
	CodeSent bool
	// Methods are all the methods that the user has set up, as far as the workspace says.
	Methods []string
}
