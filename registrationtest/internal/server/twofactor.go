package server

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"time"

	"github.com/rcreg/registration/registrationtest/internal/release"
)

// rememberSecondFactor is Accounts_TwoFactorAuthentication_RememberFor.
const rememberSecondFactor = 30 * time.Minute

// TwoFactor is how a user proves a second time who they are.
type TwoFactor struct {
	Method string // "totp" or "email"; "" falls back on the password
	Code   string // the code that is right at the moment
}

// secondFactor asks for a second factor, which the releases do from 3.18. A right one is remembered for the token, and
// until then no code is looked at.
func (s *Server) secondFactor(r *Request, eachTime bool) error {
	token := r.Header["X-Auth-Token"]
	if s.release.Before("3.18") || r.Caller == nil || !eachTime && s.accounts.remembers(token, s.clock.Now()) {
		return nil
	}
	code := r.Header["X-2fa-Code"]
	switch {
	case code == "":
		return s.codeRequired(r.Caller)
	case !r.Caller.rightCode(s.accounts.factorOf(r.Caller), code):
		return s.codeInvalid(r.Caller)
	}
	if eachTime || s.release.Has(release.ForgetfulSecondFactor) {
		return nil
	}
	s.accounts.remember(token, s.clock.Now().Add(rememberSecondFactor))
	return nil
}

// rightCode compares a code with the one that is right: for the password its SHA-256 in hex.
func (u *User) rightCode(factor TwoFactor, code string) bool {
	right := factor.Code
	if factor.Method == "" {
		right = hexDigest(u.Password)
	}
	return right != "" && subtle.ConstantTimeCompare([]byte(right), []byte(code)) == 1
}

func hexDigest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func (s *Server) codeRequired(user *User) error {
	return &MeteorError{Code: "totp-required", Reason: "TOTP Required", Details: s.codeDetails(user)}
}

// codeInvalid tells more about the methods with each release: nothing up to 4.3, then whether a code was sent, by 6.4
// which methods there are.
func (s *Server) codeInvalid(user *User) error {
	details := s.codeDetails(user)
	if s.release.Before("4.8") {
		delete(details, "codeGenerated")
	}
	if s.release.Before("6.4") {
		delete(details, "availableMethods")
	}
	return &MeteorError{Code: "totp-invalid", Reason: "TOTP Invalid", Details: details}
}

func (s *Server) codeDetails(user *User) map[string]any {
	method, available := s.accounts.factorOf(user).Method, []any{}
	if method == "" {
		method = "password"
	} else {
		available = append(available, method)
	}
	// The server sends a code by e-mail as soon as one is missing; the other two need none sent.
	return map[string]any{"method": method, "codeGenerated": method == "email", "availableMethods": available}
}
