package workspace

import (
	"errors"
	"strings"

	"github.com/rcreg/registration/internal/httpclient"
)

// endpointURL returns the address of an endpoint below /api/v1/, such as "cloud.syncWorkspace" or
// "settings/Register_Server".
func (c *Client) endpointURL(endpoint string) (string, error) {
	plain := endpoint != ""
	for i := 0; i < len(endpoint) && plain; i++ {
		plain = isPlain(endpoint[i])
	}
	if plain {
		return c.api + endpoint, nil
	}
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

// isPlain tells whether a byte of an endpoint of a single element needs no look. Nearly all endpoints are plain.
func isPlain(b byte) bool {
	return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || '0' <= b && b <= '9' || b == '.' || b == '_' || b == '-'
}
