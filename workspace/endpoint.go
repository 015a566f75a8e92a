package workspace

import (
	"errors"
	"strings"

	"github.com/rcreg/registration/internal/httpclient"
)

// endpointURL returns the address of an endpoint below /api/v1/, such as "cloud.syncWorkspace" or
// "settings/Register_Server".
func (c *Client) endpointURL(endpoint string) (string, error) {
	address, between := c.api, ""
	for element := range strings.SplitSeq(endpoint, "/") {
		// A slash at the end, or two in a row, is another route to the server; dots lead out of the API.
		if element == "" || element == "." || element == ".." {
			return "", errors.New("the endpoint has an empty or dotted element")
		}
		address += between + httpclient.EscapeElement(element)
		between = "/"
	}
	return address, nil
}
