package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/offline"
)

const offlineApplyHelp = `Look for the answers to the workspace's pending requests, for a registration or a license, hand them
over, see that they count, and archive both. While there is no answer, the exit code is 3. Where all
was applied before, nothing is done, and the exit code is 0.

An answer that came otherwise, by mail for example, is given as a text: --answer FILE, or - for
stdin. It may be a courier's file, the code from the Cloud console, or a license. White space and
line breaks in a code do not matter. --scanned takes an answer that rcreg courier run --qr shows.

Where the license of a registration is worse than the one in force, nothing is handed over without
--replace-license.`

type applyFlags struct {
	answer  string
	scanned string
	request string
	// replaceLicense is the consent to a worse license than the one in force.
	replaceLicense bool
}

// isText reports whether the answer comes as a text, not in the exchange folder.
func (f applyFlags) isText() bool { return f.answer+f.scanned != "" }

func (a *app) offlineApply() *cobra.Command {
	var c *connection
	var f applyFlags
	g := &gapSource{app: a}
	cmd := a.leaf("apply", "Hand the workspace the answers that have come", func(ctx context.Context) error { return a.applyAnswers(ctx, c, g, f) })
	cmd.Long = offlineApplyHelp
	cmd.Example = "  rcreg offline apply --exchange /media/stick/exchange\n  rcreg offline apply --exchange /media/stick/exchange --answer - < code.txt"
	c = a.connectTo(cmd)
	g.flags(cmd)
	cmd.Flags().StringVar(&f.answer, "answer", "", "`FILE` with the answer, in the place of the exchange folder's; - is stdin")
	scannedFlag(cmd, &f.scanned, "the answer")
	cmd.MarkFlagsMutuallyExclusive("answer", "scanned")
	replaceLicenseFlag(cmd, &f.replaceLicense)
	cmd.Flags().StringVar(&f.request, "request", "", "with --answer or --scanned: `ID` of the request, where several are pending")
	return cmd
}

func (a *app) applyAnswers(ctx context.Context, c *connection, g *gapSource, f applyFlags) error {
	text, err := a.answerText(f)
	if err != nil {
		return err
	}
	r, err := g.open(c.clock)
	if err != nil {
		return err
	}
	return g.with(ctx, c, r, func(ctx context.Context, s session) (registration.Result, error) {
		open, err := openRequests(ctx, s, r)
		if err != nil {
			return registration.Result{}, err
		}
		if f.isText() && (len(open.pending) > 0 || !open.hasApplied(r, f.request, text)) {
			if err := receive(s, r, open.pending, f.request, text); err != nil {
				return registration.Result{}, err
			}
		}
		return open.apply(ctx, g, s, f.replaceLicense)
	})
}

// answerText reads the answer where it comes as a text.
func (a *app) answerText(f applyFlags) (string, error) {
	switch {
	case f.scanned != "":
		texts, err := a.scanned(f.scanned)
		if err == nil && len(texts) > 1 {
			err = usage(fmt.Sprintf("%d answers were scanned", len(texts)), "scan one at a time")
		}
		if err != nil {
			return "", err
		}
		return string(texts[0]), nil
	case f.answer != "":
		return a.textOf("the answer", "answer", f.answer)
	case f.request != "":
		return "", usage("--request is for --answer and --scanned", "add --answer FILE, or leave it out: all answers that have come are applied")
	}
	return "", nil
}

// requests are what is open of one workspace, and its status.
type requests struct {
	pending []offline.Request
	notes   []string // of those that an earlier run had applied, and not put away
	status  registration.Status
}

// openRequests finds the pending requests of a workspace, and puts away what an interrupted run has left. A workspace that is registered may have none: all was applied
// before.
func openRequests(ctx context.Context, s session, r *offline.Requester) (requests, error) {
	status, err := s.Status(ctx)
	if err != nil {
		return requests{}, err
	}
	open := requests{status: status}
	if open.pending, err = r.Pending(status.UniqueID); err != nil {
		return open, err
	}
	closing, err := r.Closing(status.UniqueID)
	if err != nil {
		return open, err
	}
	for _, request := range closing {
		note := "request " + request.ID() + " was applied before, and is archived now"
		if err := r.Close(request.ID()); err != nil {
			note = fmt.Sprintf("request %s was applied before, and cannot be archived: %v", request.ID(), err)
		}
		open.notes = append(open.notes, note)
	}
	switch {
	case len(open.pending)+len(open.notes) > 0:
	case status.State == registration.Registered:
		open.notes = []string{"no request of this workspace is pending: nothing was done now"}
	default:
		return open, usage("no request of this workspace is pending; it is "+string(status.State), "write one with rcreg offline request, or name the --state folder in which it was made")
	}
	return open, nil
}

// hasApplied reports whether an answer that comes as a text was applied before: its request is closed, or the workspace is registered with the grant in it.
func (open requests) hasApplied(r *offline.Requester, id, text string) bool {
	if id == "" {
		var answer struct{ Content struct{ Request string } }
		_ = json.Unmarshal([]byte(text), &answer) // a code is none
		id = answer.Content.Request
	}
	if _, err := r.AnswerText(id, []byte(text)); errors.Is(err, offline.ErrClosed) {
		return true
	}
	grant, err := cloud.ParseBlob(text)
	return err == nil && open.status.State == registration.Registered && grant.WorkspaceID == open.status.WorkspaceID
}

// receive takes an answer as a text: what it is for is the request that is named, or else the only one that is pending.
func receive(s session, r *offline.Requester, pending []offline.Request, id, text string) error {
	if id == "" && len(pending) == 1 {
		id = pending[0].ID()
	}
	if !slices.ContainsFunc(pending, func(request offline.Request) bool { return request.ID() == id }) {
		return usage("it is not clear which request the answer is for", "name a pending one of this workspace with --request: rcreg offline status lists them")
	}
	if _, err := r.AnswerText(id, []byte(text)); err != nil {
		return &registration.Error{Op: "apply", Workspace: s.workspace.Address(), Version: s.Capabilities().Version, Kind: registration.ErrInvalidGrant, Err: err,
			Remedies: failure.Ways(failure.ReplaceAnswer), Certain: "nothing was handed over"}
	}
	return nil
}

// has reports whether a request of a kind is pending.
func (open requests) has(kind offline.Kind) bool {
	return slices.ContainsFunc(open.pending, func(request offline.Request) bool { return request.Kind() == kind })
}

// apply hands over what has come: a registration first, since only a registered workspace takes a license of the Cloud.
func (open requests) apply(ctx context.Context, g *gapSource, s session, replaceLicense bool) (result registration.Result, err error) {
	switch {
	case open.has(offline.Registration):
		result, err = s.Register(ctx, registration.Request{ReplaceLicense: replaceLicense})
		if err == nil && open.has(offline.License) {
			result = open.andLicense(ctx, g, s, result)
		}
	case open.has(offline.License):
		result, err = syncNow(ctx, s)
	default:
		result = registration.Result{Operation: "apply", Before: open.status, After: open.status}
	}
	result.Notes = slices.Concat(open.notes, result.Notes)
	return result, err
}

// andLicense goes on with a license once the workspace is registered. That it is registered stays the result, whatever becomes of the license.
func (requests) andLicense(ctx context.Context, g *gapSource, s session, registered registration.Result) registration.Result {
	refreshed, err := syncNow(ctx, s)
	registered.License = refreshed.License
	registered.Calls = slices.Concat(registered.Calls, refreshed.Calls)
	registered.Notes = slices.Concat(registered.Notes, refreshed.Notes)
	switch {
	case errors.Is(err, registration.ErrPending):
		registered.Notes = append(registered.Notes, "the request for a license still waits for its answer: "+g.apply())
	case err != nil:
		registered.Notes = append(registered.Notes, fmt.Sprintf("the license could not be applied: %v", err))
	}
	return registered
}
