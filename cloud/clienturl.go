package cloud

import (
	"errors"

	"github.com/rcreg/registration/internal/httpclient"
)

// clientURL returns an address below the registration_client_uri of a grant. A grant may have been edited on its way: access tokens go to the Cloud that this
// client was made for, and nowhere else. Errors: *GrantError, *Error with ErrForeignAddress, or
// ErrInvalidArgument for a client that New has not made.
func (c *Client) clientURL(grant Grant, operation string, elements ...string) (string, error) {
	if err := c.made(operation); err != nil {
		return "", err
	}
	if grant.RegistrationClientURI == "" {
		return "", &GrantError{Missing: []string{keyRegistrationURI}}
	}
	address, err := httpclient.ParseAddress(grant.RegistrationClientURI, c.plainHTTP)
	if err != nil {
		return "", &Error{Operation: operation, Kind: ErrForeignAddress, Err: err}
	}
	if !address.SameOrigin(c.base) {
		return "", &Error{Operation: operation, Kind: ErrForeignAddress, Err: errors.New("this client asks " + c.base.String() + " alone")}
	}
	return address.URL(elements...), nil
}
