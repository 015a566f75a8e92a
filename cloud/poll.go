package cloud

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"

	"github.com/rcreg/registration/internal/httpclient"
)

// Confirmation is what became of a registration by e-mail.
type Confirmation string

// What can have become of it.
const (
	Pending   Confirmation = "pending"   // the e-mail is not answered yet: poll again after the interval
	Denied    Confirmation = "denied"    // it was not successful: polling again will not change that
	Confirmed Confirmation = "confirmed" // here is the grant
)

// Poll asks whether the e-mail of an [Intent] was confirmed: GET /api/v2/register/workspace/poll?token=. The grant is there when it was, and has to be
// kept at once: the Cloud may never hand it out again. Errors: *Error, with ErrInvalidDeviceCode for a code that is unknown or has expired.
func (c *Client) Poll(ctx context.Context, deviceCode string) (Confirmation, Grant, error) {
	const name = "register/workspace/poll"
	if deviceCode == "" {
		return "", Grant{}, &Error{Operation: http.MethodGet + " " + name, Kind: ErrInvalidArgument, Err: errors.New("the device code is empty")}
	}
	var (
		confirmation Confirmation
		grant        Grant
	)
	err := c.do(ctx, &call{
		name: name, verb: http.MethodGet, url: c.at("api", "v2", "register", "workspace", "poll"),
		query: url.Values{"token": {deviceCode}}, effect: httpclient.Read, fresh: true, kindOf: kindOfPollRefusal,
	}, func(body []byte) (err error) {
		confirmation, grant, err = readPoll(body)
		return err
	})
	return confirmation, grant, err
}

func readPoll(body []byte) (Confirmation, Grant, error) {
	var reply struct {
		Status     string          `json:"status"`
		Successful *bool           `json:"successful"`
		Payload    json.RawMessage `json:"payload"`
	}
	if err := intoObject(&reply)(body); err != nil {
		return "", Grant{}, err
	}
	switch {
	case reply.Successful != nil && *reply.Successful:
		grant, err := readNewGrant(reply.Payload)
		if err != nil {
			return "", Grant{}, err
		}
		return Confirmed, grant, nil
	case reply.Successful != nil:
		return Denied, Grant{}, nil
	case reply.Status == "authorization_pending":
		return Pending, Grant{}, nil
	}
	return "", Grant{}, errors.New("it says neither that the confirmation is pending nor what came of it")
}
