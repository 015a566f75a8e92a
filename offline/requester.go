package offline

import (
	"github.com/rcreg/registration/internal/clock"
)

// Clock tells the time and waits; tests replace it.
type Clock = clock.Clock

// Requester is the workspace's side of an air gap: it writes requests into the exchange folder, and checks the answers that come back.
type Requester struct {
	Folder *Folder
	State  *State
	Clock  Clock // nil is the machine's
}

// Ask writes a request with the registration data that the workspace gave, and keeps its key in the state folder. Where the workspace has asked for the
// same before and was not answered, that request stands: it is returned, and its files are written again if they got lost.
// Errors: [ErrMalformed] or [ErrTooLarge] for the registration data, and those of the file system.
func (r *Requester) Ask(kind Kind, registrationData string) (Request, error) {
	panic("not yet")
}

// Pending returns the requests of a workspace that are not closed, the oldest first.
func (r *Requester) Pending(uniqueID string) ([]Request, error) {
	panic("not yet")
}

// Answer looks for the answer to a request: first a courier's file, then what a person saved, then what was received before. It opens and checks the
// answer, and keeps it in the state folder until [Requester.Close]. Errors: [ErrNoAnswer] while there is none; [ErrUnknownRequest]; and the reasons to
// refuse an answer, from [ErrTruncated] to [ErrUnusable]. A refused file stays where it is.
func (r *Requester) Answer(id string) (Answer, error) {
	panic("not yet")
}

// AnswerText takes the answer as a text, for what came through a scanner or a terminal: a courier's file, the code from the Cloud console, or a licence.
// Otherwise it does what [Requester.Answer] does.
func (r *Requester) AnswerText(id string, text []byte) (Answer, error) {
	panic("not yet")
}

// Close ends a request whose answer has reached the workspace: call it only once the workspace is seen registered, or the licence in force. It notes the
// answer as used, archives request and answer in the exchange folder, and deletes the key. The archive holds no secret in clear: a code from the
// console is sealed before. When the exchange folder is away, the error says so, and closing can be tried again.
func (r *Requester) Close(id string) error {
	panic("not yet")
}

// Withdraw takes a request back that was not answered: its files and its key are deleted.
func (r *Requester) Withdraw(id string) error {
	panic("not yet")
}
