package registration

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/rcreg/registration/workspace"
)

// askWorkspace asks the workspace whether it reaches the Cloud.
func (e *examination) askWorkspace(ctx context.Context) {
	switch {
	case !e.choice.askCloud:
		e.add(CheckWorkspaceCloud, SeveritySkipped, "not asked without consent: the workspace sends its registration data to the Cloud then", "allow to ask the Cloud")
		return
	case !e.client.session.can(askReachesCloud):
		e.add(CheckWorkspaceCloud, SeveritySkipped, "servers before 6.0 cannot be asked", "try a sync once it is registered: that shows it")
		return
	}
	limited, cancel := e.look(ctx)
	defer cancel()
	reaches, err := e.client.session.ReachesCloud(limited)
	switch {
	case err != nil && e.ended(ctx, CheckWorkspaceCloud, brief(err)):
	case errors.Is(err, workspace.ErrNotRocketChat):
		e.add(CheckWorkspaceCloud, SeverityProblem, "something in front of the workspace answers in its place: "+brief(err),
			"let POST /api/v1/* pass through the proxy or firewall in front of the workspace: no registration gets through before")
	case err != nil:
		evidence, next := describe(err)
		e.add(CheckWorkspaceCloud, SeverityUnknown, "the workspace could not be asked: "+evidence, next)
	case reaches:
		e.workspaceReaches = yes
		e.add(CheckWorkspaceCloud, SeverityOK, "the workspace reaches the Cloud", "")
	case e.status.Email == "":
		e.add(CheckWorkspaceCloud, SeverityWarning, "the workspace says that it is offline, which it also does when its oldest user has no e-mail address",
			"give that user an address and ask again; else let the server reach https://cloud.rocket.chat")
	default:
		e.workspaceReaches = no
		e.add(CheckWorkspaceCloud, SeverityWarning, "the workspace says that it does not reach the Cloud",
			"let the server reach https://cloud.rocket.chat, directly or over its HTTPS_PROXY; or register it over the transport relay or offline")
	}
}

// askMachine asks whether this machine reaches the Cloud.
func (e *examination) askMachine(ctx context.Context) {
	if !e.choice.askCloud {
		e.add(CheckMachineCloud, SeveritySkipped, "not asked without consent", "allow to ask the Cloud")
		return
	}
	limited, cancel := e.look(ctx)
	defer cancel()
	switch status, err := e.client.cloud.Reach(limited); {
	case err == nil && status >= http.StatusInternalServerError:
		e.machineReaches = yes
		e.add(CheckMachineCloud, SeverityInfo, fmt.Sprintf("this machine reaches %s, which does not answer well (HTTP %d)", e.client.cloud.URL(), status), "try again later")
	case err == nil:
		e.machineReaches = yes
		e.add(CheckMachineCloud, SeverityOK, "this machine reaches "+e.client.cloud.URL(), "")
	case e.ended(ctx, CheckMachineCloud, brief(err)):
	default:
		e.machineReaches = no
		e.add(CheckMachineCloud, SeverityInfo, "this machine does not reach the Cloud: "+brief(err),
			"nothing when the workspace does; to carry its registration from here, let this machine reach "+e.client.cloud.URL()+", directly or over HTTPS_PROXY")
	}
}

// askForList asks whether this machine gets the list of supported versions, which no registration needs.
func (e *examination) askForList(ctx context.Context) {
	if !e.choice.askCloud {
		e.add(CheckVersionList, SeveritySkipped, "not asked without consent", "allow to ask the Cloud")
		return
	}
	limited, cancel := e.look(ctx)
	defer cancel()
	_, err := e.client.cloud.SupportedVersions(limited, "", "")
	switch {
	case err == nil:
		e.add(CheckVersionList, SeverityOK, "this machine gets the Cloud's list of supported versions", "")
	case e.ended(ctx, CheckVersionList, brief(err)):
	default:
		e.add(CheckVersionList, SeverityInfo, "this machine does not get the Cloud's list of supported versions: "+brief(err),
			"nothing for a registration; to know until when the version is supported, let this machine reach https://releases.rocket.chat")
	}
}

// trySync syncs, where that is allowed and there is something to sync.
func (e *examination) trySync(ctx context.Context) {
	switch {
	case e.status.State != Registered:
		e.add(CheckSync, SeveritySkipped, "there is nothing to sync: the workspace is "+string(e.status.State), "")
		return
	case !e.choice.sync:
		e.add(CheckSync, SeveritySkipped, "not tried without consent: it acts", "allow a sync: only that asks the Cloud whether it knows the workspace")
		return
	}
	_, err := e.client.Sync(ctx)
	if e.client.transport.Info().ByWorkspace && (err == nil || errors.Is(err, ErrRemovedFromCloud)) {
		e.workspaceReaches = yes
	}
	if err == nil {
		e.add(CheckSync, SeverityOK, "a sync over the transport "+e.client.transport.Info().Name+" succeeds", "")
		return
	}
	switch evidence, next := describe(err); {
	case e.ended(ctx, CheckSync, evidence):
	case errors.Is(err, ErrOutcomeUnknown), errors.Is(err, ErrRateLimited):
		e.add(CheckSync, SeverityUnknown, evidence, next)
	default:
		e.add(CheckSync, SeverityProblem, evidence, next)
	}
}

// fitTransport says which transport fits what was seen.
func (e *examination) fitTransport() {
	why := "the workspace reaches the Cloud by itself"
	switch {
	case e.workspaceReaches == yes:
		e.found.Transport = "direct"
	case e.workspaceReaches == no && e.machineReaches == yes:
		e.found.Transport, why = "relay", "this machine reaches both the workspace and the Cloud, the workspace does not reach the Cloud"
	case e.workspaceReaches == no && e.machineReaches == no:
		e.found.Transport, why = "offline", "neither the workspace nor this machine reaches the Cloud"
	default:
		e.add(CheckTransport, SeveritySkipped, "what was seen does not tell which transport fits", "direct when the workspace reaches the Cloud, relay when only this machine does, offline when neither does")
		return
	}
	var next string
	if used := e.client.transport.Info().Name; used != e.found.Transport {
		next = "register it over the transport " + e.found.Transport + " in place of " + used + ": rcreg register --via " + e.found.Transport
	}
	e.add(CheckTransport, SeverityOK, e.found.Transport+": "+why, next)
}
