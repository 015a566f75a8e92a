package workspace

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/httpclient"
	"github.com/rcreg/registration/internal/secret"
)

// session is a user with a token. It does not change.
type session struct {
	userID string
	token  secret.Secret
	header http.Header // made once, since every request carries it
}

func newSession(userID string, token secret.Secret) *session {
	return &session{userID: userID, token: token, header: http.Header{
		"X-User-Id":    {userID},
		"X-Auth-Token": {token.Reveal()},
	}}
}

// anonymous is the header of an anonymous caller.
func anonymous() http.Header { return http.Header{} }

// current returns the session to make calls with, logging in if need be.
func (c *Client) current(ctx context.Context) (*session, error) {
	if c.fixed != nil {
		return c.fixed, nil
	}
	s, err := c.session.get(ctx, c.login)
	if err != nil {
		return nil, c.neverSent(c.waited(loginOperation(nil), err))
	}
	return s, nil
}

// loginOperation is a Read, although it makes a token: a second token does no harm, and a wrong password is not repeated.
func loginOperation(sent any) operation {
	return operation{name: "POST login", protocol: ProtocolREST, effect: httpclient.Read, sent: sent}
}

// login asks for a token with user and password (POST /api/v1/login, any version).
func (c *Client) login(ctx context.Context) (*session, error) {
	var s *session
	try := func(who caller) (failed *Error) {
		s, failed = c.loginOnce(ctx, who)
		return failed
	}
	op := loginOperation(c.credentials.user)
	who := caller{header: anonymous()}
	failed := c.repeat(ctx, op, who, try(who), try)
	if failed.asksFactor() {
		failed = c.withFactor(ctx, op, failed, who, try)
	}
	if failed != nil {
		return nil, failed
	}
	return s, nil
}

// loginOnce sends one login. The code of a second factor travels both ways that versions look for it: in the body, and
// in the headers that every call uses.
func (c *Client) loginOnce(ctx context.Context, who caller) (*session, *Error) {
	fields := map[string]string{"user": c.credentials.user, "password": c.credentials.password.Reveal()}
	if who.factor.given() {
		fields["code"] = who.factor.code.Reveal()
	}
	op := loginOperation(fields)
	var reply struct {
		Data struct {
			UserID    string `json:"userId"`
			AuthToken string `json:"authToken"`
		} `json:"data"`
	}
	body, _ := json.Marshal(fields) // texts always can be JSON
	request := &httpclient.Request{Verb: http.MethodPost, URL: c.api + "login", ContentType: jsonType, Body: body}
	answer, failed := c.send(ctx, op, who, request)
	if failed == nil {
		failed = c.readReply(op, answer, &reply)
	}
	if failed != nil {
		failed.Kind = kindOfLogin(failed)
		return nil, failed
	}
	if !isHeaderText(reply.Data.UserID) || !isHeaderText(reply.Data.AuthToken) {
		return nil, c.failure(op, ErrBadReply, "the login succeeded without a usable token")
	}
	return newSession(reply.Data.UserID, secret.New(reply.Data.AuthToken)), nil
}

// noPassword begins the refusal of a user who logs in elsewhere, such as over LDAP or SAML: its code is that of a wrong password.
const noPassword = "User has no password set"

// bareRefusal is all that servers from 9.0 say of a refused login.
const bareRefusal = "unauthorized"

// kindOfLogin narrows the kind of a login that was refused.
func kindOfLogin(failed *Error) error {
	switch {
	case failed.Status != http.StatusUnauthorized:
		return failed.Kind
	case strings.HasPrefix(failed.Message, noPassword):
		return failure.NoPassword
	case failed.Code == "error-invalid-email":
		return failure.EmailUnproven
	case failed.Code == bareRefusal:
		return failure.LoginUnexplained
	case failed.Kind == ErrUnauthorized: //nolint:errorlint // a narrower kind says more
		return failure.LoginRefused
	}
	return failed.Kind
}

// logout gives the token back, if there is one.
func (c *Client) logout(ctx context.Context) error {
	s := c.session.peek()
	if s == nil {
		return nil
	}
	op := operation{name: "POST logout", protocol: ProtocolREST, effect: httpclient.Write}
	try := func(who caller) *Error {
		request := &httpclient.Request{Verb: http.MethodPost, URL: c.api + "logout", ContentType: jsonType, Body: []byte("{}")}
		reply, failed := c.send(ctx, op, who, request)
		if failed != nil || isLoggedOut(reply) {
			return failed
		}
		return c.readReply(op, reply, nil)
	}
	who := caller{session: s, header: s.header}
	failed := c.repeat(ctx, op, who, try(who), try)
	if failed != nil && !errors.Is(failed, ErrUnauthorized) {
		return failed
	}
	c.session.drop(s)
	return nil
}

// isLoggedOut reports whether a reply is the one of servers from 7.6: they have nothing to say, and say so as JSON. Of no other call is that a success.
func isLoggedOut(reply *httpclient.Reply) bool {
	return reply.Status == http.StatusOK && reply.IsJSON() && len(reply.Body) == 0
}
