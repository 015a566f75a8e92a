package registration

import (
	"context"
	"errors"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/offline"
)

// Offline returns the transport across an air gap: requests and answers are files in an exchange folder, which is carried.
//
// Register takes a request without token and e-mail address, writes it into the folder and returns a [*PendingError]. An [offline.Courier] answers it
// on the other side, or a person in the Cloud console. [Client.Resume] and [Client.Wait], or Register again, look for the answer, check it, hand it
// over, and archive both. The state folder holds the key that opens the answer, and what was received: it must not be carried along.
//
// Sync across a gap is a refresh of the license, in the same way; see [Client.Sync].
func Offline(folder *offline.Folder, state *offline.State) Transport {
	return gap{folder: folder, state: state}
}

type gap struct {
	ownSwitch
	folder *offline.Folder
	state  *offline.State
}

var (
	_ RequestChecker = gap{}
	_ Poller         = gap{}
	_ LicenseFetcher = gap{}
	_ Disconnector   = gap{}
	_ Finisher       = gap{}
	_ GrantKeeper    = gap{}
)

func (gap) Name() string { return "offline" }

// KeepsGrants tells that an answer stays in the folder until it has reached its workspace.
func (gap) KeepsGrants() bool { return true }

func (t gap) CheckRequest(_ *Session, r Request) error {
	if err := t.checkFolders(); err != nil {
		return err
	}
	if r != (Request{}) {
		return &Error{Kind: ErrInvalidInput, Err: errors.New("an air gap carries no token and no e-mail address"),
			Remedies: failure.Ways(failure.EmptyRequest), Certain: "nothing was written"}
	}
	return nil
}

func (t gap) checkFolders() error {
	if t.folder != nil && t.state != nil {
		return nil
	}
	return &Error{Kind: ErrInvalidInput, Err: errors.New("the exchange folder or the state folder is missing"), Remedies: failure.Ways(failure.OpenFolders)}
}

func (t gap) Register(ctx context.Context, s *Session, _ Request) error {
	if err := t.checkFolders(); err != nil {
		return err
	}
	answer, err := t.ask(ctx, s, offline.Registration)
	if err != nil {
		return err
	}
	return t.handOver(ctx, s, answer)
}

func (t gap) Poll(ctx context.Context, s *Session, ticket Ticket) error {
	if err := t.checkFolders(); err != nil {
		return err
	}
	answer, err := t.look(s, ticket)
	if err != nil {
		return err
	}
	return t.handOver(ctx, s, answer)
}

func (gap) handOver(ctx context.Context, s *Session, answer offline.Answer) error {
	if !answer.Sealed() {
		Note(ctx, "the answer was not sealed: whoever saw it on its way knows the workspace's client secret")
	}
	return s.HandOver(ctx, answer.Grant())
}

func (t gap) FetchLicense(ctx context.Context, s *Session, ticket Ticket) (cloud.Secret, error) {
	if err := t.checkFolders(); err != nil {
		return cloud.Secret{}, err
	}
	answer, err := t.askOrLook(ctx, s, ticket)
	if err != nil {
		return cloud.Secret{}, err
	}
	Note(ctx, "the license is the answer to request %s", answer.Request().ID())
	return answer.License(), nil
}

func (t gap) askOrLook(ctx context.Context, s *Session, ticket Ticket) (offline.Answer, error) {
	if ticket.Request != "" {
		return t.look(s, ticket)
	}
	return t.ask(ctx, s, offline.License)
}

// ask writes a request, unless the same one stands already, and looks for its answer.
func (t gap) ask(ctx context.Context, s *Session, kind offline.Kind) (offline.Answer, error) {
	data, err := s.RegistrationData(ctx)
	if err != nil {
		return offline.Answer{}, beforeMutation(err)
	}
	requester := t.requester(s)
	request, askErr := requester.Ask(kind, data)
	if request.ID() == "" {
		return offline.Answer{}, fromFolders(askErr)
	}
	if err := closeInterrupted(requester, request.Workspace().UniqueID); err != nil {
		Note(ctx, "an earlier request is not archived yet: %v", err)
	}
	answer, err := t.look(s, t.ticket(s, request))
	// A stick with an answer may not be writable. One without must be.
	if askErr != nil && errors.Is(err, ErrPending) {
		return offline.Answer{}, fromFolders(askErr)
	}
	return answer, err
}

// look looks for the answer to the request of a ticket. What belongs to another request than the ticket says must not reach the workspace.
func (t gap) look(s *Session, ticket Ticket) (offline.Answer, error) {
	answer, err := t.requester(s).Answer(ticket.Request)
	switch {
	case errors.Is(err, offline.ErrFolderAway):
		return offline.Answer{}, fromFolders(err)
	case errors.Is(err, offline.ErrNoAnswer):
		return offline.Answer{}, &PendingError{Ticket: ticket}
	case err != nil:
		return offline.Answer{}, fromGap(err)
	}
	if of := t.ticket(s, answer.Request()); of.UniqueID != ticket.UniqueID || of.Operation != ticket.Operation {
		return offline.Answer{}, &Error{Kind: ErrInvalidInput, Err: errors.New("the request of the ticket is of another workspace, or asks for something else"),
			Remedies: failure.Ways(failure.UseSameTicket), Certain: "nothing was handed over"}
	}
	return answer, nil
}

func (t gap) ticket(s *Session, r offline.Request) Ticket {
	ticket := Ticket{
		TicketFormat: ticketFormat,
		Transport:    t.Name(),
		Workspace:    s.workspace.Address(),
		UniqueID:     r.Workspace().UniqueID,
		Request:      r.ID(),
		Created:      r.Created(),
	}
	if r.Kind() == offline.License {
		ticket.Operation = opSync
	}
	return ticket
}

func (t gap) requester(s *Session) *offline.Requester {
	return &offline.Requester{Folder: t.folder, State: t.state, Clock: s.clock()}
}
