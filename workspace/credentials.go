package workspace

import (
	"errors"
	"log/slog"

	"github.com/rcreg/registration/internal/pasted"
	"github.com/rcreg/registration/internal/secret"
)

// Credentials say who calls: Token or Password. They print without their secret.
type Credentials struct {
	userID   string // of a token
	token    secret.Secret
	user     string // of a password
	password secret.Secret
}

// Token is a personal access token with the id of its user, or the pair that a login returned. It is sent as it is
// (headers X-User-Id and X-Auth-Token); nothing logs in or out.
func Token(userID, authToken string) Credentials {
	return Credentials{userID: userID, token: secret.New(authToken)}
}

// Password is the name or e-mail address of a user with its password. The client logs in when it first needs to
// (POST /api/v1/login), asks for a second factor through WithTwoFactor, and logs out in Client.Close.
func Password(user, password string) Credentials {
	return Credentials{user: user, password: secret.New(password)}
}

// String names the user without the secret.
func (c Credentials) String() string {
	if c.user != "" {
		return "password of " + c.user
	}
	return "token of " + c.userID
}

// LogValue names the user without the secret.
func (c Credentials) LogValue() slog.Value { return slog.StringValue(c.String()) }

// check refuses what could not be sent. The errors do not quote it.
func (c Credentials) check() error {
	switch {
	case c.user != "" && c.password.IsEmpty():
		return errors.New("credentials: the password is empty")
	case c.user != "":
		return nil
	case c.userID == "" && c.token.IsEmpty():
		return errors.New("credentials: they are empty; use Token or Password")
	case pasted.Wrapping(c.userID) != "":
		return errors.New("credentials: the user id " + pasted.Wrapping(c.userID))
	case pasted.Wrapping(c.token.Reveal()) != "":
		return errors.New("credentials: the token " + pasted.Wrapping(c.token.Reveal()))
	case !isHeaderText(c.userID):
		return errors.New("credentials: the user id is empty, or holds white space or control characters")
	case !isHeaderText(c.token.Reveal()):
		return errors.New("credentials: the token is empty, or holds white space or control characters")
	}
	return nil
}

// isHeaderText reports whether a text can be the value of a header as it is: visible ASCII, at least one character.
func isHeaderText(text string) bool {
	for i := range len(text) {
		if text[i] <= ' ' || text[i] > '~' {
			return false
		}
	}
	return text != ""
}
