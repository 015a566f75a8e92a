package cloud

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"github.com/rcreg/registration/internal/httpclient"
)

// SupportedVersions is the Cloud's list of supported versions.
type SupportedVersions struct {
	// Signed is the list as a JWT (RS256). Nothing else of the reply is signed, so nothing else is read.
	Signed string `json:"signed"`
}

// SupportedVersions asks which versions are supported: GET /v2/server/supportedVersions at releases.rocket.chat. The domain and the unique id may be
// empty; with them the Cloud adds exceptions for that workspace. The signature is the caller's to verify. Errors: *Error.
func (c *Client) SupportedVersions(ctx context.Context, domain, uniqueID string) (SupportedVersions, error) {
	const operation = "GET supportedVersions"
	query := url.Values{}
	if domain != "" {
		query.Set("domain", domain)
	}
	if uniqueID != "" {
		query.Set("uniqueId", uniqueID)
	}
	reply, err := c.http.Do(ctx, &httpclient.Request{
		Operation: operation, Verb: http.MethodGet, URL: c.releases.URL("v2", "server", "supportedVersions"), Query: query, Effect: httpclient.Read,
	})
	if err != nil {
		return SupportedVersions{}, &Error{Operation: operation, Kind: ErrUnreachable, Err: err}
	}
	if reply.Status != http.StatusOK {
		return SupportedVersions{}, &Error{Operation: operation, Status: reply.Status, Kind: ErrRefused, Code: code(reply)}
	}
	var list SupportedVersions
	if err := json.Unmarshal(reply.Body, &list); err != nil || !reply.IsJSON() {
		return SupportedVersions{}, &Error{Operation: operation, Status: reply.Status, Kind: ErrBadReply, Err: err}
	}
	if list.Signed == "" {
		return SupportedVersions{}, &Error{Operation: operation, Status: reply.Status, Kind: ErrBadReply, Err: errors.New("it holds no signed list")}
	}
	return list, nil
}

// maxCode is how much of an error code is passed on: the Cloud's own are short words.
const maxCode = 100

// code reads {"error": "<code>"} from a refusal; empty when there is none.
func code(reply *httpclient.Reply) string {
	var body struct {
		Error string `json:"error"`
	}
	if json.Unmarshal(reply.Body, &body) != nil || len(body.Error) > maxCode {
		return ""
	}
	return body.Error
}
