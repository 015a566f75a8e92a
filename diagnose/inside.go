package diagnose

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/workspace"
)

// lookAtStatus reads the status, and by it judges credentials and permissions. It reports whether the status could be read.
func (e *examination) lookAtStatus(ctx context.Context) bool {
	limited, cancel := look(ctx)
	defer cancel()
	status, err := e.client.Status(limited)
	if failed := (*registration.Error)(nil); errors.As(err, &failed) && failed.Err != nil {
		err = failed.Err // the call itself says more than that a status failed
	}
	switch {
	case ctx.Err() != nil && err != nil, errors.Is(err, workspace.ErrUnauthorized), errors.Is(err, workspace.ErrTwoFactorRequired):
		e.failed(ctx, CheckCredentials, err)
		return false
	case errors.Is(err, registration.ErrForbidden):
		e.add(CheckCredentials, OK, "the workspace knows them", nil)
		e.failed(ctx, CheckPermissions, err)
		return false
	case err != nil:
		e.statusBroken(ctx, err)
		return false
	}
	e.status = status
	e.add(CheckCredentials, OK, "the workspace knows them", nil)
	e.lookAtPermissions(ctx, limited)
	switch status.State {
	case registration.Unregistered:
		way := failure.RegisterWithToken
		if e.client.Capabilities().Can("register by e-mail") {
			way = failure.Register
		}
		e.add(CheckStatus, Problem, "the workspace is not registered", failure.Ways(way))
	case registration.Disconnected:
		e.add(CheckStatus, Problem, "the workspace is registered as "+status.WorkspaceID+", and was disconnected", failure.Ways(failure.Reconnect))
	default:
		e.add(CheckStatus, OK, "the workspace is registered as "+status.WorkspaceID+": that is its belief, only a sync asks the Cloud", nil)
	}
	e.readOnly()
	e.deployment()
	return true
}

// warnsWithin is from how many days on servers warn of the end of a countdown themselves.
const warnsWithin = 7

// readOnly judges the countdown of a workspace without a valid license.
func (e *examination) readOnly() {
	days, counting := e.status.ReadOnly.Days()
	said := "the workspace shows: " + e.status.ReadOnly.String()
	switch {
	case e.status.ReadOnly.IsZero():
		e.add(CheckReadOnly, Skipped, "the workspace shows no countdown, which servers have from 7.0", nil)
	case !counting:
		e.add(CheckReadOnly, OK, said, nil)
	case days == 0:
		e.add(CheckReadOnly, Problem, "nobody can write: no valid license is in force, and no report to Rocket.Chat was made for ten days, or ever", failure.Ways(failure.KeepWritable))
	case days <= warnsWithin:
		e.add(CheckReadOnly, Warning, said+", because no valid license is in force and its reports do not reach Rocket.Chat", failure.Ways(failure.KeepWritable))
	default:
		e.add(CheckReadOnly, Info, said+", unless it reports to Rocket.Chat before or has a license", nil)
	}
}

// deployment tells of a workspace that waits to be told what it is.
func (e *examination) deployment() {
	switch {
	case e.status.Unconfirmed:
		e.add(CheckDeployment, Warning, "its address or its database has changed, and it waits to be told whether it is a copy or was moved", failure.Ways(failure.SayWhatItIs))
	case e.client.Capabilities().Can("confirm the deployment"):
		e.add(CheckDeployment, OK, "it does not wait to be told what it is, as far as it shows", nil)
	default:
		e.add(CheckDeployment, Skipped, "servers have no such question below 6.5", nil)
	}
}

// statusBroken stops at a status that cannot be read. What is broken may have answered before it looked at the credentials.
func (e *examination) statusBroken(ctx context.Context, err error) {
	e.failed(ctx, CheckStatus, err)
	mute := errors.Is(err, workspace.ErrInternal) || errors.Is(err, workspace.ErrRefused)
	if last := &e.found.Findings[len(e.found.Findings)-1]; mute && e.client.Capabilities().Can("disconnect") { // up to 6.4, and this trap up to 4.8
		last.Remedies = failure.Ways(failure.ReadLog, failure.GiveOwnerEmail)
	}
}

// lookAtPermissions tells an administrator from others: only administrators see the full version, from 4.3. A client that logs in only when it has to was
// a stranger before the status.
func (e *examination) lookAtPermissions(ctx, limited context.Context) {
	if !e.info.Full {
		info, err := e.workspace.Info(limited)
		switch {
		case err == nil:
			e.info, e.found.Version = info, info.Version
		case e.ended(ctx, CheckPermissions, err):
			return
		}
	}
	if e.info.Full {
		e.add(CheckPermissions, OK, "the user may read the status", nil)
		return
	}
	e.add(CheckPermissions, Info, "the user may read the status, and is no administrator: settings and licenses need one, who has no rate limit either", failure.Ways(failure.UseAdmin))
}

// lookAtSupport judges the support window, by the workspace's own list or, with consent, also by the Cloud's.
func (e *examination) lookAtSupport(ctx context.Context) {
	var support registration.Support
	var err error
	switch {
	case e.mayAskCloud:
		limited, cancel := look(ctx)
		defer cancel()
		support, err = e.client.Support(limited)
	case e.info.SupportedVersions == "":
		e.add(CheckSupport, Skipped, "the workspace has no list of supported versions", failure.Ways(failure.AllowCloud))
		return
	default:
		support, err = e.client.SupportIn(e.info) //nolint:contextcheck // it asks nothing
	}
	switch {
	case err == nil:
		e.foundSupport(support)
	case !e.ended(ctx, CheckSupport, err):
		evidence, remedies := describe(err)
		e.add(CheckSupport, Info, "the support window is not known: "+evidence, remedies)
	}
}

// clockMayDiffer is how far two clocks may be apart without a word.
const clockMayDiffer = time.Hour

func (e *examination) foundSupport(s registration.Support) {
	e.found.Support = s
	now := e.workspace.Clock().Now()
	by := fmt.Sprintf(" (by the list of the %s)", s.Source)
	if s.Issued.After(now.Add(clockMayDiffer)) {
		e.add(CheckSupport, Warning, fmt.Sprintf("the clock of this machine is wrong: it shows %s, and the list of the %s was signed on %s", now.UTC().Format(time.DateOnly), s.Source, s.Issued.Format(time.DateOnly)),
			failure.Ways(failure.SetClock))
		return
	}
	// As long as a list is not enforced, the Cloud refuses nothing.
	refused := s.Until
	if s.EnforcedSince.After(refused) {
		refused = s.EnforcedSince
	}
	day := refused.Format(time.DateOnly)
	switch {
	case s.State == registration.Supported && s.Until.Before(now.Add(expiresSoon)):
		e.add(CheckSupport, Warning, s.Version+" is supported until "+s.Until.Format(time.DateOnly)+by, failure.Way(failure.UpgradeInTime, day))
	case s.State == registration.Supported:
		e.add(CheckSupport, OK, s.Version+" is supported until "+s.Until.Format(time.DateOnly)+by, nil)
	case s.State == registration.Unsupported && s.EnforcedSince.After(now):
		e.add(CheckSupport, Warning, s.Version+" is no longer supported"+by+", which counts from "+day+" on", failure.Way(failure.UpgradeInTime, day))
	case s.State == registration.Unsupported && s.Source == "workspace":
		e.add(CheckSupport, Warning, s.Version+" is no longer supported"+by+", which may be an old one: the Cloud's counts", failure.Ways(failure.AllowCloud, failure.UpgradeInTime))
	case s.State == registration.Unsupported:
		e.add(CheckSupport, Problem, s.Version+" is no longer supported"+by+": the Cloud refuses its services", failure.Ways(failure.UpgradeInTime))
	case s.Source == "cloud":
		e.add(CheckSupport, Info, "the Cloud's list does not say whether "+s.Version+" is supported. Nothing speaks against the version, and the list grows with each release", failure.Ways(failure.Wait))
	default:
		e.add(CheckSupport, Info, "the list of the "+s.Source+" does not say whether "+s.Version+" is supported. Nothing speaks against the version, and a sync fetches a new list",
			failure.Ways(failure.SyncOrRegister))
	}
}
