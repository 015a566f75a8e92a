package cloud

import (
	"context"
	"errors"
	"net/http"

	"github.com/rcreg/registration/internal/httpclient"
)

// Reach asks the Cloud's own host for its front page, without credentials, and returns the status of the reply. Any status and any page show that the host is in reach, so that
// they are no errors. Errors: *Error with [ErrUnreachable].
func (c *Client) Reach(ctx context.Context) (status int, err error) {
	front := &call{name: "the Cloud's front page", verb: http.MethodGet, url: c.at(), effect: httpclient.Read}
	reply, err := c.send(ctx, front)
	if err == nil {
		return reply.Status, nil
	}
	var failure *Error
	if errors.As(err, &failure) && failure.Status != 0 { // a redirect, or more than is read
		return failure.Status, nil
	}
	return 0, err
}
