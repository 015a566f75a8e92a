package registration

import (
	"context"
	"slices"

	"github.com/rcreg/registration/workspace"
)

// Severity says how much a finding matters.
type Severity string

// The severities, and the mark of what was not looked at.
const (
	// SeveritySkipped: it was not looked at, because something before it failed, or without consent. It says nothing about the workspace.
	SeveritySkipped Severity = "skipped"
	// SeverityOK: it is as it should be.
	SeverityOK Severity = "ok"
	// SeverityInfo: something to know; nothing is wrong.
	SeverityInfo Severity = "info"
	// SeverityWarning: it works, and something is missing or about to fail.
	SeverityWarning Severity = "warning"
	// SeverityUnknown: it could not be seen, because time ran out, the diagnosis was interrupted, or whoever was asked did not say. It may be well or not.
	SeverityUnknown Severity = "unknown"
	// SeverityProblem: this is why it does not work.
	SeverityProblem Severity = "problem"
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
	CheckCredentials    Check = "credentials"
	CheckPermissions    Check = "permissions"
	CheckSupport        Check = "support"
	CheckStatus         Check = "status"
	CheckWorkspaceCloud Check = "workspace-reaches-cloud"
	CheckMachineCloud   Check = "machine-reaches-cloud"
	CheckVersionList    Check = "machine-reaches-list" // of supported versions, which another host has
	CheckSync           Check = "sync"
	CheckTransport      Check = "transport"
)

func checks() []Check {
	return []Check{
		CheckOptions, CheckAddress, CheckTLS, CheckRocketChat, CheckVersion, CheckCredentials, CheckPermissions, CheckSupport, CheckStatus, CheckWorkspaceCloud,
		CheckMachineCloud, CheckVersionList, CheckSync, CheckTransport,
	}
}

// Finding is what a diagnosis found about one check. It holds no secret.
type Finding struct {
	ID       Check    `json:"id"`
	Severity Severity `json:"severity"`
	// Evidence is what was seen.
	Evidence string `json:"evidence"`
	// Next is what to do about it; empty when there is nothing to do.
	Next string `json:"next,omitempty"`
}

// Diagnosis is what was found, from the outside in.
type Diagnosis struct {
	Workspace string `json:"workspace"`
	// Version is empty when it could not be read.
	Version  string    `json:"version,omitempty"`
	Findings []Finding `json:"findings"`
	// Transport is the one that fits: "direct", "relay" or "offline"; empty when what was seen does not tell.
	Transport string `json:"transport,omitempty"`
	// Calls are the calls made to the workspace, in their order.
	Calls []workspace.Call `json:"calls"`
}

// Worst returns the highest severity among the findings, at least [SeverityOK]: a check that was skipped counts as nothing, and [SeverityUnknown] as more than a warning.
func (d Diagnosis) Worst() Severity {
	order := []Severity{SeverityOK, SeverityInfo, SeverityWarning, SeverityUnknown, SeverityProblem}
	worst := 0
	for _, finding := range d.Findings {
		worst = max(worst, slices.Index(order, finding.Severity))
	}
	return order[worst]
}

// Finding returns what was found about a check; ok is false when the diagnosis has nothing about it.
func (d Diagnosis) Finding(id Check) (finding Finding, ok bool) {
	at := slices.IndexFunc(d.Findings, func(f Finding) bool { return f.ID == id })
	if at < 0 {
		return Finding{}, false
	}
	return d.Findings[at], true
}

// DiagnoseOption allows a diagnosis more than to read from the workspace.
type DiagnoseOption func(*diagnoseChoice)

type diagnoseChoice struct {
	sync     bool
	askCloud bool
	client   []Option
}

// TrySync allows one sync of a registered workspace. It acts: a workspace that the Cloud has dropped forgets its registration then.
func TrySync() DiagnoseOption { return func(choice *diagnoseChoice) { choice.sync = true } }

// AskCloud allows to ask whether the workspace reaches the Cloud (from 6.0; the workspace sends its registration data there), and whether this machine
// does: it asks the Cloud for its front page, and the host of the list of supported versions for that.
func AskCloud() DiagnoseOption { return func(choice *diagnoseChoice) { choice.askCloud = true } }

// ClientOptions gives [Diagnose] the options that [New] would be given. [Client.Diagnose] has its own.
func ClientOptions(options ...Option) DiagnoseOption {
	return func(choice *diagnoseChoice) { choice.client = append(choice.client, options...) }
}

// Diagnose looks at a workspace from the outside in, and says why it does not work and what to do. Unlike [New] it also takes a workspace that does not
// answer, or is too old. It only reads, unless [TrySync] or [AskCloud] allow more. It never fails: what cannot be seen is a finding, and what comes behind
// it is [SeveritySkipped].
//
// Each look at the workspace ends after 20 s, or after [WithActTimeout] when that is less.
func Diagnose(ctx context.Context, ws *workspace.Client, options ...DiagnoseOption) Diagnosis {
	choice := chooseDiagnosis(options)
	client, err := prepare(ws, choice.client)
	if err == nil {
		err = client.usable(ctx, "open")
	}
	if err != nil {
		d := Diagnosis{}
		if ws != nil {
			d.Workspace = ws.Address()
		}
		return d.notMade(ctx, err)
	}
	return client.examine(ctx, choice)
}

// Diagnose looks at this client's workspace anew: see the function [Diagnose].
func (c *Client) Diagnose(ctx context.Context, options ...DiagnoseOption) Diagnosis {
	if err := c.usable(ctx, "open"); err != nil {
		return Diagnosis{}.notMade(ctx, err)
	}
	fresh := *c
	return fresh.examine(ctx, chooseDiagnosis(options))
}

// notMade is the diagnosis of what makes no sense.
func (d Diagnosis) notMade(ctx context.Context, why error) Diagnosis { //nolint:contextcheck // a nil one is replaced, which is why it is not made
	if ctx == nil {
		ctx = context.Background()
	}
	d.Calls = []workspace.Call{}
	e := examination{found: d}
	e.failed(ctx, CheckOptions, why)
	return e.close()
}

func chooseDiagnosis(options []DiagnoseOption) (choice diagnoseChoice) {
	for _, option := range options {
		if option != nil {
			option(&choice)
		}
	}
	return choice
}

func (c *Client) examine(ctx context.Context, choice diagnoseChoice) Diagnosis {
	ctx, calls := workspace.Record(ctx)
	e := &examination{client: c, choice: choice, found: Diagnosis{Workspace: c.workspace.Address()}}
	e.run(ctx)
	e.found.Calls = calls.List()
	return e.close()
}
