package registration

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"github.com/rcreg/registration/internal/httpclient"
	"github.com/rcreg/registration/workspace"
)

// calls are those that the version knows: none where the session is nil, so that every question ends in ask.
func (s *Session) calls() chosen {
	if s == nil {
		return chosen{}
	}
	return s.table
}

// clock is the workspace's.
func (s *Session) clock() workspace.Clock {
	if s == nil {
		return nil
	}
	return s.workspace.Clock()
}

// conceal keeps what is handed over out of errors and values.
func (s *Session) conceal(text string) {
	if s != nil {
		s.workspace.Conceal(text)
	}
}

// arguments is what a question carries, in the form of each road.
type arguments struct {
	query  url.Values // of a GET
	body   any        // of a POST
	params []any      // of a method
	acts   bool       // asking changes something: it must not be repeated
}

// ask puts a question over the first call of its road that the server has, and decodes the answer into rest or into result, as the road goes.
func (s *Session) ask(ctx context.Context, question string, r road, args arguments, rest, result any) (viaMethod bool, err error) {
	if s == nil || s.workspace == nil || ctx == nil {
		return false, fmt.Errorf("%s: the session is empty, or the context nil: take the session from a client that registration.New has made: %w", question, workspace.ErrInvalidRequest)
	}
	if len(r) == 0 {
		return false, fmt.Errorf("%s: %w", question, ErrUnsupported)
	}
	if args.acts {
		limited, cancel := context.WithTimeout(ctx, s.patience)
		defer cancel()
		ctx = httpclient.WithLimit(limited, s.patience)
	} else {
		ctx = withReadTimeout(ctx, s.readTimeout)
	}
	start := 0
	if known, ok := s.learned.Load(question); ok {
		start = known.(int)
	}
	for i := range r {
		at := (start + i) % len(r)
		tried := s.send(ctx, r[at], args, rest, result)
		if err == nil || !errors.Is(tried, workspace.ErrNoSuchCall) {
			viaMethod, err = r[at].isMethod(), tried
		}
		if mayTryNext(tried, args) {
			continue
		}
		if at != start {
			s.learned.Store(question, at)
		}
		break
	}
	return viaMethod, err
}

// mayTryNext reports whether the next call of a road may do better: this one is not there, or wants the role admin for what the other gives to anybody
// with the permission manage-cloud (the status, 4.6 to 6.13).
//
// An act that may have run all the same, such as a POST that a web page answers, is never tried over another road.
func mayTryNext(err error, args arguments) bool {
	if args.acts {
		return errors.Is(err, workspace.ErrNoSuchCall) && !errors.Is(err, workspace.ErrReplyLost)
	}
	return errors.Is(err, workspace.ErrNoSuchCall) || errors.Is(err, workspace.ErrForbidden)
}

func (s *Session) send(ctx context.Context, c call, args arguments, rest, result any) error {
	switch {
	case c.isMethod() && args.acts:
		return s.workspace.CallMethod(ctx, c.name, result, args.params...)
	case c.isMethod():
		return s.workspace.ReadMethod(ctx, c.name, result, args.params...)
	case c.verb == "POST":
		return s.workspace.Post(ctx, c.name, args.body, rest)
	case args.acts:
		return s.workspace.GetOnce(ctx, c.name, args.query, rest)
	default:
		return s.workspace.Get(ctx, c.name, args.query, rest)
	}
}

// act is ask for questions whose answer is yes or no: a method's result, or a REST success. A no is [workspace.ErrRefused]; what is neither proves
// nothing, and counts as a lost reply.
func (s *Session) act(ctx context.Context, question string, r road, args arguments) error {
	var yes any
	args.acts = true
	viaMethod, err := s.ask(ctx, question, r, args, nil, &yes)
	switch {
	case err != nil || !viaMethod || yes == true:
		return err
	case yes == false || yes == nil:
		return fmt.Errorf("%s: the workspace answered %v: %w", question, yes, workspace.ErrRefused)
	}
	return fmt.Errorf("%s: the workspace answered neither yes nor no: %w: %w", question, workspace.ErrBadReply, workspace.ErrReplyLost)
}
