package registration

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/rcreg/registration/internal/httpclient"
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

	claims *licenseClaims
}

// licenseClaims is what this package reads in a license of the third format (from 6.5).
type licenseClaims struct {
	Information struct {
		ID        string `json:"id"`
		CreatedAt string `json:"createdAt"`
		Trial     bool   `json:"trial"`
		Offline   bool   `json:"offline"`
	} `json:"information"`
	Validation struct {
		ValidPeriods []struct {
			ValidUntil string `json:"validUntil"`
		} `json:"validPeriods"`
	} `json:"validation"`
	GrantedModules []struct {
		Module string `json:"module"`
	} `json:"grantedModules"`
}

func (c licenseClaims) expires() (last time.Time) {
	for _, period := range c.Validation.ValidPeriods {
		if until := instant(period.ValidUntil); until.After(last) {
			last = until
		}
	}
	return last
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
	license, err := c.readLicense(ctx)
	if err != nil {
		return License{}, c.fail(opLicense, kindOf(err), err, next{})
	}
	return license, nil
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
	license, err := c.readLicense(ctx)
	if err == nil && license.State != NoLicense && license.claims == nil {
		err = fmt.Errorf("this user may not see the license itself: %w", ErrForbidden)
	}
	return license.Offline, err
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
	var license License
	var err error
	switch {
	case reply.Licenses != nil:
		license, err = licenseOfList(*reply.Licenses)
	case len(reply.Info) > 0 && reply.Info[0] == '{':
		license, err = licenseOfInfo(reply.Info)
	default:
		err = unreadableLicense("it shows no license, nor that there is none")
	}
	if err != nil {
		return License{}, err
	}
	slices.Sort(license.Modules)
	license.Modules = append([]string{}, slices.Compact(license.Modules)...)
	license.Offline = license.claims != nil && license.claims.Information.Offline
	license.Raw = raw
	return license, nil
}

func unreadableLicense(why string) error {
	return fmt.Errorf("license: the answer cannot be read: %s: %w", why, workspace.ErrBadReply)
}

// licenseOfInfo reads the form of licenses.info.
func licenseOfInfo(raw json.RawMessage) (License, error) {
	var info struct {
		License *licenseClaims  `json:"license"`
		Modules []string        `json:"activeModules"`
		Limits  json.RawMessage `json:"limits"`
		Trial   bool            `json:"trial"`
	}
	if err := json.Unmarshal(raw, &info); err != nil {
		return License{}, unreadableLicense(err.Error())
	}
	license := License{State: NoLicense, Modules: info.Modules, Trial: info.Trial, claims: info.License}
	var limits map[string]json.RawMessage
	switch {
	case info.License != nil:
		license.State, license.ID, license.Expires = LicenseInForce, info.License.Information.ID, info.License.expires()
	case len(info.Modules) > 0:
		license.State = LicenseInForce
	case json.Unmarshal(info.Limits, &limits) != nil || len(limits) == 0:
		// Those who may see the license see the limits too, also where there is none.
		license.State = LicenseHidden
	}
	return license, nil
}

// licenseOfList reads the form of licenses.get: the licenses in force, in the second format up to 6.4, then in the third.
func licenseOfList(list []json.RawMessage) (License, error) {
	license := License{State: NoLicense}
	for _, raw := range list {
		var entry struct {
			Claims  *licenseClaims `json:"license"`
			Modules []string       `json:"modules"`
			Expiry  string         `json:"expiry"`
			Trial   bool           `json:"trial"`
		}
		if err := json.Unmarshal(raw, &entry); err != nil {
			return License{}, unreadableLicense(err.Error())
		}
		until := day(entry.Expiry)
		license.State, license.Trial = LicenseInForce, license.Trial || entry.Trial
		if entry.Claims != nil {
			until, license.ID, license.claims = entry.Claims.expires(), entry.Claims.Information.ID, entry.Claims
		}
		license.Modules = append(license.Modules, entry.Modules...)
		if until.After(license.Expires) {
			license.Expires = until
		}
	}
	return license, nil
}

// day reads the date of the second format, or an instant.
func day(text string) time.Time {
	if at, err := time.Parse(time.DateOnly, text); err == nil {
		return at
	}
	return instant(text)
}

// claimsOf reads a license text of the third format, RCV3_ and a JWT; nil for any other, such as the second, which has no dots and only servers can
// decrypt. The signature is the server's to check.
func claimsOf(text string) *licenseClaims {
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return nil
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return nil
	}
	var claims licenseClaims
	if json.Unmarshal(payload, &claims) != nil {
		return nil
	}
	return &claims
}

// shows reports whether a workspace shows the license of a text; known is false where that cannot be told from what it shows.
func (l License) shows(text *licenseClaims) (same, known bool) {
	if text == nil || l.claims == nil {
		return false, false
	}
	return reflect.DeepEqual(text, l.claims), true
}

// sameLicense reports whether a workspace shows the same license twice. The replies themselves also hold counters.
func sameLicense(a, b License) bool {
	return a.State == b.State && a.Trial == b.Trial && a.Expires.Equal(b.Expires) && slices.Equal(a.Modules, b.Modules) &&
		reflect.DeepEqual(a.claims, b.claims)
}

// seenLicense is the license of a workspace that is about to be given a grant, or why it could not be seen.
type seenLicense struct {
	License

	err error
}

// seeLicense reads the license that a grant may replace, for the notes of the operation that ctx belongs to. Outside an operation nobody would be told.
func (s *Session) seeLicense(ctx context.Context) {
	kept := notesOf(ctx)
	if kept == nil || !s.can(askLicense) {
		return
	}
	seen := &seenLicense{}
	raw, err := s.License(ctx)
	if seen.err = err; err == nil {
		seen.License, seen.err = parseLicense(raw)
	}
	kept.mu.Lock()
	defer kept.mu.Unlock()
	kept.license = seen
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
	case seen.err == nil && seen.State == LicenseHidden, errors.Is(seen.err, workspace.ErrForbidden):
		o.note("this user may not see licenses: if one was in force, the license of the Cloud's answer may have replaced it; an administrator sees it (view-privileged-setting)")
		return
	case seen.err != nil:
		o.note("if a license was in force, the license of the Cloud's answer may have replaced it: it could not be read (%s)", brief(seen.err))
		return
	}
	before, after := seen.License, seen.License
	_, err := settle(ctx, o.client.workspace.Clock(), max(o.client.settingsLag, licenseDelay), func() (bool, error) {
		license, err := o.client.readLicense(ctx)
		if err == nil {
			after = license
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
