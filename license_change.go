package registration

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/httpclient"
	"github.com/rcreg/registration/internal/license"
	"github.com/rcreg/registration/workspace"
)

const (
	opApplyLicense  = "apply license"
	opRemoveLicense = "remove license"
)

// maxLicense is how large a license text may be, in bytes: real ones have a few thousand.
const maxLicense = 64 << 10

// licenseDelay is how long a server may take to put a license in force that it has taken, apart from its settings cache.
const licenseDelay = 3 * time.Second

// The kinds of failure of a license. Compare with errors.Is.
var (
	// ErrLicenseRefused: the workspace does not take the license: it is not signed, or not valid on this workspace. The one before is still in force.
	ErrLicenseRefused = failure.LicenseRefused
	// ErrLicenseNotInForce: the workspace took the license, and it does not count there: it is for another address, or out of time (A14).
	ErrLicenseNotInForce = failure.LicenseNotInForce
)

// LicenseResult is what applying or removing a license did, as far as the workspace shows it.
type LicenseResult struct {
	// Operation is the name of the operation, such as "apply license".
	Operation string `json:"operation"`
	// Before and After are the license before the operation acted and after it.
	Before License `json:"before"`
	After  License `json:"after"`
	// Changed reports whether the workspace shows another license after it.
	Changed bool `json:"changed"`
	// Calls are the calls made, in their order.
	Calls []workspace.Call `json:"calls"`
	// Notes say what the reader should know besides.
	Notes []string `json:"notes,omitempty"`
}

// ApplyLicense puts a license text in force: it looks whether the license would be valid there (in the text, and from 8.7 by licenses.validate), because one that is not
// would end the one in force (A14), hands it over (from 3.10, licenses.add), and reads it back, because success means "well-formed and signed" only (A14). White space around and in the text does not matter.
//
// Errors: [ErrInvalidInput] for a text that cannot be one, with nothing sent; [ErrUnsupported] below 3.10; [ErrLicenseRefused]; [ErrLicenseNotInForce]
// when the workspace took it and shows none, or another one; [ErrOutcomeUnknown] when the license cannot be read back; see also the kinds of [Client.License].
func (c *Client) ApplyLicense(ctx context.Context, text string) (LicenseResult, error) {
	return c.applyLicense(ctx, text, false)
}

// ForceLicense is [Client.ApplyLicense] for a license that would not be valid on the workspace: it is handed over all the same.
func (c *Client) ForceLicense(ctx context.Context, text string) (LicenseResult, error) {
	return c.applyLicense(ctx, text, true)
}

func (c *Client) applyLicense(ctx context.Context, text string, force bool) (LicenseResult, error) {
	if err := c.usable(ctx, opApplyLicense); err != nil {
		return LicenseResult{Operation: opApplyLicense}, err
	}
	text, err := checkLicense(text)
	if err != nil {
		return LicenseResult{Operation: opApplyLicense}, c.fail(opApplyLicense, ErrInvalidInput, err, do(failure.GiveLicense).sure("nothing was sent"))
	}
	if !c.session.can(askApplyLicense) {
		return LicenseResult{Operation: opApplyLicense}, c.noLicenses(opApplyLicense)
	}
	ctx, o, err := c.beginLicense(ctx, opApplyLicense)
	if err != nil {
		return o.close(), err
	}
	if !force {
		if err := o.validate(ctx, text); err != nil {
			return o.close(), err
		}
	}
	return o.apply(ctx, text)
}

// apply hands the license over. One whose reply is lost, and that does not show, is handed over once more: that does no harm.
func (o *licenseOperation) apply(ctx context.Context, text string) (LicenseResult, error) {
	act := func() error { return o.client.session.ApplyLicense(ctx, text) }
	actErr := act()
	if notExecuted(actErr) {
		return o.fail(kindOf(actErr), actErr, next{})
	}
	claims := license.Read(text)
	if err := o.settleOn(ctx, actErr, claims); err != nil {
		return o.close(), err
	}
	if same, _ := o.result.After.shows(claims); !same && lostReply(actErr) && sameLicense(o.result.Before, o.result.After) {
		actErr = retryIfReplyLost(ctx, actErr, act, o.note)
		if err := o.settleOn(ctx, actErr, claims); err != nil {
			return o.close(), err
		}
	}
	return o.applied(actErr, claims)
}

// settleOn reads the license until it is the one that was handed over, as far as can be told.
func (o *licenseOperation) settleOn(ctx context.Context, actErr error, claims *license.License) error {
	within := o.client.settingsLag
	if actErr == nil {
		within = max(within, licenseDelay)
	}
	return o.settle(ctx, actErr, within, func(l License) bool {
		same, known := l.shows(claims)
		return same || !known && l.State == LicenseInForce && (actErr == nil || !sameLicense(l, o.result.Before))
	})
}

// licenseOperation is one run of an operation on the license: it reads before, acts, reads after.
type licenseOperation struct {
	operation
	result LicenseResult
}

// beginLicense reads the license before anything is done.
func (c *Client) beginLicense(ctx context.Context, name string) (context.Context, *licenseOperation, error) {
	ctx, calls := workspace.Record(ctx)
	ctx, notes := keepNotes(ctx)
	o := &licenseOperation{result: LicenseResult{Operation: name}}
	o.operation = operation{client: c, calls: calls, notes: notes, began: c.workspace.Clock().Now(), result: Result{Operation: name}}
	found, err := c.readLicense(ctx)
	o.result.Before, o.result.After = found, found
	if err != nil {
		return ctx, o, c.fail(name, kindOf(err), err, next{certain: "nothing was changed: the license must be readable first"})
	}
	if found.State == LicenseHidden {
		return ctx, o, c.fail(name, ErrForbidden, errors.New("the workspace does not show its license to this user"), do(failure.AskPermission).with(get("licenses.info").permission(c.session.server)).sure("nothing was changed"))
	}
	return ctx, o, nil
}

// validate looks whether the license would be valid, in its text, and asks the workspace where it can be asked. Nothing has changed when it fails.
func (o *licenseOperation) validate(ctx context.Context, text string) error {
	if against := o.against(ctx, license.Read(text)); len(against) > 0 {
		effect := "it would not be valid on this workspace"
		if o.result.Before.State == LicenseInForce {
			effect += ", and would end the license in force"
		}
		return o.client.fail(o.result.Operation, ErrLicenseRefused, errors.New(effect+": "+httpclient.Sentence(strings.Join(against, "; "), nil)), o.orForce("nothing was sent"))
	}
	if !o.client.session.can(askValidateLicense) {
		return nil
	}
	err := o.client.session.ValidateLicense(ctx, text)
	switch {
	case err == nil, errors.Is(err, workspace.ErrNoSuchCall):
		return nil
	case isRefusal(err):
		return o.client.fail(o.result.Operation, ErrLicenseRefused, err, o.orForce("nothing was changed"))
	}
	way := next{}
	if answeredInFront(err) {
		way = letPass(err)
	}
	return o.client.fail(o.result.Operation, kindOf(err), withCauses("the license could not be checked, and was not handed over", err), way)
}

// orForce is the way out of a license that was not handed over: another one, or consent to lose the one in force, which is named.
func (o *licenseOperation) orForce(certain string) next {
	way := do(failure.AskForLicense, failure.ForceLicense).sure(certain)
	if o.result.Before.State == LicenseInForce {
		way = way.with(o.result.Before.described())
	}
	return way
}

// notInForce ends the operation after which the workspace does not go by the license that it took. The one before has ended with that (A14).
func (o *licenseOperation) notInForce(shows string, actErr error) (LicenseResult, error) {
	way, before := do(failure.AskForLicense), o.result.Before
	if before.State == LicenseInForce && !sameLicense(before, o.result.After) {
		way = do(failure.AskForLicense, failure.RestoreLicense).with(before.described()).sure("the license that was in force (" + before.described() + ") has ended")
	}
	return o.fail(ErrLicenseNotInForce, withCauses("the workspace took it, and shows "+shows, actErr), way)
}

// settle reads the license after an act until it is as wanted. It returns an error only when it cannot be read.
func (o *licenseOperation) settle(ctx context.Context, actErr error, within time.Duration, wanted func(License) bool) error {
	cutShort, err := settle(ctx, o.client.workspace.Clock(), within, func() (bool, error) {
		found, err := o.client.readLicense(ctx)
		if err == nil {
			o.result.After = found
		}
		return wanted(found), err
	})
	if err != nil {
		return o.unknown(actErr, err)
	}
	o.isCutShort(cutShort)
	return nil
}

// applied ends the operation by what the workspace shows.
func (o *licenseOperation) applied(actErr error, claims *license.License) (LicenseResult, error) {
	same, known := o.result.After.shows(claims)
	unchanged := sameLicense(o.result.Before, o.result.After)
	inForce := o.result.After.State == LicenseInForce
	switch {
	case same:
		if actErr != nil {
			o.note("the license is in force, although %s: %s", answered(actErr), brief(actErr))
		}
		if o.result.Before.State == LicenseInForce && !unchanged {
			o.note("it took the place of the license that was in force (%s); to have that one back, apply its text again", o.result.Before.described())
		}
		return o.close(), nil
	case isRefusal(actErr) && unchanged:
		return o.fail(ErrLicenseRefused, actErr, do(failure.AskForLicense).sure("the license before it is as it was"))
	case refusedPlainly(actErr) && unchanged && o.cutShort == nil:
		return o.fail(kindOf(actErr), actErr, next{})
	case answeredInFront(actErr) && unchanged:
		return o.fail(nil, actErr, letPass(actErr).sure("the license is as it was"))
	case actErr != nil && unchanged:
		return o.fail(ErrOutcomeUnknown, actErr, do(failure.ApplyAgain))
	case o.cutShort != nil && (known || !inForce):
		return o.fail(ErrOutcomeUnknown, withCauses("the time was over before the license must show", actErr), do(failure.ReadLicense))
	case known:
		return o.notInForce("another one", actErr)
	case !inForce:
		return o.notInForce("none", actErr)
	case unchanged:
		o.note("the workspace shows the same license as before. That is right when this one was in force already; it cannot be told from one that does not count")
	}
	return o.close(), nil
}

func (o *licenseOperation) unknown(actErr, lookErr error) error {
	return o.client.fail(o.result.Operation, ErrOutcomeUnknown, withCauses("the license cannot be read back", lookErr, actErr), do(failure.ReadLicense))
}

func (o *licenseOperation) fail(kind, cause error, way next) (LicenseResult, error) {
	return o.close(), o.client.fail(o.result.Operation, kind, cause, way)
}

func (o *licenseOperation) close() LicenseResult {
	o.result.Calls = o.calls.List()
	o.result.Notes = o.notes.list()
	o.result.Changed = !sameLicense(o.result.Before, o.result.After)
	return o.result
}

// RemoveLicense drops the license that came from the Cloud (POST cloud.removeLicense, from 6.5). The workspace syncs with it, so that the license may
// come back, and its success covers a Cloud that refused and a workspace that has just forgotten its registration (A9): license and status are read
// before and after.
//
// Without a license it changes nothing. Errors: [ErrUnsupported] below 6.5; [ErrRemovedFromCloud] when the Cloud no longer knew the workspace;
// [ErrOutcomeUnknown] when the license or the status cannot be read back; see also the kinds of [Client.License].
func (c *Client) RemoveLicense(ctx context.Context) (LicenseResult, error) {
	if err := c.usable(ctx, opRemoveLicense); err != nil {
		return LicenseResult{Operation: opRemoveLicense}, err
	}
	if !c.session.can(askRemoveLicense) {
		return LicenseResult{Operation: opRemoveLicense}, c.fail(opRemoveLicense, ErrUnsupported, errors.New("servers have this call from 6.5"),
			do(failure.CancelLicense))
	}
	ctx, o, err := c.beginLicense(ctx, opRemoveLicense)
	if err != nil {
		return o.close(), err
	}
	if o.result.Before.State == NoLicense {
		return o.close(), nil
	}
	before, err := c.session.Status(ctx)
	if err != nil {
		return o.fail(kindOf(err), err, next{certain: "nothing was changed: the status must be readable first"})
	}
	actErr := c.session.RemoveLicense(ctx)
	if notExecuted(actErr) {
		return o.fail(kindOf(actErr), actErr, next{})
	}
	if err := o.settle(ctx, actErr, c.settlesWithin(o.began, actErr), func(l License) bool { return l.State == NoLicense }); err != nil {
		return o.close(), err
	}
	// It may have made the workspace forget its registration.
	if err := o.settleWithin(ctx, actErr, c.settingsLag, func(s Status) bool { return s.State != before.State }); err != nil {
		return o.close(), err
	}
	return o.endChange(before, o.operation.result.After, actErr)
}

// endChange ends the operation by what the workspace shows.
func (o *licenseOperation) endChange(before, after Status, actErr error) (LicenseResult, error) {
	switch {
	case before.State == Registered && after.State != Registered:
		return o.fail(ErrRemovedFromCloud, actErr, do(failure.RegisterAnew).sure("it has just forgotten its registration"))
	case o.result.After.State == NoLicense:
		if actErr != nil {
			o.note("the license is removed, although %s: %s", answered(actErr), brief(actErr))
		}
		if before.State == Registered {
			o.note("the answer does not say whether the Cloud took the license back: if it did not, the next sync brings it again")
		}
		return o.close(), nil
	case refusedPlainly(actErr) && o.cutShort == nil:
		return o.fail(kindOf(actErr), actErr, next{})
	case answeredInFront(actErr):
		return o.fail(nil, actErr, letPass(actErr).sure("the license is as it was"))
	case lostReply(actErr) || o.cutShort != nil:
		return o.fail(ErrOutcomeUnknown, withCauses("the workspace still shows a license", o.cutShort, actErr), do(failure.ReadLicense))
	}
	return o.fail(nil, withCauses("the workspace still shows a license, which the Cloud hands out again in each sync, or did not give", actErr), do(failure.CancelLicense))
}
