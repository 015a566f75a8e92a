package cloud

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/rcreg/registration/internal/httpclient"
	"github.com/rcreg/registration/internal/secret"
)

// ExchangeToken exchanges a registration token from the Cloud console for the grant of the workspace that the data describes: POST /api/oauth/clients.
// A token works once, so this is sent once, and the grant has to be kept at once: the Cloud may never hand it out again. It may be incomplete, which
// [Grant.Check] tells; a license that is missing can be had with [Client.License].
//
// Errors: ErrInvalidArgument, ErrInvalidRegistrationData (nothing was sent), ErrInvalidToken, ErrTokenUsed, and ErrOutcomeUnknown, after which the
// token may be spent; all but ErrInvalidRegistrationData come in an *Error.
func (c *Client) ExchangeToken(ctx context.Context, token string, data RegistrationData) (Grant, error) {
	const name = "oauth/clients"
	token = strings.TrimSpace(token)
	if problem := problemOfToken(token); problem != "" {
		return Grant{}, &Error{Operation: http.MethodPost + " " + name, Kind: ErrInvalidArgument, Err: errors.New("the registration token " + problem)}
	}
	client, err := data.application()
	if err != nil {
		return Grant{}, err
	}
	body, _ := json.Marshal(client) // texts cannot fail
	var grant Grant
	err = c.do(ctx, &call{
		name: name, verb: http.MethodPost, url: c.at("api", "oauth", "clients"), bearer: secret.New(token), json: body, effect: httpclient.Write,
		kindOf: kindOfTokenRefusal,
	}, func(reply []byte) (err error) {
		grant, err = readNewGrant(reply)
		return err
	})
	if errors.Is(err, ErrOutcomeUnknown) {
		err = fmt.Errorf("the registration token may be spent: look for the workspace in the Cloud console: %w", err)
	}
	return grant, err
}

// maxToken is how long a token may be, in bytes: more than fits into the headers that servers take.
const maxToken = 16 << 10

// problemOfToken says why a text can be no token, before it is put into a header; empty when it can.
func problemOfToken(token string) string {
	if token == "" {
		return "is empty"
	}
	if len(token) > maxToken {
		return "is too long"
	}
	for _, b := range []byte(token) {
		if b <= ' ' || b > '~' {
			return "has white space or other characters in it that no token has"
		}
	}
	return ""
}
