package registration

import "context"

// Direct returns the transport over the workspace's own connection to the Cloud, the default.
func Direct() Transport { return direct{} }

type direct struct{}

var (
	_ Poller = direct{}
	_ Syncer = direct{}
)

func (direct) Info() Info {
	return Info{Name: "direct", TakesToken: true, TakesEmail: true, ByWorkspace: true}
}

func (t direct) Register(ctx context.Context, s *Session, r Request) error {
	if r.Token != "" {
		return s.Connect(ctx, r.Token)
	}
	intent, err := s.StartEmail(ctx, r.Email, r.Resend)
	if err != nil {
		return err
	}
	return &PendingError{Ticket: s.EmailTicket(t.Info(), r.Email, intent)}
}

func (direct) Sync(ctx context.Context, s *Session) error { return s.Sync(ctx) }

func (direct) Poll(ctx context.Context, s *Session, t Ticket) error {
	confirmed, err := s.PollEmail(ctx, t.DeviceCode)
	if err == nil && !confirmed {
		return &PendingError{Ticket: t}
	}
	return err
}
