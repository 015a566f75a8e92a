package diagnose

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/workspace"
)

// The transports that a diagnosis recommends, by the names of package registration, relay and offline.
const (
	direct  = "direct"
	relay   = "relay"
	offline = "offline"
)

// askWorkspace asks the workspace whether it reaches the Cloud.
func (e *examination) askWorkspace(ctx context.Context) {
	switch {
	case !e.mayAskCloud:
		e.add(CheckWorkspaceCloud, Skipped, "not asked without consent: the workspace sends its registration data to the Cloud then", failure.Ways(failure.AllowCloud))
		return
	case !e.client.Capabilities().Can("ask whether the workspace reaches the Cloud"):
		e.add(CheckWorkspaceCloud, Skipped, "servers before 6.0 cannot be asked: a sync shows it, once the workspace is registered", nil)
		return
	}
	if e.forbidden {
		e.workspaceReaches = no
		e.add(CheckWorkspaceCloud, Warning, "the license in force forbids the workspace to ask the Cloud", failure.Ways(failure.OtherLicense))
		return
	}
	limited, cancel := look(ctx)
	defer cancel()
	reaches, err := e.client.Session().ReachesCloud(limited)
	switch {
	case err != nil && e.ended(ctx, CheckWorkspaceCloud, err):
	case errors.Is(err, workspace.ErrNotRocketChat):
		evidence, _ := describe(err)
		e.add(CheckWorkspaceCloud, Problem, "something in front of the workspace answers in its place: "+evidence, failure.Way(failure.LetPass, "POST /api/v1/*"))
	case err != nil:
		evidence, remedies := describe(err)
		e.add(CheckWorkspaceCloud, Unknown, "the workspace could not be asked: "+evidence, remedies)
	case reaches:
		e.workspaceReaches = yes
		e.add(CheckWorkspaceCloud, OK, "the workspace reaches the Cloud", nil)
	case e.status.Email == "":
		e.add(CheckWorkspaceCloud, Warning, "the workspace says that it is offline, which it also does when its oldest user has no e-mail address",
			failure.Ways(failure.ServerReachCloud, failure.GiveOwnerEmail))
	default:
		e.workspaceReaches = no
		e.add(CheckWorkspaceCloud, Warning, "the workspace says that it does not reach the Cloud", failure.Ways(failure.ServerReachCloud))
	}
}

// askMachine asks whether this machine reaches the Cloud.
func (e *examination) askMachine(ctx context.Context) {
	if !e.mayAskCloud {
		e.add(CheckMachineCloud, Skipped, "not asked without consent", failure.Ways(failure.AllowCloud))
		return
	}
	limited, cancel := look(ctx)
	defer cancel()
	switch status, err := e.cloud.Reach(limited); {
	case err == nil && status >= http.StatusInternalServerError:
		e.machineReaches = yes
		e.add(CheckMachineCloud, Info, fmt.Sprintf("this machine reaches %s, which does not answer well (HTTP %d)", e.cloud.URL(), status), failure.Ways(failure.Wait))
	case err == nil:
		e.machineReaches = yes
		e.add(CheckMachineCloud, OK, "this machine reaches "+e.cloud.URL(), nil)
	case e.ended(ctx, CheckMachineCloud, err):
	default:
		e.machineReaches = no
		e.add(CheckMachineCloud, Info, "this machine does not reach the Cloud, which only a relay needs: "+err.Error(), failure.Way(failure.ReachCloud, e.cloud.URL()))
	}
}

// askForList asks whether this machine gets the list of supported versions, which no registration needs.
func (e *examination) askForList(ctx context.Context) {
	if !e.mayAskCloud {
		e.add(CheckVersionList, Skipped, "not asked without consent", failure.Ways(failure.AllowCloud))
		return
	}
	limited, cancel := look(ctx)
	defer cancel()
	_, err := e.cloud.SupportedVersions(limited, "", "")
	switch {
	case err == nil:
		e.add(CheckVersionList, OK, "this machine gets the Cloud's list of supported versions", nil)
	case e.ended(ctx, CheckVersionList, err):
	default:
		e.add(CheckVersionList, Info, "this machine does not get the Cloud's list of supported versions, which no registration needs: "+err.Error(),
			failure.Way(failure.ReachCloud, cloud.DefaultReleasesURL))
	}
}

// trySync syncs, where that is allowed and there is something to sync.
func (e *examination) trySync(ctx context.Context) {
	switch {
	case e.status.State != registration.Registered:
		e.add(CheckSync, Skipped, "there is nothing to sync: the workspace is "+string(e.status.State), nil)
		return
	case !e.maySync:
		e.add(CheckSync, Skipped, "not tried without consent: it acts", failure.Ways(failure.AllowSync))
		return
	}
	_, err := e.client.Sync(ctx)
	if e.client.Transport().ByWorkspace && (err == nil || errors.Is(err, registration.ErrRemovedFromCloud)) {
		e.workspaceReaches = yes
	}
	if err == nil {
		e.add(CheckSync, OK, "a sync over the transport "+e.client.Transport().Name+" succeeds", nil)
		return
	}
	switch evidence, remedies := describe(err); {
	case e.ended(ctx, CheckSync, err):
	case errors.Is(err, registration.ErrOutcomeUnknown), errors.Is(err, registration.ErrRateLimited):
		e.add(CheckSync, Unknown, evidence, remedies)
	default:
		e.add(CheckSync, Problem, evidence, remedies)
	}
}

// fitTransport says which transport fits what was seen.
func (e *examination) fitTransport() {
	why := "the workspace reaches the Cloud by itself"
	switch {
	case e.workspaceReaches == yes:
		e.found.Transport = direct
	case e.workspaceReaches == no && e.machineReaches == yes:
		e.found.Transport, why = relay, "this machine reaches both the workspace and the Cloud, the workspace does not reach the Cloud"
	case e.workspaceReaches == no && e.machineReaches == no:
		e.found.Transport, why = offline, "neither the workspace nor this machine reaches the Cloud"
	default:
		e.add(CheckTransport, Skipped, "what was seen does not tell which transport fits: direct when the workspace reaches the Cloud, relay when only this machine does, offline when neither does", nil)
		return
	}
	e.add(CheckTransport, OK, e.found.Transport+": "+why, nil)
	if e.status.State == registration.Unregistered && e.found.Transport != direct {
		e.register(failure.Remedy{Act: failure.RegisterOver, With: e.found.Transport})
	}
}

// register says how an unregistered workspace is registered where the direct way does not lead to the Cloud.
func (e *examination) register(ways ...failure.Remedy) {
	at := slices.IndexFunc(e.found.Findings, func(f Finding) bool { return f.ID == CheckStatus })
	e.found.Findings[at].Remedies = ways
}
