package cloud

import (
	"context"
	"crypto/sha256"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/rcreg/registration/internal/httpclient"
	"github.com/rcreg/registration/internal/secret"
)

// The scopes that calls need.
const (
	// ScopeWorkspace is all that a workspace asks for.
	ScopeWorkspace = "workspace:license:read workspace:client:write workspace:stats:write workspace:push:send " +
		"marketplace:read marketplace:download fedhub:register"
	// ScopeBilling is for [Client.Checkout].
	ScopeBilling = "workspace:billing"
)

// expiryMargin is how long before its end an access token counts as expired: long enough for a call to arrive.
const expiryMargin = time.Minute

// AccessToken lets its bearer speak for a workspace.
type AccessToken struct {
	Token     Secret
	Scope     string    // what the Cloud granted, with spaces between
	ExpiresAt time.Time // zero when the Cloud did not say

	asked string // the scope that was asked for
}

// AccessToken returns an access token for the workspace of the grant: POST /api/oauth/token. It comes from memory until shortly before it expires; of
// many callers one asks the Cloud, and the others wait. The scope is [ScopeWorkspace] or another list with spaces between.
//
// Errors: *GrantError for a grant without credentials; *Error, with ErrInvalidClient when the Cloud has dropped the workspace.
func (c *Client) AccessToken(ctx context.Context, grant Grant, scope string) (AccessToken, error) {
	return c.accessToken(ctx, grant, scope, false)
}

// Prove asks the Cloud whether it takes the credentials of a grant now, whatever access token is in memory: POST /api/oauth/token. Errors: those of
// [Client.AccessToken].
func (c *Client) Prove(ctx context.Context, grant Grant) error {
	_, err := c.accessToken(ctx, grant, ScopeWorkspace, true)
	return err
}

func (c *Client) accessToken(ctx context.Context, grant Grant, scope string, anew bool) (AccessToken, error) {
	if err := checkCredentials(grant); err != nil {
		return AccessToken{}, err
	}
	if err := c.usable(ctx, tokenOperation); err != nil {
		return AccessToken{}, err
	}
	entry, err := c.tokens.entry(ctx, keyOf(grant, scope))
	if err != nil {
		return AccessToken{}, &Error{Operation: tokenOperation, Kind: ErrUnreachable, Err: err}
	}
	defer entry.unlock()
	if !anew && entry.valid(c.http.Clock().Now()) {
		return entry.token, nil
	}
	entry.token, entry.until, err = c.newAccessToken(ctx, grant, scope)
	return entry.token, err
}

const (
	tokenCall      = "oauth/token" //nolint:gosec // the path of a call, and no credential
	tokenOperation = http.MethodPost + " " + tokenCall
)

// checkCredentials returns an error for a grant that the Cloud could make no access token for. Errors: *GrantError.
func checkCredentials(grant Grant) error {
	var missing []string
	if grant.ClientID == "" {
		missing = append(missing, keyClientID)
	}
	if grant.ClientSecret.IsEmpty() {
		missing = append(missing, keyClientSecret)
	}
	if missing != nil {
		return &GrantError{Missing: missing}
	}
	return nil
}

func keyOf(grant Grant, scope string) tokenKey {
	return tokenKey{grant.ClientID, sha256.Sum256([]byte(grant.ClientSecret.Reveal())), scope}
}

// newAccessToken asks for an access token, and says until when to use it.
func (c *Client) newAccessToken(ctx context.Context, grant Grant, scope string) (token AccessToken, until time.Time, err error) {
	form := credentials(grant)
	form.Set("grant_type", "client_credentials")
	form.Set("scope", scope)
	if len(grant.RedirectURIs) > 0 {
		form.Set("redirect_uri", grant.RedirectURIs[0])
	}
	asked := c.http.Clock().Now()
	err = c.do(ctx, &call{
		name: tokenCall, verb: http.MethodPost, url: c.at("api", "oauth", "token"), form: form,
		effect: httpclient.Read, // a token too many does no harm
	}, func(body []byte) (err error) {
		token, until, err = readAccessToken(body, scope, asked)
		return err
	})
	return token, until, err
}

func readAccessToken(body []byte, scope string, asked time.Time) (AccessToken, time.Time, error) {
	var reply struct {
		AccessToken string  `json:"access_token"`
		ExpiresIn   float64 `json:"expires_in"` // seconds
		Scope       string  `json:"scope"`
		TokenType   string  `json:"token_type"`
	}
	if err := intoObject(&reply)(body); err != nil {
		return AccessToken{}, time.Time{}, err
	}
	if problem := problemOfToken(reply.AccessToken); problem != "" {
		return AccessToken{}, time.Time{}, errors.New("the access token " + problem)
	}
	if reply.TokenType != "" && !strings.EqualFold(reply.TokenType, "bearer") {
		return AccessToken{}, time.Time{}, errors.New("the access token is not a bearer token")
	}
	token := AccessToken{Token: secret.New(reply.AccessToken), Scope: reply.Scope, asked: scope}
	lifetime := seconds(reply.ExpiresIn)
	if lifetime == 0 {
		return token, time.Time{}, nil // used for this call alone
	}
	token.ExpiresAt = asked.Add(lifetime)
	return token, token.ExpiresAt.Add(-min(expiryMargin, lifetime/10)), nil
}

// maxSeconds bounds what the Cloud says of a duration, so that no time runs over: ten years.
const maxSeconds = 10 * 365 * 24 * 60 * 60

// seconds reads a duration; what makes no sense is none.
func seconds(number float64) time.Duration {
	return time.Duration(max(0, min(number, maxSeconds)) * float64(time.Second))
}

// Revoke ends an access token that [Client.AccessToken] returned for the same grant: POST /api/oauth/revoke. One that has ended already is no error.
// Errors: as those of AccessToken.
func (c *Client) Revoke(ctx context.Context, grant Grant, token AccessToken) error {
	const name = "oauth/revoke"
	if err := checkCredentials(grant); err != nil {
		return err
	}
	if err := c.usable(ctx, http.MethodPost+" "+name); err != nil {
		return err
	}
	form := credentials(grant)
	form.Set("token", token.Token.Reveal())
	form.Set("token_type_hint", "access_token")
	c.tokens.forget(ctx, keyOf(grant, token.asked), token)
	return c.do(ctx, &call{
		name: name, verb: http.MethodPost, url: c.at("api", "oauth", "revoke"), form: form,
		effect: httpclient.Read, // RFC 7009: to revoke twice is to revoke once
	}, ignore)
}

func credentials(grant Grant) url.Values {
	return url.Values{"client_id": {grant.ClientID}, "client_secret": {grant.ClientSecret.Reveal()}}
}

// authorized makes calls for the workspace of a grant. A token that the Cloud does not take any more is replaced once: a refusal (401) comes before
// anything is done. Errors: as those of AccessToken, and *Error.
func (c *Client) authorized(ctx context.Context, grant Grant, scope string, call *call, read func([]byte) error) error {
	call.kindOf = kindOfBearerRefusal
	for again := false; ; again = true {
		token, err := c.AccessToken(ctx, grant, scope)
		if err != nil {
			return err
		}
		call.bearer = token.Token
		err = c.do(ctx, call, read)
		if again || !errors.Is(err, ErrUnauthorized) {
			return err
		}
		c.tokens.forget(ctx, keyOf(grant, scope), token)
	}
}
