package workspace

import "github.com/rcreg/registration/internal/secret"

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
