package workspace

import (
	"errors"
	"strings"

	"github.com/rcreg/registration/internal/httpclient"
)

// endpointURL returns the address of an endpoint below /api/v1/, such as "cloud.syncWorkspace" or
// "settings/Register_Server".
func (c *Client) endpointURL(endpoint string) (string, error) {
	var address strings.Builder
	address.Grow(len(c.api) + len(endpoint))
	address.WriteString(strings.TrimSuffix(c.api, "/"))
	for element := range strings.SplitSeq(endpoint, "/") {
		// A slash at the end, or two in a row, is another route to the server; dots lead out of the API.
		if element == "" || element == "." || element == ".." {
			return "", errors.New("the endpoint has an empty or dotted element")
		}
		address.WriteByte('/')
		address.WriteString(httpclient.EscapeElement(element))
	}
	return address.String(), nil
}
