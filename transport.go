package registration

//go:generate go run go.uber.org/mock/mockgen@v0.6.0 -source transport.go -destination mock_transport_test.go -package registration_test

import (
	"context"

	"github.com/rcreg/registration/cloud"
)

// Transport is the road between a workspace and Rocket.Chat Cloud: [Direct], [Relay], [Offline], or one that a user writes.
//
// A transport acts and nothing else: the [Client] reads the status before and after, and decides what really happened. So a transport returns
// nil when it was told that its act succeeded, and otherwise the error as it is, above all a [*workspace.Error]: a lost reply is not a failure yet.
// When it fails before the workspace was asked to change anything, it may return an [*Error] with Kind, Err and Remedies; the client fills in the rest. Where
// the request's token certainly was not used, the transport says so with Unspent: from any other failure a token counts as perhaps spent.
// What the reader of the [Result] should know besides is told with [Note].
//
// What else a transport can do is found out by assertion: [RequestChecker], [Poller], [Syncer], [LicenseFetcher], [Disconnector], [Finisher],
// [GrantKeeper].
//
// Methods are called from several goroutines, return when ctx is done, and leave no goroutine behind.
type Transport interface {
	// Name is a short word for tickets and messages, such as "direct".
	Name() string
	// Register registers an unregistered workspace. It returns a *PendingError when somebody has to act first.
	Register(ctx context.Context, s *Session, r Request) error
}

// RequestChecker is a [Transport] that knows which requests it can carry. CheckRequest is called before anything is sent; without it a request needs a
// token or an e-mail address.
type RequestChecker interface {
	CheckRequest(s *Session, r Request) error
}

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
// returns a *PendingError when somebody has to act first; then t is the ticket of that error, and before it is the zero Ticket.
type LicenseFetcher interface {
	FetchLicense(ctx context.Context, s *Session, t Ticket) (cloud.Secret, error)
}

// Disconnector is a [Transport] that can make a workspace stop using its registration, and use it again.
type Disconnector interface {
	Disconnect(ctx context.Context, s *Session) error
	Reconnect(ctx context.Context, s *Session) error
}

// Finisher is a [Transport] that keeps something until it has reached the workspace. Finish is called once the workspace is seen registered, also when
// it was found so, and once a license was applied: then r.License is set. Its error becomes a note of the Result.
type Finisher interface {
	Finish(ctx context.Context, s *Session, r Result) error
}

// GrantKeeper is a [Transport] that asks the Cloud itself, and keeps what the Cloud gives until that has reached the workspace: an operation that is run again
// goes on with it, and spends nothing. Only of a transport whose KeepsGrants is true the client says so.
type GrantKeeper interface {
	KeepsGrants() bool
}

// keepsGrants reports whether the transport says that it keeps what the Cloud gives.
func (c *Client) keepsGrants() bool {
	keeper, ok := c.transport.(GrantKeeper)
	return ok && keeper.KeepsGrants()
}

// ownSwitch is what every transport of this package shares: disconnecting and reconnecting happen on the workspace, whichever road leads to the Cloud.
type ownSwitch struct{}

func (ownSwitch) Disconnect(ctx context.Context, s *Session) error { return s.Disconnect(ctx) }
func (ownSwitch) Reconnect(ctx context.Context, s *Session) error  { return s.Reconnect(ctx) }
