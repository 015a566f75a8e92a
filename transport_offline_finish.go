package registration

import (
	"context"
	"errors"
	"fmt"

	"github.com/rcreg/registration/offline"
)

// Finish archives the requests whose answers have reached the workspace.
func (t gap) Finish(_ context.Context, s *Session, r Result) error {
	// Without a unique id the requests of all workspaces would be meant.
	if t.folder == nil || t.state == nil || r.After.UniqueID == "" {
		return nil
	}
	requester := t.requester(s)
	err := closeInterrupted(requester, r.After.UniqueID)
	pending, pendingErr := requester.Pending(r.After.UniqueID)
	err = errors.Join(err, pendingErr)
	for _, request := range pending {
		if isFinishedBy(request, r) {
			err = errors.Join(err, closeAnswered(requester, request, r))
		}
	}
	return err
}

// closeInterrupted closes the requests of a workspace whose closing was interrupted, such as by a stick that was pulled out.
func closeInterrupted(requester *offline.Requester, uniqueID string) error {
	closing, err := requester.Closing(uniqueID)
	for _, request := range closing {
		err = errors.Join(err, requester.Close(request.ID()))
	}
	return err
}

// isFinishedBy reports whether a request asks for what an operation has brought to its end.
func isFinishedBy(request offline.Request, r Result) bool {
	return request.Kind() == offline.Registration && r.License == nil || request.Kind() == offline.License && r.License != nil
}

// closeAnswered closes a request, unless what the workspace has now came over another road.
func closeAnswered(requester *offline.Requester, request offline.Request, r Result) error {
	answer, err := requester.Answer(request.ID())
	switch {
	case errors.Is(err, offline.ErrNoAnswer):
		return fmt.Errorf("request %s is still open, although the workspace was registered otherwise: withdraw it", request.ID())
	case errors.Is(err, offline.ErrClosed):
		return nil // by another run
	case err != nil:
		return err
	case request.Kind() == offline.Registration && answer.Grant().WorkspaceID != r.After.WorkspaceID:
		return fmt.Errorf("the answer to request %s is for workspace %s, and the workspace was registered otherwise: withdraw the request, and remove workspace %[2]s in the Cloud console",
			request.ID(), answer.Grant().WorkspaceID)
	}
	return requester.Close(request.ID())
}
