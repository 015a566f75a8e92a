package registration

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/rcreg/registration/internal/httpclient"
	"github.com/rcreg/registration/workspace"
)

// Session calls the Cloud-related API of one workspace, by the endpoint that its version has, and returns what it answered.
//
// An answer is a claim, not the truth: docs/traps.md says which must not be believed. [Client] is what checks them; a Session is for those who
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

// can reports whether the version has a call for a question; a nil session has none.
func (s *Session) can(q question) bool { return s != nil && s.server.calls[q] != nil }

// redact keeps what is handed over out of errors and values.
func (s *Session) redact(text string) {
	if s != nil {
		s.workspace.Redact(text)
	}
}

// arguments is what a question carries, in the form of each kind of call.
type arguments struct {
	query   url.Values // of a GET
	body    any        // of a POST
	params  []any      // of a method
	mutates bool       // the call changes something: it must not be repeated
}

// ask asks by the first alternative that the server has, and decodes the answer into rest or, where it was a method, into result.
func (s *Session) ask(ctx context.Context, q question, args arguments, rest, result any) (viaMethod bool, err error) {
	if s == nil || s.workspace == nil || ctx == nil {
		return false, fmt.Errorf("%s: the session is empty, or the context nil: take the session from a client that registration.New has made: %w", q, workspace.ErrInvalidRequest)
	}
	if !s.can(q) {
		return false, fmt.Errorf("%s: %w", q, ErrUnsupported)
	}
	if args.mutates {
		limited, cancel := context.WithTimeout(ctx, s.timeout)
		defer cancel()
		ctx = httpclient.WithLimit(limited, s.timeout)
	} else {
		ctx = withReadTimeout(ctx, s.readTimeout)
	}
	alternatives, first := s.server.calls[q], int(s.learned[q].Load())
	for i := range alternatives {
		at := (first + i) % len(alternatives)
		c := alternatives[at]
		var tried error
		switch {
		case c.isMethod() && args.mutates:
			tried = s.workspace.CallMethod(ctx, c.name, result, args.params...)
		case c.isMethod():
			tried = s.workspace.ReadMethod(ctx, c.name, result, args.params...)
		case c.verb == http.MethodPost:
			tried = s.workspace.Post(ctx, c.name, args.body, rest)
		case args.mutates:
			tried = s.workspace.GetOnce(ctx, c.name, args.query, rest)
		default:
			tried = s.workspace.Get(ctx, c.name, args.query, rest)
		}
		tried = c.lacking(tried, s.server)
		if err == nil || !isMissing(tried) {
			viaMethod, err = c.isMethod(), tried
		}
		if !mayTryNext(tried, args) {
			s.learned[q].Store(int32(at)) //nolint:gosec // there are two alternatives
			break
		}
	}
	return viaMethod, err
}

// lacking says in a refusal which permission the call takes.
func (c call) lacking(err error, of serverVersion) error {
	failed, ok := err.(*workspace.Error) //nolint:errorlint // as the call returned it
	if !ok || !errors.Is(failed.Kind, workspace.ErrForbidden) {
		return err
	}
	refused := *failed
	refused.Permission = c.permission(of)
	return &refused
}

// mayTryNext reports whether the next alternative may do better: this one is not there, or wants the role admin for what the other gives to anybody
// with the permission manage-cloud (the status, 4.6 to 6.13).
//
// After a call that mutates, and may have run all the same, such as a POST that a web page answers, no alternative is tried.
func mayTryNext(err error, args arguments) bool {
	if args.mutates {
		return isMissing(err) && !errors.Is(err, workspace.ErrReplyLost)
	}
	return isMissing(err) || errors.Is(err, workspace.ErrForbidden)
}

// isMissing reports whether the server does not have a call. What an offline license forbids no other call allows.
func isMissing(err error) bool {
	return errors.Is(err, workspace.ErrNoSuchCall) && !errors.Is(err, workspace.ErrOfflineLicense)
}

// act is ask for calls that mutate and answer yes or no: a method's result, or a REST success. A no is [workspace.ErrRefused]; what is neither proves
// nothing, and counts as a lost reply.
func (s *Session) act(ctx context.Context, q question, args arguments) error {
	var yes any
	args.mutates = true
	viaMethod, err := s.ask(ctx, q, args, nil, &yes)
	switch {
	case err != nil || !viaMethod || yes == true:
		return err
	case yes == false || yes == nil:
		return fmt.Errorf("%s: the workspace answered %v: %w", q, yes, workspace.ErrRefused)
	}
	return fmt.Errorf("%s: the workspace answered neither yes nor no: %w: %w", q, workspace.ErrBadReply, workspace.ErrReplyLost)
}
