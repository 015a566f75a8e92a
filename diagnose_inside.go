package registration

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rcreg/registration/internal/advice"
	"github.com/rcreg/registration/workspace"
)

// lookAtStatus reads the status, and by it judges credentials and permissions. It reports whether the status could be read.
func (e *examination) lookAtStatus(ctx context.Context) bool {
	limited, cancel := e.look(ctx)
	defer cancel()
	status, err := e.client.session.Status(limited)
	kind := kindOf(err)
	switch {
	case ctx.Err() != nil && err != nil:
		e.failed(ctx, CheckCredentials, err)
		return false
	case errors.Is(kind, ErrUnauthorized), errors.Is(kind, ErrTwoFactorRequired):
		e.failed(ctx, CheckCredentials, err)
		return false
	case errors.Is(kind, ErrForbidden):
		e.add(CheckCredentials, SeverityOK, "the workspace knows them", "")
		e.failed(ctx, CheckPermissions, err)
		return false
	case err != nil:
		// What is broken may have answered before it looked at the credentials.
		e.broken = CheckStatus
		e.statusBroken(ctx, err)
		return false
	}
	e.status = status
	e.add(CheckCredentials, SeverityOK, "the workspace knows them", "")
	e.lookAtPermissions(ctx, limited)
	switch status.State {
	case Unregistered:
		e.add(CheckStatus, SeverityWarning, "the workspace is unregistered", "register it, with a token from the Cloud console, or by e-mail from 4.4")
	case Disconnected:
		e.add(CheckStatus, SeverityWarning, "the workspace is registered as "+status.WorkspaceID+", and was disconnected", "reconnect it: that needs no token")
	default:
		e.add(CheckStatus, SeverityOK, "the workspace is registered as "+status.WorkspaceID+": that is its belief, only a sync asks the Cloud", "")
	}
	return true
}

func (e *examination) statusBroken(ctx context.Context, err error) {
	e.failed(ctx, CheckStatus, err)
	mute := errors.Is(err, workspace.ErrInternal) || errors.Is(err, workspace.ErrRefused)
	if last := &e.found.Findings[len(e.found.Findings)-1]; mute && e.client.session.can(askDisconnect) {
		last.Next = "read the server's log. Up to 4.8 an oldest user without any e-mail address breaks the status: give that user one"
	}
}

// lookAtPermissions tells an administrator from others: only administrators see the full version, from 4.3. A client that logs in only when it has to was
// a stranger before the status.
func (e *examination) lookAtPermissions(ctx, limited context.Context) {
	if !e.info.Full {
		info, err := e.client.workspace.Info(e.client.reading(limited))
		switch {
		case err == nil:
			e.info = info
			e.client.version, e.found.Version = info.Version, info.Version
		case e.ended(ctx, CheckPermissions, brief(err)):
			return
		}
	}
	if e.info.Full {
		e.add(CheckPermissions, SeverityOK, "the user may read the status", "")
		return
	}
	e.add(CheckPermissions, SeverityInfo, "the user may read the status, and is no administrator", "use an administrator for settings, licenses, and without a rate limit")
}

// lookAtSupport judges the support window, by the workspace's own list or, with consent, also by the Cloud's.
func (e *examination) lookAtSupport(ctx context.Context) {
	var support Support
	var err error
	switch {
	case e.choice.askCloud:
		limited, cancel := e.look(ctx)
		defer cancel()
		support, err = e.client.Support(limited)
	case e.info.SupportedVersions == "":
		e.add(CheckSupport, SeveritySkipped, "the workspace has no list of supported versions", "allow to ask the Cloud for it")
		return
	default:
		support, err = e.client.judge(e.info.SupportedVersions, "workspace", e.info.Version, e.status.UniqueID)
	}
	if err != nil {
		evidence, next := describe(err)
		if failure := (*Error)(nil); !errors.As(err, &failure) {
			next = advice.InGo(waysOnList(err))
		}
		if e.ended(ctx, CheckSupport, evidence) {
			return
		}
		e.add(CheckSupport, SeverityInfo, "the support window is not known: "+evidence, next)
		return
	}
	e.foundSupport(support)
}

// clockMayDiffer is how far two clocks may be apart without a word.
const clockMayDiffer = time.Hour

func (e *examination) foundSupport(s Support) {
	now := e.client.workspace.Clock().Now()
	said := fmt.Sprintf(" (by the list of the %s)", s.Source)
	if s.Issued.After(now.Add(clockMayDiffer)) {
		e.add(CheckSupport, SeverityWarning, fmt.Sprintf("the clock of this machine is wrong: it shows %s, and the list of the %s was signed on %s", now.UTC().Format(time.DateOnly), s.Source, s.Issued.Format(time.DateOnly)),
			"set the clock of this machine, then run it again")
		return
	}
	// As long as a list is not enforced, the Cloud refuses nothing.
	refused := s.Until
	if s.EnforcedSince.After(refused) {
		refused = s.EnforcedSince
	}
	day := refused.Format(time.DateOnly)
	switch {
	case s.State == Supported && s.Until.Before(now.Add(expiresSoon)):
		e.add(CheckSupport, SeverityWarning, s.Version+" is supported until "+s.Until.Format(time.DateOnly)+said, "upgrade the server before "+day+": the Cloud then refuses its services")
	case s.State == Supported:
		e.add(CheckSupport, SeverityOK, s.Version+" is supported until "+s.Until.Format(time.DateOnly)+said, "")
	case s.State == Unsupported && s.EnforcedSince.After(now):
		e.add(CheckSupport, SeverityWarning, s.Version+" is no longer supported"+said+", which counts from "+day+" on", "upgrade the server before "+day+": from then on the Cloud ends its services")
	case s.State == Unsupported && s.Source == "workspace":
		e.add(CheckSupport, SeverityWarning, s.Version+" is no longer supported"+said+", which may be an old one", "compare with the Cloud's list (allow to ask it, from a machine that reaches it), and upgrade the server if that says the same")
	case s.State == Unsupported:
		e.add(CheckSupport, SeverityProblem, s.Version+" is no longer supported"+said+": the Cloud refuses its services", "upgrade the server")
	case s.Source == "cloud":
		e.add(CheckSupport, SeverityInfo, "the Cloud's list does not say whether "+s.Version+" is supported", "look again later: the list grows with each release. Nothing speaks against the version")
	default:
		e.add(CheckSupport, SeverityInfo, "the list of the "+s.Source+" does not say whether "+s.Version+" is supported", "sync the workspace, once it is registered: it then fetches a new list. Until then nothing speaks against the version")
	}
}
