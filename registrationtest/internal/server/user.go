package server

import (
	"crypto/rand"
	"encoding/base64"
	"sync"
	"time"
)

// User is an account of the server.
type User struct {
	ID          string
	Username    string
	Password    string
	Token       string // the auth token, personal or from a login
	Email       string
	Admin       bool            // has the role admin, and with it every permission
	Permissions map[string]bool // such as "manage-cloud", "register-on-cloud"
}

// Can reports whether the user has a permission.
func (u *User) Can(permission string) bool {
	return u != nil && (u.Admin || u.Permissions[permission])
}

// bypassesLimits reports whether the limits of REST calls spare the user: the permission api-bypass-rate-limit.
func (u *User) bypassesLimits() bool { return u.Can("api-bypass-rate-limit") }

// session is one auth token.
type session struct {
	user *User
	// secondFactorUntil is how long a second factor that was right is remembered for this token.
	secondFactorUntil time.Time
}

// Accounts knows the users and their tokens. It is safe for concurrent use.
type Accounts struct {
	mu        sync.Mutex
	users     []*User
	sessions  map[string]*session
	twoFactor map[string]TwoFactor // by the id of the user
}

// NewAccounts returns the accounts of the given users.
func NewAccounts(users []*User) *Accounts {
	a := &Accounts{users: users, sessions: map[string]*session{}, twoFactor: map[string]TwoFactor{}}
	for _, user := range users {
		if user.Token != "" {
			a.sessions[user.Token] = &session{user: user}
		}
	}
	return a
}

// SetTwoFactor changes how a user proves a second time who they are.
func (a *Accounts) SetTwoFactor(userID string, factor TwoFactor) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.twoFactor[userID] = factor
}

func (a *Accounts) factorOf(user *User) TwoFactor {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.twoFactor[user.ID]
}

// byToken returns the user whom a token belongs to, or nil.
func (a *Accounts) byToken(token string) *User {
	a.mu.Lock()
	defer a.mu.Unlock()
	if s := a.sessions[token]; s != nil {
		return s.user
	}
	return nil
}

// byCredentials returns the user with this id and token, or nil.
func (a *Accounts) byCredentials(id, token string) *User {
	user := a.byToken(token)
	if user == nil || user.ID != id {
		return nil
	}
	return user
}

// byName returns the user with this name or e-mail address, or nil.
func (a *Accounts) byName(name string) *User {
	if name == "" {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, user := range a.users {
		if user.Username == name || user.Email == name {
			return user
		}
	}
	return nil
}

// open gives a user a fresh token.
func (a *Accounts) open(user *User) string {
	token := randomText(32)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.sessions[token] = &session{user: user}
	return token
}

// close forgets a token.
func (a *Accounts) close(token string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.sessions, token)
}

// remember keeps a second factor for a token until the given time.
func (a *Accounts) remember(token string, until time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if s := a.sessions[token]; s != nil {
		s.secondFactorUntil = until
	}
}

// remembers reports whether a second factor is still good for a token.
func (a *Accounts) remembers(token string, now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	s := a.sessions[token]
	return s != nil && now.Before(s.secondFactorUntil)
}

// randomText returns n random bytes as text.
func randomText(n int) string {
	raw := make([]byte, n)
	rand.Read(raw) // never fails: crypto/rand ends the program instead
	return base64.RawURLEncoding.EncodeToString(raw)
}
