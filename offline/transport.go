package offline

import (
	"context"
	"errors"

	"github.com/rcreg/registration"
	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/failure"
)

// NewTransport returns the transport across an air gap: requests and answers are files in an exchange folder, which is carried.
//
// Register takes a request without token and e-mail address, writes it into the folder and returns a [*registration.PendingError]. A [Courier] answers it
// on the other side, or a person in the Cloud console. Resume and Wait of the client, or Register again, look for the answer, check it, hand it
// over, and archive both. The state folder holds the key that opens the answer, and what was received: it must not be carried along.
//
// Sync across a gap is a refresh of the license, in the same way. Errors: [registration.ErrInvalidInput] where a folder is missing.
func NewTransport(folder *Folder, state *State) (registration.Transport, error) {
	if folder == nil || state == nil {
		return nil, &registration.Error{Op: "make a transport", Kind: registration.ErrInvalidInput, Err: errors.New("the exchange folder or the state folder is missing"),
			Remedies: failure.Ways(failure.OpenFolders)}
	}
	return transport{folder: folder, state: state}, nil
}

type transport struct {
	folder *Folder
	state  *State
}

var (
	_ registration.Poller         = transport{}
	_ registration.LicenseFetcher = transport{}
	_ registration.Finisher       = transport{}
)

// An answer stays in the folder until it has reached its workspace.
func (transport) Info() registration.Info {
	return registration.Info{Name: "offline", KeepsGrants: true}
}

func (t transport) Register(ctx context.Context, s *registration.Session, _ registration.Request) error {
	answer, err := t.ask(ctx, s, Registration)
	if err != nil {
		return err
	}
	return t.handOver(ctx, s, answer)
}

func (t transport) Poll(ctx context.Context, s *registration.Session, ticket registration.Ticket) error {
	answer, err := t.look(s, ticket)
	if err != nil {
		return err
	}
	return t.handOver(ctx, s, answer)
}

func (transport) handOver(ctx context.Context, s *registration.Session, answer Answer) error {
	if !answer.Sealed() {
		registration.Note(ctx, "the answer was not sealed: whoever saw it on its way knows the workspace's client secret")
	}
	if answer.doubt != "" {
		registration.Note(ctx, "%s", answer.doubt)
	}
	return s.HandOver(ctx, answer.Grant())
}

func (t transport) FetchLicense(ctx context.Context, s *registration.Session, ticket registration.Ticket) (cloud.Secret, error) {
	answer, err := t.askOrLook(ctx, s, ticket)
	if err != nil {
		return cloud.Secret{}, err
	}
	registration.Note(ctx, "the license is the answer to request %s", answer.Request().ID())
	return answer.License(), nil
}

func (t transport) askOrLook(ctx context.Context, s *registration.Session, ticket registration.Ticket) (Answer, error) {
	if ticket.Request != "" {
		return t.look(s, ticket)
	}
	return t.ask(ctx, s, License)
}

// ask writes a request, unless the same one stands already, and looks for its answer.
func (t transport) ask(ctx context.Context, s *registration.Session, kind Kind) (Answer, error) {
	data, err := s.RegistrationData(ctx)
	if err != nil {
		return Answer{}, err
	}
	requester := t.requester(s)
	request, askErr := requester.Ask(kind, data)
	if request.ID() == "" {
		return Answer{}, fromFolders(askErr)
	}
	if err := closeInterrupted(requester, request.Workspace().UniqueID); err != nil {
		registration.Note(ctx, "an earlier request is not archived yet: %v", err)
	}
	answer, err := t.look(s, t.ticket(s, request))
	// A stick with an answer may not be writable. One without must be.
	if askErr != nil && errors.Is(err, registration.ErrPending) {
		return Answer{}, fromFolders(askErr)
	}
	return answer, err
}

// look looks for the answer to the request of a ticket. What belongs to another request than the ticket says must not reach the workspace.
func (t transport) look(s *registration.Session, ticket registration.Ticket) (Answer, error) {
	answer, err := t.requester(s).Answer(ticket.Request)
	switch {
	case errors.Is(err, ErrFolderMissing):
		return Answer{}, fromFolders(err)
	case errors.Is(err, ErrNoAnswer):
		return Answer{}, &registration.PendingError{Ticket: ticket}
	case err != nil:
		return Answer{}, fromGap(err)
	}
	if of := t.ticket(s, answer.Request()); of.UniqueID != ticket.UniqueID || of.Operation != ticket.Operation {
		return Answer{}, &registration.Error{Kind: registration.ErrInvalidInput, Err: errors.New("the request of the ticket is of another workspace, or asks for something else"),
			Remedies: failure.Ways(failure.UseSameTicket), Certain: "nothing was handed over"}
	}
	return answer, nil
}

func (t transport) ticket(s *registration.Session, r Request) registration.Ticket {
	ticket := s.NewTicket(t.Info())
	ticket.UniqueID, ticket.Request, ticket.Created = r.Workspace().UniqueID, r.ID(), r.Created()
	if r.Kind() == License {
		ticket.Operation = "sync"
	}
	return ticket
}

func (t transport) requester(s *registration.Session) *Requester {
	return &Requester{Folder: t.folder, State: t.state, Clock: s.Clock()}
}
