package registration

import (
	"context"
	"errors"
	"fmt"

	"github.com/rcreg/registration/failure"
)

const (
	opDisconnect = "disconnect"
	opReconnect  = "reconnect"
)

// DisconnectOption changes what [Client.Disconnect] may do.
type DisconnectOption func(*disconnectChoice)

type disconnectChoice struct{ forgetIdentity bool }

// ForgetIdentity allows Disconnect from 6.5 to use POST fingerprint new-workspace: the workspace forgets its registration and takes a new unique
// id. Licenses bound to the old one end, and a new registration token is needed to come back. Below 6.5 the identity stays, which a note says.
func ForgetIdentity() DisconnectOption {
	return func(choice *disconnectChoice) { choice.forgetIdentity = true }
}

// Disconnect makes the workspace stop using its registration. It keeps its credentials, and the Cloud is not told.
//
// Up to 5.4 [Client.Reconnect] takes more: the permission edit-privileged-setting, and from 3.18 a second factor, while this takes manage-cloud alone.
//
// On a disconnected workspace it changes nothing. From 6.5 servers have no such call: [ErrUnsupported] with the remedies, unless [ForgetIdentity] is
// given. [ErrNotRegistered] when there is nothing to disconnect.
func (c *Client) Disconnect(ctx context.Context, options ...DisconnectOption) (Result, error) {
	if err := c.usable(ctx, opDisconnect); err != nil {
		return Result{Operation: opDisconnect}, err
	}
	var choice disconnectChoice
	for _, option := range options {
		if option != nil {
			option(&choice)
		}
	}
	if c.session.can(askDisconnect) {
		return c.disconnect(ctx, choice.forgetIdentity)
	}
	if choice.forgetIdentity {
		return c.forgetIdentity(ctx)
	}
	return Result{Operation: opDisconnect}, c.fail(opDisconnect, ErrUnsupported, errors.New("servers from 6.5 have no call to disconnect"),
		do(failure.RemoveInConsole, failure.ForgetIdentity))
}

func (c *Client) disconnect(ctx context.Context, forget bool) (Result, error) {
	ctx, o, err := c.begin(ctx, opDisconnect)
	if err != nil {
		return o.close(), err
	}
	if forget {
		o.note("the workspace keeps its identity (its unique id): servers give it a new one from 6.5, and until then only disconnect")
	}
	switch o.result.Before.State {
	case Disconnected:
		return o.done()
	case Unregistered:
		return o.fail(ErrNotRegistered, nil, do(failure.Register).sure("there is no registration to disconnect"))
	}
	actErr := c.session.Disconnect(ctx)
	if notExecuted(actErr) {
		return o.undone(actErr)
	}
	if err := o.settle(ctx, actErr, func(s Status) bool { return s.State != Registered }); err != nil {
		return o.close(), err
	}
	switch why := o.mayComeYet(actErr); {
	case isRegistered(o.result.After) && why != "":
		return o.inDoubt(why, actErr)
	case isRegistered(o.result.After) && answeredInFront(actErr):
		return o.stopped(actErr, "the workspace is still registered and connected")
	case isRegistered(o.result.After) && refusedPlainly(actErr):
		return o.undone(actErr)
	case isRegistered(o.result.After):
		return o.fail(nil, withCauses("the workspace is still registered and connected", actErr), do(failure.RunAgain))
	case isUnregistered(o.result.After):
		// Up to 6.0 a disconnect may sync first, and so find the removal.
		o.note("the workspace has forgotten its registration: the Cloud had removed it")
	}
	if actErr != nil {
		o.note("the workspace is %s, although %s: %s", o.result.After.State, answered(actErr), brief(actErr))
	}
	return o.done()
}

// forgetIdentity makes a workspace from 6.5 a new one.
func (c *Client) forgetIdentity(ctx context.Context) (Result, error) {
	ctx, o, err := c.begin(ctx, opDisconnect)
	if err != nil {
		return o.close(), err
	}
	if o.result.Before.State == Unregistered {
		return o.done()
	}
	return o.becomeNew(ctx)
}

// Reconnect makes a disconnected workspace use its registration again (up to 6.4), and syncs as a proof. It needs no token.
//
// On a registered workspace it changes nothing. Errors: [ErrNotRegistered] when there is nothing to reconnect, [ErrUnsupported] from 6.5,
// [ErrSyncFailed] and [ErrRemovedFromCloud] when the proof fails, [workspace.ErrTwoFactorRequired] from 3.18 to 5.x.
func (c *Client) Reconnect(ctx context.Context) (Result, error) {
	if err := c.usable(ctx, opReconnect); err != nil {
		return Result{Operation: opReconnect}, err
	}
	if !c.session.can(askReconnect) {
		return Result{Operation: opReconnect}, c.fail(opReconnect, ErrUnsupported, errors.New("servers from 6.5 know no disconnected state"),
			do(failure.SyncOrRegister))
	}
	ctx, o, err := c.begin(ctx, opReconnect)
	if err != nil {
		return o.close(), err
	}
	switch o.result.Before.State {
	case Registered:
		return o.done()
	case Unregistered:
		return o.fail(ErrNotRegistered, nil, do(failure.Register).sure("there is no registration to reconnect"))
	}
	actErr := c.session.Reconnect(ctx)
	if notExecuted(actErr) {
		return o.undone(actErr)
	}
	// Registered may be from before a removal: the sync finds it.
	if err := o.settle(ctx, actErr, func(s Status) bool { return s.State != Disconnected }); err != nil {
		return o.close(), err
	}
	return o.reconnected(ctx, actErr)
}

// reconnect is the way out of a disconnected workspace, over the transport in use.
func (o *operation) reconnect() next {
	if name := o.client.transport.Info().Name; name != Direct().Info().Name {
		return do(failure.Reconnect).with(name)
	}
	return do(failure.Reconnect)
}

// reconnected ends a reconnection by what the status says, and proves it by a sync (A7), which also tells a removal in the Cloud from other failures.
func (o *operation) reconnected(ctx context.Context, actErr error) (Result, error) {
	switch why := o.mayComeYet(actErr); {
	case o.result.After.State == Unregistered:
		return o.removed(actErr)
	case o.result.After.State == Disconnected && answeredInFront(actErr):
		return o.stopped(actErr, "the workspace is still disconnected")
	case o.result.After.State == Disconnected && why != "":
		return o.inDoubt(why, actErr)
	case o.result.After.State == Disconnected && refusedPlainly(actErr):
		return o.undone(actErr)
	case o.result.After.State == Disconnected && actErr == nil:
		return o.fail(nil, errors.New("the workspace answered success, yet it is still disconnected"), do(failure.RunAgain))
	case o.result.After.State == Disconnected:
		return o.fail(nil, withCauses("the workspace is disconnected", actErr), do(failure.RunAgain))
	case actErr != nil:
		o.note("the workspace is connected, although %s: %s", answered(actErr), brief(actErr))
	}
	if o.canSync() {
		return o.proveBySync(ctx, o.removed)
	}
	o.note("the workspace uses its registration again; whether the Cloud still knows it shows only in a sync, for which the workspace has to reach the Cloud")
	return o.done()
}

// cannot is the error for an ability that the transport lacks.
func (c *Client) cannot(op string) error {
	return c.fail(op, ErrUnsupported, fmt.Errorf("the transport %q cannot %s", c.transport.Info().Name, op), do(failure.UseTransport).with(Direct().Info().Name))
}
