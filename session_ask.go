package registration

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/rcreg/registration/internal/httpclient"
	"github.com/rcreg/registration/workspace"
)

// can reports whether the version has a call for a question; a nil session has none.
func (s *Session) can(q question) bool { return s != nil && s.server.calls[q] != nil }

// conceal keeps what is handed over out of errors and values.
func (s *Session) conceal(text string) {
	if s != nil {
		s.workspace.Conceal(text)
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
