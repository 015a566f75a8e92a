package registration

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"github.com/rcreg/registration/failure"
)

// ticketFormat is the newest format of a [Ticket] that this package writes and reads.
const ticketFormat = 1

// Ticket is a registration that waits for a person. It is plain JSON and survives a restart: keep it, and hand it to [Client.Resume] or
// [Client.Wait], in another process if need be.
//
// The ticket of a registration by e-mail holds the device code, with which it can be completed: keep it like a password. Printing a ticket shows no
// secret, its JSON does. The ticket of a request in an exchange folder holds none. The JSON has one member more, "check", by which [ParseTicket] sees that it is as it
// was written; a ticket without it is one of an older version, and is read.
type Ticket struct {
	TicketFormat int    `json:"format"`
	Transport    string `json:"transport"`
	// Operation is what waits: "sync" for a license, empty for a registration.
	Operation string `json:"operation,omitempty"`
	// Workspace and UniqueID tell whose ticket it is.
	Workspace string `json:"workspace"`
	UniqueID  string `json:"unique_id"`
	Email     string `json:"email,omitempty"`
	// UserCode is shown to the person who confirms, so that they can compare it.
	UserCode string `json:"user_code,omitempty"`
	// VerificationURL is where the person confirms, when the Cloud says so.
	VerificationURL string `json:"verification_url,omitempty"`
	DeviceCode      string `json:"device_code,omitempty"`
	// Request is the id of a request in an exchange folder.
	Request string    `json:"request,omitempty"`
	Created time.Time `json:"created"`
	// Expires is when the Cloud forgets the device code; zero for a request, which waits for ever.
	Expires time.Time `json:"expires,omitzero"`
	// Interval is how many seconds to leave between two looks; 0 means the usual 5.
	Interval int `json:"interval_seconds"`
	// ReplaceLicense is the consent of the [Request]; it may be given later.
	ReplaceLicense bool `json:"replace_license,omitempty"`
}

// NewTicket begins the ticket of something that a transport has started, with what every ticket holds; the client adds the unique id. The transport adds what
// it finds its way back with: the DeviceCode, with Expires, or the Request.
func (s *Session) NewTicket(t Info) Ticket {
	ticket := Ticket{TicketFormat: ticketFormat, Transport: t.Name, Workspace: s.Address()}
	if clock := s.Clock(); clock != nil {
		ticket.Created = clock.Now().UTC().Truncate(time.Second)
	}
	return ticket
}

// String describes the ticket without its secrets.
func (t Ticket) String() string {
	if t.Request != "" {
		return fmt.Sprintf("ticket for %s (request %s)", t.Workspace, t.Request)
	}
	return fmt.Sprintf("ticket for %s (%s, user code %q, expires %s)", t.Workspace, t.Email, t.UserCode, t.Expires.Format(time.RFC3339))
}

// GoString is String: a ticket never prints its secrets.
func (t Ticket) GoString() string { return t.String() }

// Format prints the ticket without its secrets, whatever the verb.
func (t Ticket) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(t.String())) }

// LogValue is String: a logger that writes JSON would write the device code.
func (t Ticket) LogValue() slog.Value { return slog.StringValue(t.String()) }

// plainTicket is a ticket as it stands in its JSON, but for the check.
type plainTicket Ticket

// MarshalJSON writes the ticket, its secrets included, with a check. It fails for times that JSON cannot hold.
func (t Ticket) MarshalJSON() ([]byte, error) {
	text, err := json.Marshal(plainTicket(t))
	if err != nil {
		return nil, err
	}
	return fmt.Appendf(text[:len(text)-1:len(text)-1], `,"check":%q}`, checkOf(text)), nil
}

// checkOf is the check of a ticket's JSON.
func checkOf(plain []byte) string {
	sum := sha256.Sum256(plain)
	return "sha256-" + hex.EncodeToString(sum[:])
}

// isAsWritten reports whether the JSON of a ticket has the check that belongs to it, or none.
func (t Ticket) isAsWritten(text []byte) bool {
	var has struct {
		Check *string `json:"check"`
	}
	if err := json.Unmarshal(text, &has); err != nil {
		return false
	}
	plain, err := json.Marshal(plainTicket(t))
	return has.Check == nil || err == nil && *has.Check == checkOf(plain)
}

// ParseTicket reads a ticket from its JSON. The error is an [*Error] of kind [ErrInvalidInput] that says what is wrong.
func ParseTicket(text []byte) (Ticket, error) {
	var t Ticket
	if err := json.Unmarshal(text, &t); err != nil {
		return Ticket{}, &Error{Op: "read ticket", Kind: ErrInvalidInput, Remedies: failure.Ways(failure.UseSameTicket), Err: ticketSyntax(err)}
	}
	if err := t.check(); err != nil {
		return Ticket{}, err
	}
	if !t.isAsWritten(text) {
		return Ticket{}, &Error{Op: "read ticket", Kind: ErrInvalidInput, Remedies: failure.Ways(failure.RestoreTicket),
			Err: fmt.Errorf("the ticket was changed after it was written: its check does not fit")}
	}
	return t, nil
}

// check refuses what no version of this package can have written, and what a newer one has.
func (t Ticket) check() error {
	refuse := func(what string, act failure.Act) error {
		return &Error{Op: "read ticket", Kind: ErrInvalidInput, Remedies: failure.Ways(act), Err: fmt.Errorf("%s", what)}
	}
	switch {
	case t.TicketFormat > ticketFormat:
		return refuse(fmt.Sprintf("the ticket has format %d, this version knows up to %d", t.TicketFormat, ticketFormat), failure.UpgradeTool)
	case t.TicketFormat < 1:
		return refuse("the ticket has no format", failure.UseSameTicket)
	case t.UniqueID == "" || t.Request == "" && (t.DeviceCode == "" || t.Expires.IsZero()):
		return refuse("the ticket is incomplete", failure.NewTicket)
	}
	return nil
}

// ticketSyntax describes a JSON error without quoting the text: it may hold the device code.
func ticketSyntax(err error) error {
	if at, ok := err.(*json.UnmarshalTypeError); ok { //nolint:errorlint // json returns it bare
		return fmt.Errorf("field %s is not a %s", at.Field, at.Type)
	}
	return fmt.Errorf("not a ticket: it is not complete JSON")
}

// PendingError says that a person has to act before the operation is done. Save the ticket, then [Client.Resume] or [Client.Wait].
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

// WaysOut are what the person does, and then to resume: the error is a [failure.Informed].
func (e *PendingError) WaysOut() []failure.Remedy {
	if e != nil && e.Ticket.Request != "" {
		return failure.Ways(failure.CarryFolder)
	}
	return failure.Ways(failure.Confirm)
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
