package registration

import (
	"context"
	"time"

	"github.com/rcreg/registration/failure"
)

// Direct returns the transport over the workspace's own connection to the Cloud, the default.
func Direct() Transport { return direct{} }

type direct struct{ ownSwitch }

var (
	_ RequestChecker = direct{}
	_ Poller         = direct{}
	_ Syncer         = direct{}
	_ Disconnector   = direct{}
)

func (direct) Name() string { return "direct" }

func (direct) CheckRequest(s *Session, r Request) error {
	if r.Email != "" && !s.can(askStartEmail) {
		return &Error{Kind: ErrUnsupported, Remedies: failure.Ways(failure.UseToken)}
	}
	return r.checkGiven()
}

func (t direct) Register(ctx context.Context, s *Session, r Request) error {
	if r.Token != "" {
		err := s.Connect(ctx, r.Token)
		if provenUndone(err) {
			return &Error{Kind: kindOf(err), Err: err, Unspent: true}
		}
		return err
	}
	intent, err := s.StartEmail(ctx, r.Email, r.Resend)
	switch {
	case lostReply(err):
		return messageInDoubt(err)
	case answeredInFront(err):
		return &Error{Err: err, Remedies: letPass(err).ways, Certain: "a message that was sent already does no harm"}
	case err != nil:
		return err
	}
	return &PendingError{Ticket: emailTicket(t, s, r.Email, intent)}
}

// messageInDoubt is the failure of a registration by e-mail when nobody knows whether the message was sent: no status tells.
func messageInDoubt(err error) error {
	return &Error{Kind: ErrOutcomeUnknown, Err: err, Remedies: failure.Ways(failure.RunAgain), Certain: "a message that was sent already does no harm"}
}

// emailTicket is the ticket of a registration by e-mail that was started.
func emailTicket(t Transport, s *Session, email string, intent Intent) Ticket {
	now := s.workspace.Clock().Now().UTC().Truncate(time.Second)
	return Ticket{
		TicketFormat:    ticketFormat,
		Transport:       t.Name(),
		Workspace:       s.workspace.Address(),
		Email:           email,
		UserCode:        intent.UserCode,
		VerificationURL: intent.VerificationURL,
		DeviceCode:      intent.DeviceCode,
		Created:         now,
		Expires:         now.Add(intent.ExpiresIn),
		Interval:        int(intent.Interval / time.Second),
	}
}

func (direct) Sync(ctx context.Context, s *Session) error { return s.Sync(ctx) }

func (direct) Poll(ctx context.Context, s *Session, t Ticket) error {
	confirmed, err := s.PollEmail(ctx, t.DeviceCode)
	if err == nil && !confirmed {
		return &PendingError{Ticket: t}
	}
	return err
}
