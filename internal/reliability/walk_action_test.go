package reliability_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/offline"
	"github.com/rcreg/registration/registrationtest"
)

// action is an operation on a walk, with what the model says of it.
type action struct {
	name string
	run  func(ctx context.Context, t *testing.T, w *world) (registration.Result, error)
	// done tells by the truth whether what a success claims is so; waits whether that it waits for confirmation is.
	done, waits func(before, after truth) bool
	// ends are the kinds of errors with which it may end when nothing fails, nil among them for success; nil for no prediction.
	ends func(f facts) []error
	// becomes are the states that it may lead to, whatever fails. Without it the state stays.
	becomes func(f facts) []registration.State
	// ofState: done looks at nothing but the state.
	ofState bool
	// skips tells that it makes no sense here.
	skips func(f facts) bool
}

// takesToken reports whether it is given a registration token.
func (d action) takesToken() bool {
	return d.name == "register" || d.name == "register without consent"
}

// GoString is how a action shows among the draws of a walk.
func (d action) GoString() string { return d.name }

// ended is a short way to say how an operation ends.
func ended(kinds ...error) []error { return kinds }

// actions are all operations of a walk. The first is the simplest: a walk that fails shrinks towards it.
func actions(transport string) []action {
	all := []action{
		{name: "status", run: readStatus, done: always, ends: func(facts) []error { return ended(nil) }},
		{name: "register", run: registerByToken, done: isRegistered, ofState: true, ends: endsOfRegister, becomes: byRegistering},
		{name: "sync", run: syncs, done: isSynced, ends: endsOfSync, becomes: bySyncing},
		{name: "resume", run: resume, done: isRegistered, waits: isUnchanged, ofState: true, ends: endsOfResume, becomes: byRegistering, skips: func(f facts) bool { return f.ticket.UniqueID == "" }},
		{name: "disconnect", run: disconnectOnly, done: isDisconnected, ofState: true, ends: endsOfDisconnect(false), becomes: byDisconnecting},
		{name: "disconnect or forget", run: disconnect, done: isDisconnected, ofState: true, ends: endsOfDisconnect(true), becomes: byDisconnecting},
		{name: "reconnect", run: reconnect, done: isRegistered, ofState: true, ends: endsOfReconnect, becomes: byReconnecting},
		{name: "confirm as moved", run: confirmMoved, done: func(_, after truth) bool { return after.verified }, ends: since65, skips: isBefore65},
		{name: "confirm as new", run: confirmNew, done: isForgotten, ends: since65, becomes: byForgetting, skips: isBefore65},
		{name: "apply a license", run: applyLicense, done: func(_, after truth) bool { return after.license == registration.LicenseInForce }, ends: endsOfApply},
		{name: "remove the license", run: removeLicense, done: func(_, after truth) bool { return after.license == registration.NoLicense }, ends: endsOfRemove, becomes: bySyncing, skips: isBefore65},
	}
	byEmail := action{name: "register by e-mail", run: registerByEmail, done: isRegistered, waits: isMessageSent, ofState: true, ends: endsOfEmail, becomes: byRegistering}
	switch transport {
	case direct:
		return append(all, byEmail)
	case relay:
		all[2].done, all[2].becomes = isLicensed, nil
		return append(all, byEmail, action{name: "register without consent", run: registerWithoutConsent, done: isRegistered, ofState: true, ends: endsWithoutConsent, becomes: byRegistering})
	}
	all[1].run, all[1].waits = registerAcross, isRequested
	all[2].done, all[2].waits, all[2].becomes = isLicensed, isRequested, nil
	all[3].done = always // a ticket may be of a license, and used before
	return all
}

func disconnectOnly(ctx context.Context, _ *testing.T, w *world) (registration.Result, error) {
	return w.client.Disconnect(ctx)
}

// isBefore65 skips what the server cannot be asked, mostly: a program may know an older version.
func isBefore65(f facts) bool { return before(f.version, "6.5") }

func isUnchanged(before, after truth) bool { return before.state == after.state }

func isDisconnected(_, after truth) bool { return after.state != registration.Registered }

func endsOfRegister(f facts) []error {
	switch {
	case f.state == registration.Registered:
		return ended(nil)
	case f.state == registration.Disconnected:
		return ended(registration.ErrAlreadyRegistered)
	case f.transport == gap && f.answered[offline.Registration]:
		return endsOfHandOver(f)
	case f.transport == gap:
		return ended(registration.ErrPending)
	case f.kept.is && f.kept.known, !f.burnt:
		return ended(nil)
	}
	return ended(registration.ErrRejected)
}

// endsWithoutConsent is endsOfRegister where the license in force may be the better one: then what the Cloud gave waits for a run with consent.
func endsWithoutConsent(f facts) []error {
	ends := endsOfRegister(f)
	if slices.Contains(ends, nil) && f.state != registration.Registered {
		ends = append(ends, failure.LicenseWorse)
	}
	return ends
}

// endsOfHandOver is how it ends with a grant that the Cloud may have dropped meanwhile, which shows nowhere before.
func endsOfHandOver(f facts) []error {
	if f.removed {
		return nil
	}
	return ended(nil)
}

func endsOfEmail(f facts) []error {
	switch {
	case f.transport == direct && before(f.version, "4.4"):
		return ended(registration.ErrUnsupported)
	case f.state == registration.Registered, f.state == registration.Unregistered && f.kept.is && f.kept.known:
		return ended(nil)
	case f.state == registration.Disconnected:
		return ended(registration.ErrAlreadyRegistered)
	}
	return ended(registration.ErrPending)
}

func endsOfResume(f facts) []error {
	switch {
	case f.ticket.UniqueID != f.uniqueID:
		return ended(registration.ErrInvalidInput)
	case f.transport == gap:
		return nil
	case f.state == registration.Registered:
		return ended(nil)
	case f.state == registration.Disconnected:
		return ended(registration.ErrAlreadyRegistered)
	case !f.now:
		return ended(registration.ErrExpired)
	case f.kept.is && f.kept.known:
		return ended(nil)
	}
	switch f.device {
	case registrationtest.DevicePending:
		return ended(registration.ErrPending)
	case registrationtest.DeviceConfirmed:
		return endsOfHandOver(f)
	}
	return ended(registration.ErrRejected)
}

func endsOfSync(f facts) []error {
	switch {
	case f.state != registration.Registered:
		return ended(registration.ErrNotRegistered)
	case f.transport == direct && f.known:
		return ended(nil)
	case f.transport == direct:
		return ended(registration.ErrRemovedFromCloud, registration.ErrSyncFailed)
	case before(f.version, "3.10"):
		return ended(registration.ErrUnsupported)
	case f.transport == gap && f.answered[offline.License]:
		return ended(nil)
	case f.transport == gap:
		return ended(registration.ErrPending)
	case f.stored.of == f.workspaceID && f.stored.is || f.kept.is && f.kept.of == f.workspaceID:
		if f.known {
			return ended(nil)
		}
		return ended(registration.ErrRemovedFromCloud)
	}
	return ended(registration.ErrUnsupported)
}

func endsOfDisconnect(forget bool) func(f facts) []error {
	return func(f facts) []error {
		switch {
		case !before(f.version, "6.5") && !forget:
			return ended(registration.ErrUnsupported)
		case before(f.version, "6.5") && f.state == registration.Unregistered:
			return ended(registration.ErrNotRegistered)
		}
		return ended(nil)
	}
}

func endsOfReconnect(f facts) []error {
	switch {
	case !before(f.version, "6.5"):
		return ended(registration.ErrUnsupported)
	case f.state == registration.Registered:
		return ended(nil)
	case f.state == registration.Unregistered:
		return ended(registration.ErrNotRegistered)
	case f.known:
		return ended(nil)
	case f.transport == direct:
		return ended(registration.ErrRemovedFromCloud, registration.ErrSyncFailed)
	}
	return nil // whether the workspace syncs by itself depends on its version
}

func since65(f facts) []error {
	if before(f.version, "6.5") {
		return ended(registration.ErrUnsupported)
	}
	return ended(nil)
}

func endsOfApply(f facts) []error {
	if before(f.version, "3.10") {
		return ended(registration.ErrUnsupported)
	}
	return ended(nil)
}

func endsOfRemove(f facts) []error {
	switch {
	case before(f.version, "6.5"):
		return ended(registration.ErrUnsupported)
	case f.license == registration.NoLicense:
		return ended(nil)
	case f.state == registration.Registered && !f.known:
		return ended(registration.ErrRemovedFromCloud, nil)
	}
	return nil // the Cloud may hand it out again in the sync that comes with it
}

// endsAsPredicted reports whether an error is of one of the kinds.
func endsAsPredicted(err error, kinds []error) bool {
	return kinds == nil || slices.ContainsFunc(kinds, func(kind error) bool {
		if kind == nil {
			return err == nil
		}
		return errors.Is(err, kind)
	})
}

func byRegistering(f facts) []registration.State {
	if f.state == registration.Unregistered {
		return []registration.State{registration.Registered}
	}
	return nil
}

// bySyncing: a workspace that the Cloud has dropped forgets its registration when it syncs.
func bySyncing(f facts) []registration.State {
	if f.state == registration.Registered && !f.known {
		return []registration.State{registration.Unregistered}
	}
	return nil
}

func byDisconnecting(f facts) []registration.State {
	switch {
	case f.state != registration.Registered:
		return nil
	case !before(f.version, "6.5"):
		return []registration.State{registration.Unregistered}
	case f.known:
		return []registration.State{registration.Disconnected}
	}
	return []registration.State{registration.Disconnected, registration.Unregistered}
}

func byReconnecting(f facts) []registration.State {
	switch {
	case f.state != registration.Disconnected:
		return nil
	case f.known:
		return []registration.State{registration.Registered}
	}
	return []registration.State{registration.Registered, registration.Unregistered}
}

func byForgetting(f facts) []registration.State {
	if before(f.version, "6.5") {
		return nil
	}
	return []registration.State{registration.Unregistered}
}

// mayEnd reports whether the model has a way for the actions, in any order, from the facts to a state.
func mayEnd(f facts, state registration.State, all ...action) bool {
	if f.state == state {
		return true
	}
	for i, d := range all {
		if d.becomes == nil {
			continue
		}
		rest := slices.Delete(slices.Clone(all), i, i+1)
		for _, next := range d.becomes(f) {
			then := f
			then.state = next
			// What registers anew is known to the Cloud.
			then.known = f.known || next == registration.Registered && f.state == registration.Unregistered
			if mayEnd(then, state, rest...) {
				return true
			}
		}
	}
	return false
}
