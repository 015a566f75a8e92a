package cloud

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"github.com/rcreg/registration/internal/httpclient"
)

// Checkout makes a link to buy a license for the workspace: POST https://billing.rocket.chat/api/v2/checkout. The buyer is sent to done afterwards, or to
// cancelled; both are pages of the workspace. Errors: *GrantError, *Error.
func (c *Client) Checkout(ctx context.Context, grant Grant, done, cancelled string) (link string, err error) {
	const name = "checkout"
	if err := c.made(http.MethodPost + " " + name); err != nil {
		return "", err
	}
	for _, page := range []string{done, cancelled} {
		if !isLink(page) {
			return "", &Error{Operation: http.MethodPost + " " + name, Kind: ErrInvalidArgument, Err: errors.New("a page to return to is no http or https URL")}
		}
	}
	body, _ := json.Marshal(map[string]string{"okCallback": done, "cancelCallback": cancelled}) // texts cannot fail
	err = c.authorized(ctx, grant, ScopeBilling, &call{
		name: name, verb: http.MethodPost, url: c.billing.URL("api", "v2", "checkout"), json: body, effect: httpclient.Write,
	}, func(body []byte) (err error) {
		link, err = readLink(body)
		return err
	})
	return link, err
}

func readLink(body []byte) (string, error) {
	var reply struct {
		URL string `json:"url"`
	}
	if err := intoObject(&reply)(body); err != nil {
		return "", err
	}
	if !httpclient.IsSafeLink(reply.URL) {
		return "", errors.New("it has no link")
	}
	return reply.URL, nil
}

// isLink reports whether a text is a URL that a browser can be sent to.
func isLink(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != ""
}
