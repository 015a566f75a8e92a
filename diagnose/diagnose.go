// Package diagnose looks at a workspace from the outside in, and says why it does not work and what to do: address, TLS, version, credentials, permissions, support
// window, status, license, and with consent who reaches the Cloud and what a sync does.
//
//	report := diagnose.Run(ctx, ws, diagnose.AskCloud(nil))
//	for _, finding := range report.Findings {
//		fmt.Println(finding.Severity, finding.ID, finding.Evidence, finding.Advice())
//	}
//
// It uses nothing of the packages beside it that a program of your own cannot use.
package diagnose

import (
	"context"
	"errors"
	"slices"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/advice"
	"github.com/rcreg/registration/workspace"
)

// Severity says how much a finding matters.
type Severity string

// The severities, and the mark of what was not looked at.
const (
	// Skipped: it was not looked at, because something before it failed, or without consent. It says nothing about the workspace.
	Skipped Severity = "skipped"
	// OK: it is as it should be.
	OK Severity = "ok"
	// Info: something to know; nothing is wrong.
	Info Severity = "info"
	// Warning: it works, and something is missing or about to fail.
	Warning Severity = "warning"
	// Unknown: it could not be seen, because time ran out, the diagnosis was interrupted, or the one who was asked did not say. It may be well or not.
	Unknown Severity = "unknown"
	// Problem: this is why it does not work.
	Problem Severity = "problem"
)

// Check is one thing that a diagnosis looks at. Its text is stable.
type Check string

// The checks, from the outside in.
const (
	CheckOptions        Check = "options" // found only when what the caller gave makes no sense
	CheckAddress        Check = "address"
	CheckTLS            Check = "tls"
	CheckRocketChat     Check = "rocket-chat"
	CheckVersion        Check = "version"
	CheckPost           Check = "post" // whether what is in front of the workspace lets a POST pass
	CheckCredentials    Check = "credentials"
	CheckPermissions    Check = "permissions"
	CheckSupport        Check = "support"
	CheckStatus         Check = "status"
	CheckSetup          Check = "setup"      // where the setup wizard stands
	CheckLicense        Check = "license"    // from 3.10
	CheckReadOnly       Check = "read-only"  // without a valid license, from 7.0
	CheckDeployment     Check = "deployment" // of a copied or moved workspace, from 6.5
	CheckWorkspaceCloud Check = "workspace-reaches-cloud"
	CheckMachineCloud   Check = "machine-reaches-cloud"
	CheckVersionList    Check = "machine-reaches-list" // of supported versions, which another host has
	CheckSync           Check = "sync"
	CheckTransport      Check = "transport"
)

func checks() []Check {
	return []Check{
		CheckOptions, CheckAddress, CheckTLS, CheckRocketChat, CheckVersion, CheckPost, CheckCredentials, CheckPermissions, CheckSupport, CheckStatus, CheckSetup, CheckLicense, CheckReadOnly, CheckDeployment, CheckWorkspaceCloud,
		CheckMachineCloud, CheckVersionList, CheckSync, CheckTransport,
	}
}

// Finding is what was found about one check. It holds no secret.
type Finding struct {
	ID       Check    `json:"id"`
	Severity Severity `json:"severity"`
	// Evidence is what was seen.
	Evidence string `json:"evidence"`
	// Remedies are the ways out, the likeliest first; empty when there is nothing to do. Advice says them in words.
	Remedies []failure.Remedy `json:"remedies,omitempty"`
}

// Advice says what a program does next; empty when there is nothing to do. A command line says it with its flags.
func (f Finding) Advice() string { return advice.InGo(f.Remedies) }

// Report is what was found, from the outside in.
type Report struct {
	Workspace string `json:"workspace"`
	// Version is empty when it could not be read.
	Version  string    `json:"version,omitempty"`
	Findings []Finding `json:"findings"`
	// Support is the support window of the version, where a list of it could be verified.
	Support registration.Support `json:"support,omitzero"`
	// Transport is the one that fits: "direct", "relay" or "offline"; empty when what was seen does not tell.
	Transport string `json:"transport,omitempty"`
	// Calls are the calls made to the workspace, in their order.
	Calls []workspace.Call `json:"calls"`
}

// Worst returns the highest severity among the findings, at least [OK]: a check that was skipped counts as nothing, and [Unknown] as more than a warning.
func (r Report) Worst() Severity {
	order := []Severity{OK, Info, Warning, Unknown, Problem}
	worst := 0
	for _, finding := range r.Findings {
		worst = max(worst, slices.Index(order, finding.Severity))
	}
	return order[worst]
}

// Finding returns what was found about a check; ok is false when the report has nothing about it.
func (r Report) Finding(id Check) (finding Finding, ok bool) {
	at := slices.IndexFunc(r.Findings, func(f Finding) bool { return f.ID == id })
	if at < 0 {
		return Finding{}, false
	}
	return r.Findings[at], true
}

// Option allows a diagnosis more than to read from the workspace, or says how it asks.
type Option func(*examination)

// TrySync allows one sync of a registered workspace. It acts: a workspace that the Cloud has dropped forgets its registration then.
func TrySync() Option { return func(e *examination) { e.maySync = true } }

// AskCloud allows to ask whether the workspace reaches the Cloud (from 6.0; the workspace sends its registration data there), and whether this machine does: client
// asks the Cloud for its front page, and the host of the list of supported versions for that. A nil client asks Rocket.Chat Cloud itself.
func AskCloud(client *cloud.Client) Option {
	return func(e *examination) { e.mayAskCloud, e.cloud = true, client }
}

// ClientOptions gives the options that [registration.New] would be given. The client of [AskCloud] replaces that of [registration.WithCloud].
func ClientOptions(options ...registration.Option) Option {
	return func(e *examination) { e.options = append(e.options, options...) }
}

// Run looks at a workspace from the outside in. Unlike [registration.New] it also takes a workspace that does not answer, or is too old. It changes nothing, unless
// [TrySync] or [AskCloud] allow more: it reads, and sends one POST that every version refuses, which shows whether a POST comes through. It never fails: what cannot
// be seen is a finding, and what comes behind it is [Skipped]. Each look ends after 20 s.
func Run(ctx context.Context, ws *workspace.Client, options ...Option) Report {
	e := &examination{workspace: ws, found: Report{Calls: []workspace.Call{}}}
	for _, option := range options {
		if option != nil {
			option(e)
		}
	}
	if ws != nil {
		e.found.Workspace = ws.Address()
	}
	err := e.prepare(ctx)
	switch {
	case errors.Is(err, failure.Hosted):
		e.broken = CheckAddress
		e.add(CheckAddress, Info, "this workspace is hosted by Rocket.Chat, and was not asked", failure.Ways(failure.AskHost))
	case err != nil:
		evidence, remedies := describe(err)
		e.stop(CheckOptions, evidence, remedies)
	default:
		ctx, calls := workspace.Record(ctx)
		e.run(ctx)
		e.found.Calls = calls.List()
	}
	return e.close()
}
