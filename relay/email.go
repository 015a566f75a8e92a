package relay

import (
	"context"
	"errors"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/failure"
)

// startEmail asks the Cloud to send a message. It never returns nil.
func (t transport) startEmail(ctx context.Context, s *registration.Session, r registration.Request, data cloud.RegistrationData) error {
	data, err := data.WithContactEmail(r.Email)
	if err != nil {
		return fromCloud(err)
	}
	intent, err := t.cloud.Intent(ctx, data, r.Resend)
	if errors.Is(err, cloud.ErrOutcomeUnknown) {
		return &registration.Error{Kind: registration.ErrOutcomeUnknown, Err: err, Remedies: failure.Ways(failure.RunAgain), Certain: "a message that was sent already does no harm"}
	}
	if err != nil {
		return fromCloud(err)
	}
	return &registration.PendingError{Ticket: s.EmailTicket(t.Info(), r.Email, registration.Intent{
		DeviceCode:      intent.DeviceCode.Reveal(),
		UserCode:        intent.UserCode,
		VerificationURL: intent.VerificationURL,
		Interval:        intent.Interval,
		ExpiresIn:       intent.ExpiresIn,
	})}
}

func (t transport) Poll(ctx context.Context, s *registration.Session, ticket registration.Ticket) error {
	return t.register(ctx, s, func(cloud.RegistrationData) (cloud.Grant, error) { return t.poll(ctx, ticket) })
}

// poll asks the Cloud whether the message was confirmed.
func (t transport) poll(ctx context.Context, ticket registration.Ticket) (cloud.Grant, error) {
	confirmation, grant, err := t.cloud.Poll(ctx, ticket.DeviceCode)
	switch {
	case err != nil:
		return cloud.Grant{}, fromCloud(err)
	case confirmation == cloud.Pending:
		return cloud.Grant{}, &registration.PendingError{Ticket: ticket}
	case confirmation == cloud.Denied:
		return cloud.Grant{}, &registration.Error{Kind: registration.ErrRejected, Err: failure.EmailDenied}
	}
	return grant, nil
}
