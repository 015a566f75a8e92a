package offline

import (
	"context"
	"errors"
	"fmt"

	"github.com/rcreg/registration"
)

// Finish archives the requests whose answers have reached the workspace.
func (t transport) Finish(_ context.Context, s *registration.Session, r registration.Result) error {
	// Without a unique id the requests of all workspaces would be meant.
	if r.After.UniqueID == "" {
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
func closeInterrupted(requester *Requester, uniqueID string) error {
	closing, err := requester.Closing(uniqueID)
	for _, request := range closing {
		err = errors.Join(err, requester.Close(request.ID()))
	}
	return err
}

// isFinishedBy reports whether a request asks for what an operation has brought to its end.
func isFinishedBy(request Request, r registration.Result) bool {
	return request.Kind() == Registration && r.License == nil || request.Kind() == License && r.License != nil
}

// closeAnswered closes a request, unless what the workspace has now came over another transport.
func closeAnswered(requester *Requester, request Request, r registration.Result) error {
	answer, err := requester.Answer(request.ID())
	switch {
	case errors.Is(err, ErrNoAnswer):
		return fmt.Errorf("request %s is still open, although the workspace was registered otherwise: withdraw it", request.ID())
	case errors.Is(err, ErrClosed):
		return nil // by another run
	case err != nil:
		return err
	case request.Kind() == Registration && answer.Grant().WorkspaceID != r.After.WorkspaceID:
		return fmt.Errorf("the answer to request %s is for workspace %s, and the workspace was registered otherwise: withdraw the request, and remove workspace %[2]s in the Cloud console",
			request.ID(), answer.Grant().WorkspaceID)
	}
	return requester.Close(request.ID())
}
