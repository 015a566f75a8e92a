package workspace

import (
	"errors"
	"strings"

	"github.com/rcreg/registration/internal/httpclient"
)

// endpointURL returns the address of an endpoint below /api/v1/, such as "cloud.syncWorkspace" or
// "settings/Register_Server".
func (c *Client) endpointURL(endpoint string) (string, error) {
	elements := strings.Split(endpoint, "/")
	for i, element := range elements {
		// A slash at the end, or two in a row, is another route to the server; dots lead out of the API.
		if element == "" || element == "." || element == ".." {
			return "", errors.New("the endpoint has an empty or dotted element")
		}
		elements[i] = httpclient.EscapeElement(element)
	}
	return c.api + strings.Join(elements, "/"), nil
}
