package offline

import (
	"bytes"
	"errors"
	"slices"
	"time"

	"github.com/rcreg/registration/internal/clock"
	"github.com/rcreg/registration/internal/document"
)

// Clock tells the time and waits; tests replace it.
type Clock = clock.Clock

// Requester is the workspace's side of an air gap: it writes requests into the exchange folder, and checks the answers that come back. It is safe for
// concurrent use. An empty or nil one fails.
type Requester struct {
	Folder *Folder
	State  *State
	Clock  Clock // nil is the machine's
}

// Ask writes a request with the registration data that the workspace gave, and keeps its key in the state folder. Where the workspace has asked for the
// same before and that request is not closed, it stands: it is returned, and its files are written again if they got lost.
// Errors: [ErrMalformed], [ErrTooLarge] or [cloud.ErrInvalidRegistrationData] for the registration data, the last also where a workspace has no address; [ErrLocked] while another run asks for the same workspace; and those of the file system. After an error with the exchange folder the request
// is pending all the same: ask again once the folder is back.
func (r *Requester) Ask(kind Kind, registrationData string) (Request, error) {
	r = r.orEmpty()
	request, identity, err := newRequest(kind, registrationData, r.now())
	if err != nil {
		return Request{}, failed("ask", "", err)
	}
	if standing, err := r.askedBefore(request); err != nil || standing.ID() != "" {
		return standing, err
	}
	// Two requests at once would cost two tokens.
	release, err := r.State.holdAsking(request.Workspace().UniqueID)
	if err != nil {
		return Request{}, failed("ask", "", err)
	}
	defer func() { _ = release() }() // what was to be kept is kept
	if standing, err := r.askedBefore(request); err != nil || standing.ID() != "" {
		return standing, err
	}
	if err := r.State.keepPending(pending{request, identity}); err != nil {
		return Request{}, failed("keep the key", request.ID(), err)
	}
	return request, failed("ask", request.ID(), r.Folder.writeRequest(request))
}

// askedBefore returns the request that stands already for the same, or none, and sees to its files.
func (r *Requester) askedBefore(request Request) (Request, error) {
	all, err := r.Pending(request.Workspace().UniqueID)
	if err != nil {
		return Request{}, err
	}
	i := slices.IndexFunc(all, func(p Request) bool { return p.Kind() == request.Kind() })
	if i < 0 {
		return Request{}, nil
	}
	return all[i], failed("ask again", all[i].ID(), r.restore(all[i]))
}

// restore writes the files of a request again, unless they are there as they should be.
func (r *Requester) restore(request Request) error {
	doc, _ := r.Folder.read(requestsFolder, request.ID(), document.Suffix)
	text, _ := r.Folder.read(requestsFolder, request.ID(), textSuffix)
	if bytes.Equal(doc, request.Text()) && string(text) == request.RegistrationData() {
		return nil
	}
	return r.Folder.writeRequest(request)
}

// Pending returns the requests of a workspace that are not closed, the oldest first. Without a unique id it returns those of all workspaces.
func (r *Requester) Pending(uniqueID string) ([]Request, error) { return r.all(uniqueID, false) }

// Closing returns the requests of a workspace whose closing was interrupted, for example since the stick was away: close them again.
func (r *Requester) Closing(uniqueID string) ([]Request, error) { return r.all(uniqueID, true) }

func (r *Requester) all(uniqueID string, used bool) ([]Request, error) {
	r = r.orEmpty()
	all, err := r.State.allPending(uniqueID, used)
	if err != nil {
		return nil, failed("read the pending requests", "", err)
	}
	requests := make([]Request, len(all))
	for i, p := range all {
		requests[i] = p.request
	}
	slices.SortStableFunc(requests, func(a, b Request) int { return a.Created().Compare(b.Created()) })
	return requests, nil
}

// Close ends a request whose answer has reached the workspace: call it only once the workspace is seen registered, or the license in force. It notes the
// answer as used, archives request and answer in the exchange folder, and deletes the key. The archive holds no secret in clear: a code from the
// console is sealed before. When the exchange folder is away, the error says so, and closing can be tried again. A closed request is no error.
func (r *Requester) Close(id string) error {
	r = r.orEmpty()
	const op = "close the request"
	p, err := r.State.pendingOrClosing(id)
	if errors.Is(err, ErrUnknownRequest) {
		if used, _ := r.State.isUsed(id); used {
			return nil
		}
	}
	if err != nil {
		return failed(op, id, err)
	}
	answer, doc, err := r.kept(p)
	if errors.Is(err, ErrNoAnswer) {
		// What was received goes only after everything was archived: closing was interrupted between that and the key.
		if used, _ := r.State.isUsed(id); used {
			return failed(op, id, r.State.forget(id))
		}
	}
	if err != nil {
		return failed(op, id, err)
	}
	if err := r.State.markUsed(answer, r.now()); err != nil {
		return failed(op, id, err)
	}
	if err := r.Folder.archive(p.request, doc); err != nil {
		return failed("archive the request", id, err)
	}
	return failed(op, id, r.State.forget(id))
}

// Withdraw takes back a request whose answer did not reach the workspace, also one that is damaged: its files in the exchange folder and its key are deleted, and what was received
// for it. Withdraw a request that a courier may have answered only when the workspace was registered otherwise: the token is spent. Errors:
// [ErrUnknownRequest] and [ErrClosed], and those of the file system.
func (r *Requester) Withdraw(id string) error {
	r = r.orEmpty()
	const op = "withdraw the request"
	if err := r.State.isUnused(id); err != nil {
		return failed(op, id, err)
	}
	if _, err := r.State.pendingName(id); err != nil { // it may be damaged, but it must be ours
		return failed(op, id, err)
	}
	if err := r.Folder.forget(id); err != nil {
		return failed(op, id, err)
	}
	return failed(op, id, r.State.forget(id))
}

// orEmpty returns an empty requester, which fails, in the place of none.
func (r *Requester) orEmpty() *Requester {
	if r == nil {
		return &Requester{}
	}
	return r
}

func (r *Requester) now() time.Time { return clockOr(r.Clock).Now() }

// clockOr returns the machine's clock in the place of none.
func clockOr(c Clock) Clock {
	if c == nil {
		return clock.System()
	}
	return c
}
