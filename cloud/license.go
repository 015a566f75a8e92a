package cloud

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/rcreg/registration/internal/httpclient"
)

// License brings the workspace's license: GET <registration_client_uri>/license?version=. The version is that of the format that the server reads: 0 for
// 3.0 (asks without one), 2 from 3.1, 3 from 6.5. Its License is empty when the Cloud has none for the workspace. Errors: *GrantError; *Error, with
// ErrInvalidClient when the Cloud has dropped the workspace, ErrForeignAddress or another kind.
func (c *Client) License(ctx context.Context, grant Grant, version int) (LicenseData, error) {
	const name = "license"
	address, err := c.clientURL(grant, http.MethodGet+" "+name, name)
	if err != nil {
		return LicenseData{}, err
	}
	query := url.Values{}
	if version > 0 {
		query.Set("version", strconv.Itoa(version))
	}
	var data LicenseData
	err = c.authorized(ctx, grant, ScopeWorkspace, &call{
		name: name, verb: http.MethodGet, url: address, query: query, effect: httpclient.Read, fresh: true,
	}, func(body []byte) error {
		read, problem := readLicenseData(body)
		if problem != "" {
			return errors.New(problem)
		}
		data = read
		return nil
	})
	return data, err
}

// Downgrade takes the workspace's license away, at the Cloud: POST <registration_client_uri>/client/downgrade. Errors: those of [Client.License].
func (c *Client) Downgrade(ctx context.Context, grant Grant) error {
	const name = "client/downgrade"
	address, err := c.clientURL(grant, http.MethodPost+" "+name, "client", "downgrade")
	if err != nil {
		return err
	}
	return c.authorized(ctx, grant, ScopeWorkspace, &call{name: name, verb: http.MethodPost, url: address, effect: httpclient.Write}, ignore)
}
