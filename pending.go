package registration

// PendingError says that somebody has to act before the operation is done. Save the ticket, then [Client.Resume] or [Client.Wait].
// It satisfies errors.Is(err, ErrPending).
type PendingError struct {
	Ticket Ticket
}

// Error says who has to do what.
func (e *PendingError) Error() string {
	if e.Ticket.Request != "" {
		return ErrPending.Error() + ": request " + e.Ticket.Request + " is in the exchange folder. Next: carry the folder to a courier; or " + e.byHand() +
			" as answers/" + e.Ticket.Request + ".txt. Then resume with the ticket"
	}
	text := ErrPending.Error() + ": a message was sent to " + e.Ticket.Email
	if e.Ticket.UserCode != "" {
		text += " (user code " + e.Ticket.UserCode + ")"
	}
	return text + ". Next: confirm it, then resume with the ticket before " + e.Ticket.Expires.UTC().Format("2006-01-02 15:04 MST")
}

// byHand says what a person saves who has no courier.
func (e *PendingError) byHand() string {
	if e.Ticket.Operation == opSync {
		return "save the license that Rocket.Chat sends you"
	}
	return "paste the text of requests/" + e.Ticket.Request + `.txt into the Cloud console under "Continue offline", and save the code that it shows`
}

// Unwrap returns [ErrPending].
func (e *PendingError) Unwrap() error { return ErrPending }
