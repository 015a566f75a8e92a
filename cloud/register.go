package cloud

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/rcreg/registration/internal/httpclient"
	"github.com/rcreg/registration/internal/secret"
)

// Register sends the one-way notice of a workspace: POST /api/v2/register/workspace?resend=. It returns an id, but no credentials: a workspace is not
// registered by it. Errors: ErrInvalidRegistrationData, *Error.
func (c *Client) Register(ctx context.Context, data RegistrationData, resend bool) (id string, err error) {
	err = c.announce(ctx, data, &call{
		name: "register/workspace", url: c.at("api", "v2", "register", "workspace"),
		query: url.Values{"resend": {strconv.FormatBool(resend)}}, effect: httpclient.Write,
	}, func(body []byte) (err error) {
		id, err = readID(body)
		return err
	})
	return id, err
}

func readID(body []byte) (string, error) {
	var reply struct {
		ID string `json:"id"`
	}
	if err := intoObject(&reply)(body); err != nil {
		return "", err
	}
	if reply.ID == "" {
		return "", errors.New("it has no id")
	}
	return reply.ID, nil
}

// PreIntent reports whether the Cloud can be reached from this machine, by the call that workspaces from 6.0 make for that:
// POST /api/v2/register/workspace/pre-intent. Nil means that it can. Errors: ErrInvalidRegistrationData, *Error.
func (c *Client) PreIntent(ctx context.Context, data RegistrationData) error {
	return c.announce(ctx, data, &call{
		name: "register/workspace/pre-intent", url: c.at("api", "v2", "register", "workspace", "pre-intent"), effect: httpclient.Read,
	}, ignore)
}

// Intent is a registration by e-mail that waits for its confirmation.
type Intent struct {
	DeviceCode      Secret // for [Client.Poll]: who has it gets the grant
	UserCode        string // the e-mail shows it too, so that a person can compare; empty when it cannot be shown
	VerificationURL string // often empty; an http or https URL
	// Interval is how long to wait between polls, ExpiresIn how long the codes live from now. 0 when the Cloud does not say.
	Interval, ExpiresIn time.Duration
}

// Intent starts a registration by e-mail: POST /api/v2/register/workspace/intent. The e-mail goes to the data's ContactEmail (see
// [RegistrationData.WithContactEmail]); resend asks for it once more. Errors: ErrInvalidRegistrationData; *Error, with ErrOutcomeUnknown when an e-mail
// may have been sent.
func (c *Client) Intent(ctx context.Context, data RegistrationData, resend bool) (Intent, error) {
	if !strings.Contains(data.ContactEmail, "@") {
		return Intent{}, invalidData("it has no contactEmail")
	}
	var intent Intent
	err := c.announce(ctx, data, &call{
		name: "register/workspace/intent", url: c.at("api", "v2", "register", "workspace", "intent"),
		query: url.Values{"resent": {strconv.FormatBool(resend)}}, effect: httpclient.Write, // resent: so the servers write it
	}, func(body []byte) (err error) {
		intent, err = readIntent(body)
		return err
	})
	return intent, err
}

func readIntent(body []byte) (Intent, error) {
	var reply struct {
		DeviceCode      string  `json:"device_code"`
		UserCode        string  `json:"user_code"`
		VerificationURL string  `json:"verification_url"`
		Interval        float64 `json:"interval"`   // seconds
		ExpiresIn       float64 `json:"expires_in"` // seconds
	}
	if err := intoObject(&reply)(body); err != nil {
		return Intent{}, err
	}
	if reply.DeviceCode == "" {
		return Intent{}, errors.New("it has no device_code")
	}
	intent := Intent{DeviceCode: secret.New(reply.DeviceCode), Interval: seconds(reply.Interval), ExpiresIn: seconds(reply.ExpiresIn)}
	// The e-mail is on its way. What cannot be shown to a person is left out, which is no reason to fail.
	const longestCode = 64
	if httpclient.IsVisible(reply.UserCode, longestCode) {
		intent.UserCode = reply.UserCode
	}
	if httpclient.IsSafeLink(reply.VerificationURL) {
		intent.VerificationURL = reply.VerificationURL
	}
	return intent, nil
}

// announce sends the registration data of a workspace that has no credentials yet.
func (c *Client) announce(ctx context.Context, data RegistrationData, call *call, read func([]byte) error) error {
	if err := data.check(); err != nil {
		return err
	}
	call.verb, call.json = http.MethodPost, data.Reveal()
	return c.do(ctx, call, read)
}
