package registration

import (
	"context"
	"encoding/json"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/httpclient"
	"github.com/rcreg/registration/workspace"
)

// Session calls the Cloud-related API of one workspace, by the endpoint that its version has, and returns what it answered.
//
// An answer is a claim, not the truth: docs/architecture.md says which must not be believed. [Client] is what checks them; a Session is for those who
// write a [Transport], or ask for things that nothing depends on, such as a checkout link. A call that the version does not have fails with
// [ErrUnsupported]; other errors are, or wrap, those of the [workspace] package. A Session is safe for concurrent use.
type Session struct {
	workspace *workspace.Client
	server    serverVersion
	timeout   time.Duration // of one call that changes something
	// readTimeout is how long the workspace may take to answer one question; zero means the default.
	readTimeout time.Duration
	lag         time.Duration // how long the settings cache may trail
	// learned is which of the alternatives the server turned out to have.
	learned [questions]atomic.Int32
}

// Address is the workspace's address; empty for an empty session.
func (s *Session) Address() string {
	if s == nil || s.workspace == nil {
		return ""
	}
	return s.workspace.Address()
}

// Clock is the workspace's clock; nil for an empty session.
func (s *Session) Clock() workspace.Clock {
	if s == nil || s.workspace == nil {
		return nil
	}
	return s.workspace.Clock()
}

// Status asks for the registration status, as the workspace sees it.
func (s *Session) Status(ctx context.Context) (Status, error) {
	_, status, err := s.readStatus(ctx)
	return status, err
}

// readStatus reads the status, also as it was sent.
func (s *Session) readStatus(ctx context.Context) (wireStatus, Status, error) {
	var rest struct {
		Status wireStatus `json:"registrationStatus"`
	}
	var result wireStatus
	viaMethod, err := s.ask(ctx, askStatus, arguments{}, &rest, &result)
	if err != nil {
		return wireStatus{}, Status{}, err
	}
	if !viaMethod {
		result = rest.Status
	}
	status, ok := result.status()
	if !ok {
		return wireStatus{}, Status{}, fmt.Errorf("%s: the answer has no workspaceRegistered: %w", askStatus, workspace.ErrBadReply)
	}
	return result, status, nil
}

// Connect hands the workspace a registration token from the Cloud console. Up to 6.4 nothing proves the new credentials yet (A8); from 6.5 the
// workspace also syncs. Where the workspace certainly did not use the token, the error is an [*Error] that says so.
func (s *Session) Connect(ctx context.Context, token string) error {
	s.conceal(token)
	err := s.act(ctx, askConnect, arguments{
		body:   map[string]string{"token": token},
		params: []any{token},
	})
	if provenUndone(err) {
		return &Error{Kind: kindOf(err), Err: err, Unspent: true}
	}
	return err
}

// ReachesCloud asks whether the workspace reaches the Cloud (from 6.0). False may also mean that its oldest user has no e-mail address (A12).
func (s *Session) ReachesCloud(ctx context.Context) (bool, error) {
	var reply struct {
		Offline *bool `json:"offline"`
	}
	if _, err := s.ask(ctx, askReachesCloud, arguments{body: struct{}{}, mutates: true}, &reply, nil); err != nil {
		return false, err
	}
	if reply.Offline == nil {
		return false, fmt.Errorf("%s: the answer does not say offline or not: %w", askReachesCloud, workspace.ErrBadReply)
	}
	return !*reply.Offline, nil
}

// Sync asks for a sync with the Cloud. Success proves nothing on a workspace that is not registered (A1), and from 6.5 may come with its removal (A2).
func (s *Session) Sync(ctx context.Context) error {
	return s.act(ctx, askSync, arguments{body: struct{}{}})
}

// Disconnect asks the workspace to stop using its registration (up to 6.4). The answer is always yes (A6).
func (s *Session) Disconnect(ctx context.Context) error {
	return s.act(ctx, askDisconnect, arguments{})
}

// Reconnect asks the workspace to use its registration again (up to 6.4): 6.0 to 6.4 the method, below the setting Register_Server, which takes
// a second factor from 3.18. The answer proves nothing (A7).
func (s *Session) Reconnect(ctx context.Context) error {
	return s.act(ctx, askReconnect, arguments{body: map[string]bool{"value": true}})
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
	if err == nil && result == "" {
		err = fmt.Errorf("%s: the answer is empty: %w", askRegistrationData, workspace.ErrBadReply)
	}
	if err != nil {
		return "", beforeMutation(err)
	}
	return result, nil
}

// ManualRegister hands over an offline answer, the base64 text from the Cloud console. The workspace saves before it checks, so that neither its
// success (A11) nor its failure (B6, B7) says whether it is registered now: check the grant before, and the status after.
func (s *Session) ManualRegister(ctx context.Context, blob string) error {
	s.conceal(blob)
	return s.act(ctx, askManualRegister, arguments{body: map[string]string{"cloudBlob": blob}})
}

// HandOver gives the workspace a grant, as [Session.ManualRegister] does, for those who write a [Transport]. A grant that cannot register a workspace is
// refused with [ErrInvalidGrant], and not sent: the workspace would save it before it looks (A11, B6, B7). It must be unregistered: a fresh 3.0 takes a
// grant only once its setting Register_Server is off (C2), and this turns it off. A license that is in force is read before: the grant's takes its place (C6), and
// the Result's notes say so.
func (s *Session) HandOver(ctx context.Context, grant cloud.Grant) error {
	if err := grant.Check(); err != nil {
		return &Error{Kind: ErrInvalidGrant, Err: err, Remedies: failure.Ways(failure.NewAnswer), Certain: "nothing was sent"}
	}
	s.conceal(grant.ClientSecret.Reveal())
	s.seeLicense(ctx)
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
	if cutShort != nil {
		return beforeMutation(cutShort)
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

// CheckoutURL asks for the link to buy or to change a plan (from 6.5). The workspace syncs first, and on any failure answers with one
// fixed link to the sales department (A10). A link is https, or http on this machine, and of visible ASCII; anything else is [workspace.ErrBadReply].
func (s *Session) CheckoutURL(ctx context.Context) (string, error) {
	var reply struct {
		URL string `json:"url"`
	}
	_, err := s.ask(ctx, askCheckoutURL, arguments{mutates: true}, &reply, nil)
	if err == nil && !httpclient.IsSafeLink(reply.URL) {
		err = fmt.Errorf("%s: the answer is no link that is safe to open: %w", askCheckoutURL, workspace.ErrBadReply)
	}
	if err != nil {
		return "", err
	}
	return reply.URL, nil
}

// License asks for the license in force (from 3.10): the reply of licenses.get or, from 6.5, licenses.info, in the server's own form.
func (s *Session) License(ctx context.Context) (json.RawMessage, error) {
	var reply json.RawMessage
	_, err := s.ask(ctx, askLicense, arguments{}, &reply, nil)
	return reply, err
}

// ValidateLicense asks whether a license text would be accepted, without applying it (from 8.7).
func (s *Session) ValidateLicense(ctx context.Context, text string) error {
	return s.act(ctx, askValidateLicense, arguments{body: map[string]string{"license": text}})
}

// ApplyLicense hands over a license text (from 3.10). Success means well-formed and signed, not valid here (A14): read it back.
func (s *Session) ApplyLicense(ctx context.Context, text string) error {
	return s.act(ctx, askApplyLicense, arguments{body: map[string]string{"license": text}})
}

// RemoveLicense drops the Cloud's license (from 6.5). It answers success when the Cloud refused, and when it has just unregistered the workspace (A9).
func (s *Session) RemoveLicense(ctx context.Context) error {
	return s.act(ctx, askRemoveLicense, arguments{body: struct{}{}})
}

// ConfirmDeployment answers the question of POST fingerprint (from 6.5): is this a new workspace or a moved one?
// In 6.5 to 8.5 any logged-in user may.
func (s *Session) ConfirmDeployment(ctx context.Context, as Deployment) error {
	return s.act(ctx, askConfirmDeployment, arguments{body: map[string]string{"setDeploymentAs": string(as)}})
}
