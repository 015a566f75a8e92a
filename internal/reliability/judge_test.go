package reliability_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/registrationtest/faults"
	"github.com/rcreg/registration/workspace"
)

// judge compares what was reported with what is true.
type judge struct {
	cell
	w             *world
	before, after truth
	result        registration.Result
	err           error
	fired         []faults.Step
	exchanged     int // tokens that were handed to the Cloud
}

// isSuccess reports whether the operation reports that what was asked for is so.
func (op operation) isSuccess(err error) bool {
	return err == nil || op.pends && errors.Is(err, registration.ErrPending)
}

// violations are the broken promises of one run.
func (j judge) violations(t *testing.T) []string {
	t.Helper()
	var wrong []string
	add := func(broken bool, format string, args ...any) {
		if broken {
			wrong = append(wrong, fmt.Sprintf(format, args...))
		}
	}
	done := j.op.done(j.before, j.after)
	success, unknown := j.op.isSuccess(j.err), errors.Is(j.err, registration.ErrOutcomeUnknown)
	add(success && (!done || j.op.never) && !j.isFooled(), "it reported success, which is not so: %+v", j.after)
	add(success && j.result.After.State != "" && j.result.After.State != j.after.state, "it reported the state %s, and it is %s", j.result.After.State, j.after.state)
	add(!success && !unknown && done && !j.wasSo() && !j.isSyncFailed() && !j.isMessageLost() && !isFronted(j.op.name, j.err, j.fired), "it reported a failure, which is not so: %v", j.err)
	add(unknown && !j.mayBeUnknown(), "it does not know the outcome, which could be read: %v", j.err)
	add(j.after.spent > max(1, j.before.spent), "%d tokens were spent", j.after.spent)
	add(j.before.state == registration.Registered && (j.after.spent > j.before.spent || j.exchanged > 0), "a token was spent for a registered workspace")
	add(j.exchanged > 1, "a token was handed to the Cloud %d times", j.exchanged)
	add(j.transport == relay && j.isGrantLost(t), "the Cloud gave a grant, and it is lost")
	add(j.w.faults.Followed() > 0, "it followed a redirect to another host")
	return append(wrong, j.w.used(t, j.after.uniqueID).leaks(j.w.outputs(t, j.result, j.err))...)
}

// wasSo reports whether what was asked for was so before, also because it is only read. Then a failure says that it could not be read, and no more than that.
func (j judge) wasSo() bool {
	return j.op.done(j.before, j.before) && !errors.Is(j.err, registration.ErrRejected) && !errors.Is(j.err, registration.ErrNotRegistered)
}

// isSyncFailed reports whether the report is that the workspace is as it should be, and its sync with the Cloud failed; and whether that is so. A sync of
// which one exchange failed has failed, whatever the Cloud has seen.
func (j judge) isSyncFailed() bool {
	unsent := func(s faults.Step) bool {
		return !s.CarriedOut && strings.Contains(strings.ToLower(string(s.Call)), "sync")
	}
	return errors.Is(j.err, registration.ErrSyncFailed) && (j.after.syncs == j.before.syncs || j.isInside() || slices.ContainsFunc(j.fired, unsent))
}

// isFooled reports whether the workspace itself took another answer for that of the Cloud, and synced with nobody. Nothing that it shows tells.
func (j judge) isFooled() bool {
	return j.op.name == "sync" && slices.ContainsFunc(j.fired, func(s faults.Step) bool {
		isSync := s.Call == faults.CallClient || s.Call == faults.CallSync
		return s.By == faults.Workspace && isSync && !s.CarriedOut
	})
}

// isFronted reports whether the report is that something in front answered a sync, the request for a message or the confirmation of a move in the place of the
// workspace; and whether that is so. No status reports whether it was carried out all the same.
func isFronted(op string, err error, fired []faults.Step) bool {
	said := errors.Is(err, workspace.ErrNotRocketChat) || errors.Is(err, workspace.ErrUnauthorized) || errors.Is(err, registration.ErrForbidden) || errors.Is(err, registration.ErrSyncFailed)
	return said && slices.ContainsFunc(fired, func(s faults.Step) bool {
		call := strings.ToLower(string(s.Call))
		return s.Side == faults.Workspace && isGateway(s.Fault) && (strings.Contains(call, "sync") || strings.Contains(call, "intent") || call == "fingerprint" && op == "confirm as moved")
	})
}

// isGateway reports whether a fault is a status 4xx of something in front.
func isGateway(kind faults.Kind) bool {
	return slices.Contains([]faults.Kind{
		faults.Page400, faults.Page403, faults.Page404, faults.Page408, faults.Page413,
		faults.Page499, faults.Text403, faults.Empty403, faults.Foreign403, faults.Foreign404, faults.Alike401, faults.Alike403,
	}, kind)
}

// isMessageLost reports whether the workspace says that the Cloud refused to send a message, when it was the reply that got lost between them.
func (j judge) isMessageLost() bool {
	return j.isInside() && j.op.pends && errors.Is(j.err, registration.ErrRejected)
}

// isInside reports whether what failed was between the workspace and the Cloud.
func (j judge) isInside() bool {
	return slices.ContainsFunc(j.fired, func(s faults.Step) bool { return s.By == faults.Workspace })
}

// mayBeUnknown reports whether what would have told the outcome was hit itself: a status, the socket to ask for one, a license. Or nothing tells it: what
// became of a token at the Cloud, and whether a message was sent.
func (j judge) mayBeUnknown() bool {
	return j.isStillAtIt() || slices.ContainsFunc(j.fired, func(s faults.Step) bool {
		call := strings.ToLower(string(s.Call))
		return strings.Contains(call, "status") || strings.Contains(call, "licenses.") || strings.Contains(call, "intent") || s.Call == faults.CallSocket ||
			call == "login" || s.By == "" && s.Call == faults.CallClients
	})
}

// isStillAtIt reports whether the act itself had no answer of the workspace, so that the server may go on with it, and the status does not show it, or only some
// time later. Servers before 6.4 go on without a time limit, and for the removal of a license none is known; later ones may take back what comes late (B3).
func (j judge) isStillAtIt() bool {
	isLate := j.fault.Later > 0 || j.lag > 2*time.Second
	return slices.ContainsFunc(j.fired, func(s faults.Step) bool {
		isAct := s.Side == faults.Workspace && s.By == "" && (s.Frame || s.Method == http.MethodPost || s.Call == "cloud.confirmationPoll")
		isEndless := before(j.version, "6.4") || s.Call == "cloud.removeLicense"
		return isAct && (isLate || isEndless && !j.op.done(j.before, j.after))
	})
}

// isReplyLost reports whether the Cloud gave a grant in a reply that never came. Nobody can have that grant.
func (j judge) isReplyLost() bool {
	return slices.ContainsFunc(j.fired, func(s faults.Step) bool {
		return s.Side == faults.Cloud && (s.Call == faults.CallClients || s.Call == faults.CallPoll)
	})
}

func (j judge) isGrantLost(t *testing.T) bool {
	t.Helper()
	return j.after.given > j.before.given && j.after.state != registration.Registered && !j.isReplyLost() && !j.w.isGrantKept(t, j.after.uniqueID)
}
