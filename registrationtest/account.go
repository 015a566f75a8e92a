package registrationtest

import (
	"crypto/rand"

	"github.com/rcreg/registration/registrationtest/internal/server"
)

// Account is a user who may call a workspace. Its secrets are random, and new for each workspace.
type Account struct {
	UserID    string // for the header X-User-Id
	AuthToken string // for the header X-Auth-Token, or the method login of a WebSocket
	Username  string // for POST /api/v1/login
	Password  string // the same
}

// TwoFactorMethod is how an account proves a second time who it is.
type TwoFactorMethod string

// The methods, as X-2FA-Method names them.
const (
	TwoFactorPassword TwoFactorMethod = "password" // what an account without another method falls back on
	TwoFactorTOTP     TwoFactorMethod = "totp"
	TwoFactorEmail    TwoFactorMethod = "email"
)

// people are the users of one workspace.
type people struct {
	admin, manager, viewer, user *server.User
}

func newPeople() people {
	return people{
		admin:   newUser("admin", ownerEmail, func(u *server.User) { u.Admin = true }),
		manager: newUser("manager", "manager@example.test", permit("manage-cloud", "register-on-cloud")),
		viewer:  newUser("viewer", "viewer@example.test", permit("view-privileged-setting")),
		user:    newUser("user", "user@example.test", permit()),
	}
}

func (p people) all() []*server.User {
	return []*server.User{p.admin, p.manager, p.viewer, p.user}
}

func permit(permissions ...string) func(*server.User) {
	return func(u *server.User) {
		u.Permissions = map[string]bool{}
		for _, permission := range permissions {
			u.Permissions[permission] = true
		}
	}
}

func newUser(name, email string, allow func(*server.User)) *server.User {
	u := &server.User{
		ID:       randomID(),
		Username: name,
		Email:    email,
		Password: rand.Text(),
		Token:    rand.Text() + rand.Text()[:17], // 43 characters, as long as a real one
	}
	allow(u)
	return u
}

func accountOf(u *server.User) Account {
	return Account{UserID: u.ID, AuthToken: u.Token, Username: u.Username, Password: u.Password}
}

// randomID returns 17 characters, as the server names its documents.
func randomID() string {
	const letters = "23456789ABCDEFGHJKLMNPQRSTWXYZabcdefghijkmnopqrstuvwxyz"
	id := make([]byte, 17)
	rand.Read(id) // never fails: crypto/rand ends the program instead
	for i, b := range id {
		id[i] = letters[int(b)%len(letters)]
	}
	return string(id)
}
