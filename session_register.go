package registration

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/httpclient"
	"github.com/rcreg/registration/internal/license"
	"github.com/rcreg/registration/workspace"
)

// Connect hands the workspace a registration token from the Cloud console. Up to 6.4 nothing proves the new credentials yet (A8); from 6.5 the
// workspace also syncs. Where the workspace certainly did not use the token, the error is an [*Error] that says so.
func (s *Session) Connect(ctx context.Context, token string) error {
	s.redact(token)
	err := s.act(ctx, askConnect, arguments{
		body:   map[string]string{"token": token},
		params: []any{token},
	})
	if notExecuted(err) {
		return &Error{Kind: kindOf(err), Err: err, Unspent: true}
	}
	return err
}

// RegistrationData asks for what an offline registration hands to the Cloud: base64 of JSON, returned as the workspace gave it. The error is an [*Error] of a
// failure before the workspace was asked to change anything, which a [Transport] may return as it is.
func (s *Session) RegistrationData(ctx context.Context) (string, error) {
	var rest struct {
		Data string `json:"registerData"`
	}
	var result string
	viaMethod, err := s.ask(ctx, askRegistrationData, arguments{}, &rest, &result)
	if !viaMethod {
		result = rest.Data
	}
	if err == nil {
		if _, problem := cloud.ParseRegistrationText(result); problem != nil { // no workspace answers that
			err = fmt.Errorf("%s: %s: %w", askRegistrationData, problem.Error(), workspace.ErrBadReply)
		}
	}
	if err != nil {
		return "", beforeMutation(err)
	}
	return result, nil
}

// ManualRegister hands over an offline answer, the base64 text from the Cloud console. The workspace saves before it checks, so that neither its
// success (A11) nor its failure (B6, B7) says whether it is registered now: check the grant before, and the status after.
func (s *Session) ManualRegister(ctx context.Context, blob string) error {
	s.redact(blob)
	return s.act(ctx, askManualRegister, arguments{body: map[string]string{"cloudBlob": blob}})
}

// HandOver gives the workspace a grant, as [Session.ManualRegister] does, for those who write a [Transport]. A grant that cannot register a workspace is
// refused with [ErrInvalidGrant], and not sent: the workspace would save it before it looks (A11, B6, B7). It must be unregistered: a fresh 3.0 takes a
// grant only once its setting Register_Server is off (C2), and this turns it off. A license that is in force is read before: the grant's takes its place (C6), and
// the Result's notes say so; where that one ends later, has a module more, is an
// offline license and the new one is not, or the new one is not valid there, that takes the consent of [Request].ReplaceLicense.
func (s *Session) HandOver(ctx context.Context, grant cloud.Grant) error {
	if err := grant.Check(); err != nil {
		return &Error{Kind: ErrInvalidGrant, Err: err, Remedies: failure.Ways(failure.NewAnswer), Certain: "nothing was sent"}
	}
	s.redact(grant.ClientSecret.Reveal())
	if err := s.mayReplaceLicense(ctx, grant.LicenseData); err != nil {
		return err
	}
	if s.can(askClearRegisterServer) {
		if err := s.clearRegisterServer(ctx); err != nil {
			return err
		}
	}
	return s.ManualRegister(ctx, grant.Blob())
}

// clearRegisterServer makes a 3.0 take a grant. With the setting off it takes one even when it is registered, and replaces what it has (C1, C2): only the status
// that is read here keeps a registration from being replaced.
func (s *Session) clearRegisterServer(ctx context.Context) error {
	if _, err := s.isRegisterServerOff(ctx); err != nil {
		return err
	}
	if err := s.act(ctx, askClearRegisterServer, arguments{body: map[string]bool{"value": false}}); err != nil {
		return err
	}
	// The server looks into its settings cache.
	cutShort, err := settle(ctx, s.workspace.Clock(), s.lag, func() (bool, error) { return s.isRegisterServerOff(ctx) })
	switch {
	case cutShort != nil:
		return beforeMutation(cutShort)
	case errors.Is(err, workspace.ErrRefused): // another program has registered it, which the setting has disconnected: it goes on again
		return errors.Join(err, s.act(ctx, askClearRegisterServer, arguments{body: map[string]bool{"value": true}}))
	}
	return err
}

// isRegisterServerOff reports whether the setting is off, as the server sees it; it fails for a workspace that is not unregistered.
func (s *Session) isRegisterServerOff(ctx context.Context) (bool, error) {
	wire, status, err := s.readStatus(ctx)
	switch {
	case err != nil:
		return false, beforeMutation(err)
	case status.State != Unregistered:
		return false, fmt.Errorf("%s: the workspace was registered meanwhile: %w", askManualRegister, workspace.ErrRefused)
	}
	return !truthy(wire.ConnectToCloud), nil
}

// Intent is a registration by e-mail that was started.
type Intent struct {
	DeviceCode      string
	UserCode        string        // of visible ASCII; empty when it cannot be shown
	VerificationURL string        // https, or http on this machine; empty without one that is safe to open
	Interval        time.Duration // between two polls
	ExpiresIn       time.Duration
}

// What a Cloud means that does not say: the values that it is known to use.
const (
	usualInterval = 5 * time.Second
	usualExpiry   = 15 * time.Minute
)

// StartEmail asks the Cloud, through the workspace, to send a confirmation message (from 4.4: POST cloud.createRegistrationIntent). Where its reply was lost, no
// status shows whether the message was sent: [ErrOutcomeUnknown].
func (s *Session) StartEmail(ctx context.Context, email string, resend bool) (Intent, error) {
	var reply struct {
		Data struct {
			DeviceCode      string  `json:"device_code"`
			UserCode        string  `json:"user_code"`
			VerificationURL string  `json:"verification_url"`
			Interval        float64 `json:"interval"`
			ExpiresIn       float64 `json:"expires_in"`
		} `json:"intentData"`
	}
	args := arguments{mutates: true, body: map[string]any{"resend": resend, "email": email}}
	_, err := s.ask(ctx, askStartEmail, args, &reply, nil)
	if err == nil && reply.Data.DeviceCode == "" {
		err = fmt.Errorf("%s: %w: it has no device code", askStartEmail, errIncomplete)
	}
	const certain = "a message that was sent already does no harm"
	switch {
	case lostReply(err):
		return Intent{}, &Error{Kind: ErrOutcomeUnknown, Err: err, Remedies: failure.Ways(failure.RunAgain), Certain: certain}
	case answeredInFront(err):
		return Intent{}, &Error{Err: err, Remedies: letPass(err).ways, Certain: certain}
	case refusedPlainly(err):
		return Intent{}, &Error{Kind: kindOf(err), Err: err, Certain: certain}
	case errors.Is(err, failure.ServerCutOff):
		return Intent{}, &Error{Kind: ErrRejected, Err: err, Remedies: failure.ServerCutOff.Remedies()}
	case errors.Is(err, failure.ServerSlowedDown):
		return Intent{}, &Error{Kind: ErrRateLimited, Err: err, Remedies: failure.Ways(failure.Wait)}
	case isRefusal(err) && !errors.Is(err, failure.OfflineLicense):
		return Intent{}, &Error{Kind: ErrRejected, Err: err, Remedies: failure.Ways(failure.CorrectEmail, failure.ReadLog)}
	case err != nil:
		return Intent{}, err
	}
	intent := Intent{
		DeviceCode: reply.Data.DeviceCode,
		Interval:   seconds(reply.Data.Interval, usualInterval),
		ExpiresIn:  seconds(reply.Data.ExpiresIn, usualExpiry),
	}
	// The message is on its way. What cannot be shown to a person is left out, which is no reason to fail.
	const longestCode = 64
	if httpclient.IsVisible(reply.Data.UserCode, longestCode) {
		intent.UserCode = reply.Data.UserCode
	}
	if httpclient.IsSafeLink(reply.Data.VerificationURL) {
		intent.VerificationURL = reply.Data.VerificationURL
	}
	return intent, nil
}

// seconds turns a number from the wire into a duration; what makes no sense becomes the usual value.
func seconds(n float64, usual time.Duration) time.Duration {
	const day = 24 * 60 * 60
	if !(n >= 1 && n <= 30*day) {
		return usual
	}
	return time.Duration(n * float64(time.Second))
}

// EmailTicket is the ticket of a registration by e-mail that a transport has started. Times of an intent that make no sense become the usual ones.
func (s *Session) EmailTicket(t Info, email string, intent Intent) Ticket {
	ticket := s.NewTicket(t)
	ticket.Email = email
	ticket.UserCode = intent.UserCode
	ticket.VerificationURL = intent.VerificationURL
	ticket.DeviceCode = intent.DeviceCode
	ticket.Expires = ticket.Created.Add(seconds(intent.ExpiresIn.Seconds(), usualExpiry))
	ticket.Interval = int(seconds(intent.Interval.Seconds(), usualInterval) / time.Second)
	return ticket
}

// PollEmail asks whether the message was confirmed (from 4.4: GET cloud.confirmationPoll). Asking acts: on a confirmed code the workspace registers
// itself, even when it is registered already (C1), and answers with its new secrets, which are not read here. Until it is confirmed, the answer is
// {"status": "authorization_pending"}, and this is false. {"successful": false} is the Cloud's refusal of a message that was answered (A13): [ErrRejected].
func (s *Session) PollEmail(ctx context.Context, deviceCode string) (confirmed bool, err error) {
	var reply struct {
		Data struct {
			Status     string `json:"status"`
			Successful *bool  `json:"successful"`
		} `json:"pollData"`
	}
	args := arguments{mutates: true, query: url.Values{"deviceCode": {deviceCode}}}
	_, err = s.ask(ctx, askPollEmail, args, &reply, nil)
	switch successful := reply.Data.Successful; {
	case err != nil:
		return false, unknownCode(err)
	case successful == nil && reply.Data.Status == "authorization_pending":
		return false, nil
	case successful == nil:
		return false, fmt.Errorf("%s: %w: it says neither that the message was answered nor that it was not", askPollEmail, errIncomplete)
	case !*successful:
		return false, &Error{Kind: ErrRejected, Err: failure.EmailDenied}
	}
	return true, nil
}

// unknownCode adds [cloud.ErrInvalidDeviceCode] to a failed poll where the Cloud has refused the workspace, and was not just away for a moment.
func unknownCode(err error) error {
	var failed *workspace.Error
	if !errors.As(err, &failed) || !errors.Is(failed, failure.ServerTurnedDown) {
		return err
	}
	refused := *failed
	refused.Err = errors.Join(cloud.ErrInvalidDeviceCode, failed.Err)
	return &refused
}

// seenLicense is the license of a workspace that is about to be given a grant, or why it could not be seen.
type seenLicense struct {
	License

	err error
}

// seeLicense reads the license that a grant may replace, for the notes of the operation that ctx belongs to. Outside an operation there are no notes.
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

// mayReplaceLicense sees the license in force, and refuses to replace it by a worse one without consent. Nothing was handed over then.
func (s *Session) mayReplaceLicense(ctx context.Context, brought cloud.LicenseData) error {
	s.seeLicense(ctx)
	kept := notesOf(ctx)
	if kept == nil || kept.replaceLicense || kept.license == nil || kept.license.State != LicenseInForce {
		return nil
	}
	address := brought.Address
	if address == "" {
		address = s.Address()
	}
	against := kept.license.betterThan(license.Read(brought.License.Reveal()), address, s.Clock().Now())
	if len(against) == 0 {
		return nil
	}
	why := httpclient.Sentence(strings.Join(against, "; "), nil)
	return &Error{Kind: failure.LicenseWorse, Err: fmt.Errorf("in force is %s; the one that would replace it: %s", kept.license.described(), why), Remedies: failure.Ways(failure.ReplaceLicense),
		Certain: "nothing was handed over, and what the Cloud gave is kept for that"}
}

// betterThan says in what a license in force is better than one of a text; nothing where it is not, or where that cannot be told.
func (l License) betterThan(text *license.License, address string, now time.Time) []string {
	if text == nil {
		return nil
	}
	against := text.Against(address, now)
	if until := text.Expires(); !until.IsZero() && l.Expires.After(until) {
		against = append(against, "it ends on "+until.UTC().Format(time.DateOnly))
	}
	lost := slices.DeleteFunc(slices.Clone(l.Modules), func(module string) bool { return slices.Contains(text.Modules(), module) })
	if len(lost) > 0 {
		against = append(against, "it lacks "+strings.Join(lost, ", "))
	}
	if l.Offline && !text.Information.Offline {
		against = append(against, "it is no offline license")
	}
	return against
}
