package registration

import (
	"context"
	"errors"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/offline"
)

// errNotConfirmed is the Cloud's "successful: false".
var errNotConfirmed = errors.New("the Cloud says that the registration was not confirmed")

// startEmail asks the Cloud to send a message.
func (t relay) startEmail(ctx context.Context, d *Dialect, r Request, data cloud.RegistrationData) error {
	data, err := data.WithContactEmail(r.Email)
	if err != nil {
		return &Error{Kind: ErrInvalidInput, Err: err}
	}
	intent, err := t.cloud.Intent(ctx, data, r.Resend)
	if err != nil {
		return t.fromCloud(err)
	}
	return &PendingError{Ticket: emailTicket(t, d, r.Email, Intent{
		DeviceCode:      intent.DeviceCode.Reveal(),
		UserCode:        intent.UserCode,
		VerificationURL: intent.VerificationURL,
		Interval:        seconds(intent.Interval.Seconds(), usualInterval),
		ExpiresIn:       seconds(intent.ExpiresIn.Seconds(), usualExpiry),
	})}
}

func (t relay) Poll(ctx context.Context, d *Dialect, ticket Ticket) error {
	if err := t.CheckRequest(d, Request{Email: ticket.Email}); err != nil {
		return err
	}
	data, err := d.readRegistrationData(ctx)
	if err != nil {
		return err
	}
	return t.holding(ctx, d, data, func() error {
		grant, err := t.kept(ctx, data)
		if errors.Is(err, offline.ErrNothingKept) {
			grant, err = t.poll(ctx, ticket, data)
		} else if err != nil {
			err = fromVault(err)
		}
		if err != nil {
			return err
		}
		return t.handOver(ctx, d, data, grant)
	})
}

// poll asks the Cloud whether the message was confirmed. The grant that comes then is kept at once: the Cloud may not hand it out again.
func (t relay) poll(ctx context.Context, ticket Ticket, data cloud.RegistrationData) (cloud.Grant, error) {
	if err := t.pending.Ready(); err != nil {
		return cloud.Grant{}, fromVault(err)
	}
	confirmation, grant, err := t.cloud.Poll(ctx, ticket.DeviceCode)
	switch {
	case err != nil:
		return cloud.Grant{}, t.fromCloud(err)
	case confirmation == cloud.Pending:
		return cloud.Grant{}, &PendingError{Ticket: ticket}
	case confirmation == cloud.Denied:
		return cloud.Grant{}, &Error{Kind: ErrRejected, Err: errNotConfirmed, Advice: "start again: Register sends a new message"}
	}
	t.keep(ctx, data, grant)
	return grant, nil
}
