package workspace

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"

	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/httpclient"
	"github.com/rcreg/registration/internal/secret"
)

// TwoFactor answers a challenge with a code. It is called at most once for a call, with the context of the call, and
// perhaps by several goroutines at the same time.
type TwoFactor func(ctx context.Context, c Challenge) (string, error)

// Challenge is the workspace asking for a second factor.
type Challenge struct {
	// Operation is the call that the workspace wants it for, such as "POST login".
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

const passwordMethod, emailMethod = "password", "email"

// act is what answers the challenge.
func (c Challenge) act() failure.Act {
	switch c.Method {
	case passwordMethod:
		return failure.GivePassword
	case emailMethod:
		return failure.CodeFromEmail
	}
	return failure.SecondFactor
}

// asksFactor reports whether the call can be made again with a second factor. A wrong one is not asked for again.
func (e *Error) asksFactor() bool {
	return e != nil && e.Challenge != nil && !e.is(ErrTwoFactorInvalid)
}

// factor is the answer to a challenge. The zero value is none.
type factor struct {
	method string
	code   secret.Secret
}

func (f factor) given() bool { return f.method != "" }

// header adds the factor to a header (X-2FA-Method and X-2FA-Code, from the first version with a second factor on).
func (f factor) header(base http.Header) http.Header {
	header := base.Clone()
	header["X-2fa-Method"] = []string{f.method}
	header["X-2fa-Code"] = []string{f.code.Reveal()}
	return header
}

// withFactor answers the challenge of a failed call and makes the call again, as the same caller.
func (c *Client) withFactor(ctx context.Context, op operation, failed *Error, who caller, try attempt) *Error {
	f, err := c.answer(ctx, *failed.Challenge)
	if err != nil {
		failed.Err = err
		failed.detail = httpclient.Sentence(err.Error(), c.secrets(op))
		return failed
	}
	if !f.given() {
		return failed
	}
	who.factor, who.header = f, f.header(who.header)
	if failed = c.repeat(ctx, op, who, try(who), try); failed != nil {
		failed.mask(f.code.Reveal())
	}
	return failed
}

// answer returns the factor for a challenge, or none when there is no terminal to ask at.
func (c *Client) answer(ctx context.Context, challenge Challenge) (factor, error) {
	if challenge.Method == passwordMethod && c.credentials.user != "" {
		return passwordFactor(c.credentials.password.Reveal()), nil
	}
	if c.twoFactor == nil {
		return factor{}, nil
	}
	code, err := c.twoFactor(ctx, challenge)
	if err != nil {
		return factor{}, err
	}
	if challenge.Method == passwordMethod {
		return passwordFactor(code), nil
	}
	code = strings.TrimSpace(code)
	if !isHeaderText(code) {
		return factor{}, errors.New("the code for the second factor is empty, or holds white space or control characters")
	}
	return factor{method: challenge.Method, code: secret.New(code)}, nil
}

// passwordFactor is the method "password": the SHA-256 of the password in hexadecimal.
func passwordFactor(password string) factor {
	sum := sha256.Sum256([]byte(password))
	return factor{method: passwordMethod, code: secret.New(hex.EncodeToString(sum[:]))}
}
