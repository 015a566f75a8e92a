package registration

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/httpclient"
	"github.com/rcreg/registration/internal/license"
	"github.com/rcreg/registration/workspace"
)

const opLicense = "license"

// LicenseState is what a workspace shows of its license.
type LicenseState string

// The states of a license.
const (
	// LicenseInForce: a license counts on this workspace, now.
	LicenseInForce LicenseState = "in-force"
	// NoLicense: none does. One that was taken and is for another address, or out of time, counts as none.
	NoLicense LicenseState = "none"
	// LicenseHidden: the workspace does not show it to this user (from 6.5 to administrators only).
	LicenseHidden LicenseState = "hidden"
)

// License is the license of a workspace, read from licenses.get (3.10 to 6.4) or licenses.info (from 6.5).
type License struct {
	State LicenseState `json:"state"`
	// ID is the license's own number, from 6.5.
	ID string `json:"id,omitempty"`
	// Modules are those in force, sorted.
	Modules []string `json:"modules"`
	// Expires is when the last part of it ends; zero when it does not say.
	Expires time.Time `json:"expires,omitzero"`
	Trial   bool      `json:"trial"`
	// Offline tells that the license forbids the workspace to ask the Cloud, which servers obey from 8.7 (A15).
	Offline bool `json:"offline,omitempty"`
	// Raw is the workspace's reply, in the form of its version.
	Raw json.RawMessage `json:"raw"`

	claims *license.License
	// undetailed tells that the workspace shows that a license is in force, and not which one: from 6.5 to users without view-privileged-setting.
	undetailed bool
}

// License reads the license in force. Errors: [ErrUnsupported] below 3.10; the kinds of [Client.Status], [ErrForbidden] up to 6.4 for anybody but
// administrators; workspace.ErrBadReply for a reply that has none of the known forms.
func (c *Client) License(ctx context.Context) (License, error) {
	if err := c.usable(ctx, opLicense); err != nil {
		return License{}, err
	}
	if !c.session.can(askLicense) {
		return License{}, c.noLicenses(opLicense)
	}
	found, err := c.readLicense(ctx)
	if err != nil {
		return License{}, c.fail(opLicense, kindOf(err), err, next{})
	}
	return found, nil
}

func (c *Client) readLicense(ctx context.Context) (License, error) {
	raw, err := c.session.License(ctx)
	if err != nil {
		return License{}, err
	}
	return parseLicense(raw)
}

// ForbidsCloud reports whether the license in force forbids the workspace to ask the Cloud: servers obey an offline license from 8.7 (A15); of older ones nothing
// is asked. Errors: [ErrForbidden] for a user who may not see the license itself (view-privileged-setting); the kinds of [Client.License].
func (c *Client) ForbidsCloud(ctx context.Context) (bool, error) {
	const op = "look for an offline license"
	if err := c.usable(ctx, op); err != nil {
		return false, err
	}
	forbidden, err := c.forbidsCloud(ctx)
	if err != nil {
		return false, c.fail(op, kindOf(err), err, next{})
	}
	return forbidden, nil
}

func (c *Client) forbidsCloud(ctx context.Context) (bool, error) {
	if !c.session.server.has[obeysOfflineLicense] {
		return false, nil
	}
	found, err := c.readLicense(ctx)
	if err == nil && found.State != NoLicense && found.claims == nil {
		err = fmt.Errorf("this user may not see the license itself: %w", ErrForbidden)
	}
	return found.Offline, err
}

// parseLicense reads both forms: a workspace may answer over the call of another version.
func parseLicense(raw json.RawMessage) (License, error) {
	var reply struct {
		Info     json.RawMessage    `json:"license"`
		Licenses *[]json.RawMessage `json:"licenses"`
	}
	if err := json.Unmarshal(raw, &reply); err != nil {
		return License{}, unreadableLicense(err.Error())
	}
	var found License
	var err error
	switch {
	case reply.Licenses != nil:
		found, err = licenseOfList(*reply.Licenses)
	case len(reply.Info) > 0 && reply.Info[0] == '{':
		found, err = licenseOfInfo(reply.Info)
	default:
		err = unreadableLicense("it shows no license, nor that there is none")
	}
	if err != nil {
		return License{}, err
	}
	slices.Sort(found.Modules)
	found.Modules = append([]string{}, slices.Compact(found.Modules)...)
	found.Offline = found.claims != nil && found.claims.Information.Offline
	found.Raw = raw
	return found, nil
}

func unreadableLicense(why string) error {
	return fmt.Errorf("license: the answer cannot be read: %s: %w", why, workspace.ErrBadReply)
}

// licenseOfInfo reads the form of licenses.info. From 8.3 it says to every user whether a valid license is in force.
func licenseOfInfo(raw json.RawMessage) (License, error) {
	var info struct {
		License *license.License `json:"license"`
		Modules []string         `json:"activeModules"`
		Limits  json.RawMessage  `json:"limits"`
		Trial   bool             `json:"trial"`
		Valid   *bool            `json:"hasValidLicense"`
	}
	if err := json.Unmarshal(raw, &info); err != nil {
		return License{}, unreadableLicense(err.Error())
	}
	found := License{State: NoLicense, Modules: info.Modules, Trial: info.Trial}
	var limits map[string]json.RawMessage
	switch {
	case info.Valid != nil && !*info.Valid:
	case info.License != nil:
		found.State, found.ID, found.Expires, found.claims = LicenseInForce, info.License.Information.ID, info.License.Expires(), info.License
	case info.Valid != nil, len(info.Modules) > 0:
		found.State, found.undetailed = LicenseInForce, true
	case json.Unmarshal(info.Limits, &limits) != nil || len(limits) == 0:
		// Those who may see the license see the limits too, also where there is none.
		found.State = LicenseHidden
	}
	return found, nil
}

// licenseOfList reads the form of licenses.get: the licenses in force, in the second format up to 6.4, then in the third.
func licenseOfList(list []json.RawMessage) (License, error) {
	found := License{State: NoLicense}
	for _, raw := range list {
		var entry struct {
			Claims  *license.License `json:"license"`
			Modules []string         `json:"modules"`
			Expiry  string           `json:"expiry"`
			Trial   bool             `json:"trial"`
		}
		if err := json.Unmarshal(raw, &entry); err != nil {
			return License{}, unreadableLicense(err.Error())
		}
		until := day(entry.Expiry)
		found.State, found.Trial = LicenseInForce, found.Trial || entry.Trial
		if entry.Claims != nil {
			until, found.ID, found.claims = entry.Claims.Expires(), entry.Claims.Information.ID, entry.Claims
		}
		found.Modules = append(found.Modules, entry.Modules...)
		if until.After(found.Expires) {
			found.Expires = until
		}
	}
	return found, nil
}

// day reads the date of the second format, or an instant.
func day(text string) time.Time {
	if at, err := time.Parse(time.DateOnly, text); err == nil {
		return at
	}
	return instant(text)
}

// shows reports whether a workspace shows the license of a text; known is false where that cannot be told from what it shows.
func (l License) shows(text *license.License) (same, known bool) {
	if text == nil || l.claims == nil {
		return false, false
	}
	return text.Same(l.claims), true
}

// sameLicense reports whether a workspace shows the same license twice. The replies themselves also hold counters.
func sameLicense(a, b License) bool {
	return a.State == b.State && a.Trial == b.Trial && a.Expires.Equal(b.Expires) && slices.Equal(a.Modules, b.Modules) &&
		(a.claims == nil) == (b.claims == nil) && (a.claims == nil || a.claims.Same(b.claims))
}

// noteReplacedLicense says what became of a license that was in force before the workspace was given a grant: the server replaces it without a word (C6).
func (o *operation) noteReplacedLicense(ctx context.Context) {
	o.notes.mu.Lock()
	seen := o.notes.license
	o.notes.mu.Unlock()
	switch {
	case seen == nil, errors.Is(seen.err, workspace.ErrNoSuchCall):
		return
	case seen.err == nil && seen.State == NoLicense:
		return
	case seen.err == nil && seen.undetailed:
		o.note("a license was in force, of which this user sees no details: the license of the Cloud's answer may have replaced it; an administrator sees it (view-privileged-setting)")
		return
	case seen.err == nil && seen.State == LicenseHidden, errors.Is(seen.err, workspace.ErrForbidden):
		o.note("this user may not see licenses: if one was in force, the license of the Cloud's answer may have replaced it; an administrator sees it (view-privileged-setting)")
		return
	case seen.err != nil:
		o.note("if a license was in force, the license of the Cloud's answer may have replaced it: it could not be read (%s)", brief(seen.err))
		return
	}
	before, after := seen.License, seen.License
	_, err := settle(ctx, o.client.workspace.Clock(), max(o.client.settingsLag, licenseDelay), func() (bool, error) {
		found, err := o.client.readLicense(ctx)
		if err == nil {
			after = found
		}
		return !sameLicense(before, after), err
	})
	const wayBack = "to have the old one back, apply its text again (ApplyLicense, rcreg license apply)"
	switch {
	case err != nil:
		o.note("the license that was in force (%s) may have been replaced by the one of the Cloud's answer, which cannot be read (%s); %s", before.described(), brief(err), wayBack)
	case sameLicense(before, after):
	case after.State == LicenseInForce:
		o.note("the license that was in force (%s) was replaced by the one of the Cloud's answer (%s); %s", before.described(), after.described(), wayBack)
	default:
		o.note("the license that was in force (%s) was replaced by the one of the Cloud's answer, which is not valid here: now none is in force; %s", before.described(), wayBack)
	}
}

// described names a license in force for a note, as far as the workspace shows it.
func (l License) described() string {
	var parts []string
	if l.ID != "" {
		parts = append(parts, l.ID)
	}
	if len(l.Modules) > 0 {
		parts = append(parts, "modules "+strings.Join(l.Modules, ", "))
	}
	if !l.Expires.IsZero() {
		parts = append(parts, "until "+l.Expires.UTC().Format(time.DateOnly))
	}
	if parts == nil {
		return "it shows no name"
	}
	return httpclient.Sentence(strings.Join(parts, "; "), nil)
}

// checkLicense refuses what cannot be a license text, and takes out the line breaks that mail programs put in.
func checkLicense(text string) (string, error) {
	if len(text) > maxLicense {
		return "", fmt.Errorf("the license has more than %d bytes", maxLicense)
	}
	text = strings.Join(strings.Fields(strings.TrimPrefix(text, "\ufeff")), "")
	if text == "" {
		return "", errors.New("the license is empty")
	}
	if strings.ContainsFunc(text, func(r rune) bool { return r < '!' || r > '~' }) {
		return "", errors.New("the license has characters that none has")
	}
	if why := license.Unusable(text); why != "" {
		return "", errors.New("this is no license: " + why)
	}
	return text, nil
}

// noLicenses is the error of servers that have no calls for licenses.
func (c *Client) noLicenses(op string) error {
	return c.fail(op, ErrUnsupported, nil, do(failure.SeeInServer))
}

// against says what speaks against a license on this workspace, as far as its text tells. Where the workspace is to be asked later, its address is not looked for.
func (o *licenseOperation) against(ctx context.Context, read *license.License) []string {
	if read == nil {
		return nil
	}
	var address string
	if len(read.Validation.ServerURLs) > 0 && !o.client.session.can(askValidateLicense) {
		if text, err := o.client.session.RegistrationData(ctx); err == nil {
			data, _ := cloud.ParseRegistrationText(text) // what cannot be read says nothing against it
			address = data.Address
		}
	}
	return read.Against(address, o.client.workspace.Clock().Now())
}
