package registration

import (
	"context"
	"time"
)

// Direct returns the transport over the workspace's own connection to the Cloud, the default.
func Direct() Transport { return direct{} }

type direct struct{}

var (
	_ Poller       = direct{}
	_ Disconnector = direct{}
)

func (direct) Name() string { return "direct" }

func (t direct) Register(ctx context.Context, d *Dialect, r Request) error {
	if r.Token != "" {
		return d.Connect(ctx, r.Token)
	}
	intent, err := d.StartEmail(ctx, r.Email, r.Resend)
	if err != nil {
		return err
	}
	now := d.workspace.Clock().Now().UTC().Truncate(time.Second)
	return &PendingError{Ticket: Ticket{
		TicketFormat:    ticketFormat,
		Transport:       t.Name(),
		Workspace:       d.workspace.Address(),
		Email:           r.Email,
		UserCode:        intent.UserCode,
		VerificationURL: intent.VerificationURL,
		DeviceCode:      intent.DeviceCode,
		Created:         now,
		Expires:         now.Add(intent.ExpiresIn),
		Interval:        int(intent.Interval / time.Second),
	}}
}

func (direct) Sync(ctx context.Context, d *Dialect) error       { return d.Sync(ctx) }
func (direct) Disconnect(ctx context.Context, d *Dialect) error { return d.Disconnect(ctx) }
func (direct) Reconnect(ctx context.Context, d *Dialect) error  { return d.Reconnect(ctx) }

func (direct) Poll(ctx context.Context, d *Dialect, t Ticket) error {
	confirmed, err := d.PollEmail(ctx, t.DeviceCode)
	if err == nil && !confirmed {
		return &PendingError{Ticket: t}
	}
	return err
}
