package registration

//go:generate go run go.uber.org/mock/mockgen@v0.6.0 -source transport.go -destination mock_transport_test.go -package registration_test

import "context"

// Transport is the road between a workspace and Rocket.Chat Cloud. [Direct] is the workspace's own connection; a user can write others.
//
// A transport acts and nothing else: the [Client] reads the status before and after, and decides what really happened. So a transport returns
// nil when it was told that its act succeeded, and otherwise the error as it is, above all a [*workspace.Error]: a lost reply is not a failure yet.
// Methods are called from several goroutines, return when ctx is done, and leave no goroutine behind.
type Transport interface {
	// Name is a short word for tickets and messages, such as "direct".
	Name() string
	// Register registers an unregistered workspace. It returns a *PendingError when somebody has to act first.
	Register(ctx context.Context, d *Dialect, r Request) error
	// Sync makes the Cloud and the workspace exchange what they know.
	Sync(ctx context.Context, d *Dialect) error
}

// Poller is a [Transport] that can ask whether a pending registration was confirmed: it returns a *PendingError while it was not, and nil when it was.
type Poller interface {
	Poll(ctx context.Context, d *Dialect, t Ticket) error
}

// Disconnector is a [Transport] that can make a workspace stop using its registration, and use it again.
type Disconnector interface {
	Disconnect(ctx context.Context, d *Dialect) error
	Reconnect(ctx context.Context, d *Dialect) error
}
