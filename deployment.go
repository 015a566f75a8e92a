package registration

import (
	"context"
	"errors"
	"fmt"

	"github.com/rcreg/registration/failure"
)

const opConfirm = "confirm deployment"

// Warning says what confirming a deployment clears, to be shown before it is done; empty for a value that does not exist.
func (d Deployment) Warning() string {
	switch d {
	case NewWorkspace:
		return "the workspace forgets its registration, the license of the Cloud and its unique id: licenses bound to the old id end, push notifications stop, " +
			"and a new registration token is needed to come back. It cannot be undone"
	case UpdatedConfiguration:
		return "the workspace keeps its registration and its unique id: do not use it for a copy whose original still runs, or both use one registration"
	}
	return ""
}

// ConfirmDeployment tells a workspace whose address or database has changed what it is (POST fingerprint, from 6.5): a new workspace, such as a staging
// copy, which must stop using the registration of its original, or the same one with an updated configuration.
//
// [Deployment.Warning] says what it clears; the Result's notes say what was cleared. As a new workspace it acts each time, also when unregistered, because
// a copy shares its unique id with the original: After shows the new one. Errors: [ErrInvalidInput] for another value, with nothing sent;
// [ErrUnsupported] below 6.5, with the remedies; an error of no kind where the unique id stayed, because DEPLOYMENT_ID in the server's environment fixes it; [ErrOutcomeUnknown] when the reply was lost and the status does not tell.
func (c *Client) ConfirmDeployment(ctx context.Context, as Deployment) (Result, error) {
	if err := c.usable(ctx, opConfirm); err != nil {
		return Result{Operation: opConfirm}, err
	}
	switch {
	case as != NewWorkspace && as != UpdatedConfiguration:
		return Result{Operation: opConfirm}, c.fail(opConfirm, ErrInvalidInput, fmt.Errorf("there is no deployment %.40q", string(as)),
			do(failure.CorrectRequest).with("say "+string(NewWorkspace)+" or "+string(UpdatedConfiguration)).sure("nothing was sent"))
	case !c.session.can(askConfirmDeployment):
		return Result{Operation: opConfirm}, c.fail(opConfirm, ErrUnsupported, errors.New("servers below 6.5 have no such question"),
			do(failure.LeaveOriginal))
	}
	ctx, o, err := c.begin(ctx, opConfirm)
	if err != nil {
		return o.close(), err
	}
	if as == NewWorkspace {
		return o.becomeNew(ctx)
	}
	return o.keepIdentity(ctx)
}

// becomeNew makes the workspace a new one: without a registration, and with another unique id.
func (o *operation) becomeNew(ctx context.Context) (Result, error) {
	o.renews = true
	actErr := o.client.session.ConfirmDeployment(ctx, NewWorkspace)
	if notExecuted(actErr) {
		return o.undone(actErr)
	}
	before := o.result.Before
	renewed := func(s Status) bool { return s.State == Unregistered && s.UniqueID != before.UniqueID }
	if err := o.settle(ctx, actErr, renewed); err != nil {
		return o.close(), err
	}
	switch after, why := o.result.After, o.mayComeYet(actErr); {
	case after == before && answeredInFront(actErr):
		return o.stopped(actErr, "nothing was cleared")
	case !renewed(after) && why != "":
		return o.inDoubt(why, actErr)
	case after == before && refusedPlainly(actErr):
		return o.undone(actErr)
	case after.State != Unregistered:
		return o.fail(nil, withCauses("the workspace is still registered", actErr), do(failure.RunAgain))
	case after.UniqueID == before.UniqueID:
		return o.fail(nil, withCauses("the workspace is unregistered, and still has its old unique id", actErr),
			do(failure.ClearRegistration))
	}
	if actErr != nil {
		o.note("the workspace is a new one, although %s: %s", answered(actErr), brief(actErr))
	}
	o.note("the workspace has a new unique id; its old one was %s", before.UniqueID)
	if before.State == Registered {
		o.note("cleared: the registration as workspace %s. The Cloud was not told: remove it in the Cloud console unless the original still uses it", before.WorkspaceID)
	}
	return o.done()
}

// keepIdentity confirms that this is the same workspace. Nothing in the status shows the confirmation itself; it shows whether anything was lost.
func (o *operation) keepIdentity(ctx context.Context) (Result, error) {
	o.renews = true // which is told as what it is
	confirm := func() error { return o.client.session.ConfirmDeployment(ctx, UpdatedConfiguration) }
	actErr := retryIfReplyLost(ctx, confirm(), confirm, o.note)
	if notExecuted(actErr) {
		return o.undone(actErr)
	}
	if err := o.settleWithin(ctx, actErr, 0, always); err != nil {
		return o.close(), err
	}
	switch {
	case o.result.After.UniqueID != o.result.Before.UniqueID || o.result.After.State != o.result.Before.State:
		return o.fail(nil, withCauses("the workspace has changed its identity or its state meanwhile", actErr),
			do(failure.SeeOthers).sure("this confirmation changes neither"))
	case answeredInFront(actErr):
		return o.stopped(actErr, "nothing was confirmed, as far as anybody can tell")
	case refusedPlainly(actErr):
		return o.undone(actErr)
	case lostReply(actErr):
		return o.fail(ErrOutcomeUnknown, actErr, do(failure.RunAgain).sure("a second confirmation does no harm"))
	case actErr != nil:
		return o.fail(nil, actErr, next{})
	}
	o.note("registration and unique id are as they were; the confirmation itself shows nowhere, the workspace's answer is all there is")
	return o.done()
}

// Deployment is what an administrator says of a workspace whose address or database has changed.
type Deployment string

// The two answers that POST fingerprint takes.
const (
	// NewWorkspace: this is a copy. The workspace forgets its registration and takes a new unique id.
	NewWorkspace Deployment = "new-workspace"
	// UpdatedConfiguration: this is the same workspace, moved. It keeps both.
	UpdatedConfiguration Deployment = "updated-configuration"
)
