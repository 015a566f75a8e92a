package registration

//go:generate go run go.uber.org/mock/mockgen@v0.6.0 -source transport.go -destination mock_transport_test.go -package registration_test

import (
	"context"

	"github.com/rcreg/registration/cloud"
)

// Transport is the way between a workspace and Rocket.Chat Cloud: [Direct], a relay, files across an air gap, or one that a user writes.
//
// A transport acts and nothing else: the [Client] reads the status before and after, and decides what really happened. So a transport returns
// nil when it was told that its act succeeded, and otherwise the error as it is, above all a [*workspace.Error]: a lost reply is not a failure yet.
// When it fails before the workspace was asked to change anything, it returns an [*Error] with Err, and Kind and Remedies where it knows better ones than the
// client finds in Err. Where the request's token certainly was not used, it says so with Unspent: from any other failure a token counts as perhaps spent.
// What the reader of the [Result] should know besides is told with [Note]. Disconnecting and reconnecting are no transport's business: they happen on the workspace.
//
// What else a transport can do is found out by assertion: [Poller], [Syncer], [LicenseFetcher], [Finisher].
//
// registrationtest.TestTransport holds a transport to this contract.
//
// Methods are called from several goroutines, return when ctx is done, and leave no goroutine behind.
type Transport interface {
	// Info says what the transport is. It always returns the same.
	Info() Info
	// Register registers an unregistered workspace. It returns a *PendingError when an administrator has to act first.
	Register(ctx context.Context, s *Session, r Request) error
}

// Info says what a [Transport] is. A request that it does not take is refused by the client, before anything is sent.
type Info struct {
	// Name is a short word for tickets and messages, such as "direct". It must not be empty.
	Name string
	// TakesToken and TakesEmail report what a [Request] may hold. A transport that takes neither takes an empty request.
	TakesToken, TakesEmail bool
	// ByWorkspace reports that the workspace itself asks the Cloud, with the calls that its version has.
	ByWorkspace bool
	// KeepsGrants reports that what the Cloud gives is kept until it has reached the workspace: an operation that is run again goes on with it, and spends nothing.
	KeepsGrants bool
}

// takesNothing reports whether a request has to be empty.
func (i Info) takesNothing() bool { return !i.TakesToken && !i.TakesEmail }

// Poller is a [Transport] that can ask whether a pending registration was confirmed: it returns a *PendingError while it was not, and nil when the
// workspace was registered.
type Poller interface {
	Poll(ctx context.Context, s *Session, t Ticket) error
}

// Syncer is a [Transport] over which the Cloud and the workspace exchange what they know. Up to 6.4 that is also what proves new credentials.
type Syncer interface {
	Sync(ctx context.Context, s *Session) error
}

// LicenseFetcher is a [Transport] that brings the workspace's present license from the Cloud, for [Client.Sync] where the transport is no [Syncer]. It
// returns a *PendingError when an administrator has to act first; then t is the ticket of that error, and before it is the zero Ticket.
type LicenseFetcher interface {
	FetchLicense(ctx context.Context, s *Session, t Ticket) (cloud.Secret, error)
}

// Finisher is a [Transport] that keeps something until it has reached the workspace. Finish is called once the workspace is seen registered, also when
// it was found so, and once a license was applied: then r.License is set. Its error becomes a note of the Result.
type Finisher interface {
	Finish(ctx context.Context, s *Session, r Result) error
}

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
