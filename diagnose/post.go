package diagnose

import (
	"context"
	"errors"

	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/workspace"
)

// tryPost looks whether a POST comes through to the workspace, as every act needs it. The one that is sent does nothing in any version: the status can only be read,
// and servers refuse its POST as a call that they do not have.
func (e *examination) tryPost(ctx context.Context) {
	limited, cancel := look(ctx)
	defer cancel()
	err := e.workspace.Post(limited, "cloud.registrationStatus", nil, nil)
	switch {
	case err == nil, errors.Is(err, workspace.ErrNoSuchCall) && !errors.Is(err, workspace.ErrReplyLost), wasAnswered(err):
		e.add(CheckPost, OK, "a POST comes through to the workspace", nil)
	case e.ended(ctx, CheckPost, err):
	case errors.Is(err, workspace.ErrNotRocketChat) && !errors.Is(err, workspace.ErrRateLimited):
		evidence, _ := describe(err)
		e.add(CheckPost, Problem, "a GET comes through to the workspace and a POST does not, as behind a proxy that refuses it: "+evidence, failure.Way(failure.LetPass, "POST /api/v1/*"))
	default:
		evidence, remedies := describe(err)
		e.add(CheckPost, Unknown, "it does not show whether a POST comes through to the workspace: "+evidence, remedies)
	}
}

// wasAnswered reports whether Rocket.Chat itself has refused a call.
func wasAnswered(err error) bool {
	for _, doubt := range []error{workspace.ErrNotRocketChat, workspace.ErrReplyLost, workspace.ErrNotSent, workspace.ErrRateLimited, workspace.ErrBadReply, workspace.ErrInternal, failure.ServerAway} {
		if errors.Is(err, doubt) {
			return false
		}
	}
	failed := (*workspace.Error)(nil)
	return errors.As(err, &failed) && failed.Status != 0
}
