package registration

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/httpclient"
	"github.com/rcreg/registration/workspace"
)

// refreshLicense is for transports that cannot sync: it fetches the license from the Cloud and applies it.
func (o *operation) refreshLicense(ctx context.Context, t Ticket) (Result, error) {
	fetcher, ok := o.client.transport.(LicenseFetcher)
	if !ok {
		return o.close(), o.client.cannot(opSync)
	}
	if !o.client.session.can(askApplyLicense) {
		return o.close(), o.client.noLicenses(opSync)
	}
	text, err := fetcher.FetchLicense(ctx, o.client.session, t)
	var pending *PendingError
	switch {
	case errors.As(err, &pending):
		return o.waits(pending)
	case errors.Is(err, failure.Closed):
		o.note("the license of this request was put in force before; nothing was done now")
		return o.finish(ctx, nil)
	case err != nil:
		return o.undone(err)
	}
	license, err := o.client.ApplyLicense(ctx, text.Reveal())
	o.result.License = &license
	if err != nil {
		if info := o.client.transport.Info(); !info.TakesToken && !info.TakesEmail { // it carries requests
			o.note("the request stays open until a license is in force: bring another answer, or withdraw it")
		}
		return o.close(), err
	}
	o.note("only the license was refreshed: the Cloud learned nothing about the workspace, and a removal in the Cloud does not show in its status. " +
		"For that the workspace itself has to reach the Cloud")
	return o.finish(ctx, nil)
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
