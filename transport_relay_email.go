package registration

import (
	"context"
	"errors"

	"github.com/rcreg/registration/cloud"
)

// startEmail asks the Cloud to send a message. It never returns nil.
func (t relay) startEmail(ctx context.Context, s *Session, r Request, data cloud.RegistrationData) error {
	data, err := data.WithContactEmail(r.Email)
	if err != nil {
		return fromCloud(err)
	}
	intent, err := t.cloud.Intent(ctx, data, r.Resend)
	if errors.Is(err, cloud.ErrOutcomeUnknown) {
		return messageInDoubt(err)
	}
	if err != nil {
		return fromCloud(err)
	}
	return &PendingError{Ticket: emailTicket(t, s, r.Email, Intent{
		DeviceCode:      intent.DeviceCode.Reveal(),
		UserCode:        intent.UserCode,
		VerificationURL: intent.VerificationURL,
		Interval:        seconds(intent.Interval.Seconds(), usualInterval),
		ExpiresIn:       seconds(intent.ExpiresIn.Seconds(), usualExpiry),
	})}
}

func (t relay) Poll(ctx context.Context, s *Session, ticket Ticket) error {
	if err := t.checkVaults(); err != nil {
		return err
	}
	return t.register(ctx, s, func(cloud.RegistrationData) (cloud.Grant, error) { return t.poll(ctx, ticket) })
}

// poll asks the Cloud whether the message was confirmed.
func (t relay) poll(ctx context.Context, ticket Ticket) (cloud.Grant, error) {
	confirmation, grant, err := t.cloud.Poll(ctx, ticket.DeviceCode)
	switch {
	case err != nil:
		return cloud.Grant{}, fromCloud(err)
	case confirmation == cloud.Pending:
		return cloud.Grant{}, &PendingError{Ticket: ticket}
	case confirmation == cloud.Denied:
		return cloud.Grant{}, deniedByCloud()
	}
	return grant, nil
}
