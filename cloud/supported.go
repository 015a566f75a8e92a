package cloud

import (
	"context"
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
	const name = "supportedVersions"
	if err := c.usable(ctx, http.MethodGet+" "+name); err != nil {
		return SupportedVersions{}, err
	}
	query := url.Values{}
	if domain != "" {
		query.Set("domain", domain)
	}
	if uniqueID != "" {
		query.Set("uniqueId", uniqueID)
	}
	var list SupportedVersions
	err := c.do(ctx, &call{
		name: name, verb: http.MethodGet, url: c.releases.URL("v2", "server", "supportedVersions"), query: query, effect: httpclient.Read,
	}, func(body []byte) (err error) {
		list, err = readSupported(body)
		return err
	})
	return list, err
}

func readSupported(body []byte) (SupportedVersions, error) {
	var list SupportedVersions
	if err := intoObject(&list)(body); err != nil {
		return SupportedVersions{}, err
	}
	if list.Signed == "" {
		return SupportedVersions{}, errors.New("it holds no signed list")
	}
	return list, nil
}
