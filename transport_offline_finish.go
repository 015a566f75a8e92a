package registration

import (
	"context"
	"errors"
	"fmt"

	"github.com/rcreg/registration/offline"
)

// Finish archives the requests whose answers have reached the workspace.
func (t gap) Finish(_ context.Context, d *Dialect, r Result) error {
	if t.folder == nil || t.state == nil {
		return nil
	}
	requester := t.requester(d)
	closing, err := requester.Closing(r.After.UniqueID)
	pending, pendingErr := requester.Pending(r.After.UniqueID)
	if err := errors.Join(err, pendingErr); err != nil {
		return err
	}
	for _, request := range closing {
		err = errors.Join(err, requester.Close(request.ID()))
	}
	for _, request := range pending {
		if isFinishedBy(request, r) {
			err = errors.Join(err, closeAnswered(requester, request, r))
		}
	}
	return err
}

// isFinishedBy tells whether a request asks for what an operation has brought to its end.
func isFinishedBy(request offline.Request, r Result) bool {
	return request.Kind() == offline.Registration && r.License == nil || request.Kind() == offline.License && r.License != nil
}

// closeAnswered closes a request, unless what the workspace has now came over another road.
func closeAnswered(requester *offline.Requester, request offline.Request, r Result) error {
	answer, err := requester.Answer(request.ID())
	switch {
	case errors.Is(err, offline.ErrNoAnswer):
		return fmt.Errorf("request %s is still open, although the workspace was registered otherwise: withdraw it", request.ID())
	case err != nil:
		return err
	case request.Kind() == offline.Registration && answer.Grant().WorkspaceID != r.After.WorkspaceID:
		return fmt.Errorf("the answer to request %s is for workspace %s, and the workspace was registered otherwise: withdraw the request, and remove workspace %[2]s in the Cloud console",
			request.ID(), answer.Grant().WorkspaceID)
	}
	return requester.Close(request.ID())
}

// fromGap translates a failure of the exchange. The workspace was not asked to change anything then.
func fromGap(err error) error {
	for _, m := range []struct {
		from, to error
		advice   string
	}{
		{offline.ErrFolderAway, nil, "put the stick in, then run the operation again"},
		{offline.ErrReadableByOthers, ErrInvalidInput, "make the state folder yours alone (chmod 700), and see who could read it"},
		{offline.ErrUnknownRequest, ErrInvalidInput, "use the state folder in which the request was made; or start again, which writes a new request"},
		{offline.ErrTruncated, ErrInvalidGrant, "copy the answer again, in full"},
		{offline.ErrTooLarge, ErrInvalidGrant, replaceAnswer},
		{offline.ErrSymbolicLink, ErrInvalidGrant, replaceAnswer},
		{offline.ErrNotRegular, ErrInvalidGrant, replaceAnswer},
		{offline.ErrLeadsOut, ErrInvalidGrant, replaceAnswer},
		{offline.ErrNewerFormat, ErrInvalidGrant, "upgrade to the version that wrote it"},
		{offline.ErrEdited, ErrInvalidGrant, replaceAnswer},
		{offline.ErrOtherWorkspace, ErrInvalidGrant, "take it to the workspace that it is for; " + replaceAnswer},
		{offline.ErrOtherRequest, ErrInvalidGrant, replaceAnswer},
		{offline.ErrUsed, ErrInvalidGrant, "start again, which writes a new request: an answer works once"},
		{offline.ErrCannotOpen, ErrInvalidGrant, replaceAnswer},
		{offline.ErrUnusable, ErrInvalidGrant, replaceAnswer},
		{offline.ErrMalformed, ErrInvalidGrant, replaceAnswer},
	} {
		if errors.Is(err, m.from) {
			return &Error{Kind: m.to, Err: err, Advice: m.advice}
		}
	}
	return &Error{Err: err, Advice: "look at the folder that it names, then run the operation again: nothing is lost"}
}

const replaceAnswer = "let the courier write the answer again, or copy the code from the Cloud console once more; nothing was handed over"
