package offline

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// event is what a record of the ledger says.
type event string

// The events. An intent without a later event means that it is unknown whether the token is spent. Programs that do not know "spent" read it as a token that was used
// and is not tried again, which it is; from it on, a ledger with an event of a newer program is refused.
const (
	eventIntent   event = "intent"   // the token is about to be handed to the Cloud
	eventVoid     event = "void"     // it was certainly not spent
	eventRefused  event = "refused"  // the Cloud refused it
	eventSpent    event = "spent"    // for nothing: another courier's answer stands, or an administrator says so
	eventAnswered event = "answered" // the answer is kept in the ledger's folder
)

// record is a line of the ledger. It holds no secret.
type record struct {
	Time          time.Time `json:"time"`
	Event         event     `json:"event"`
	Request       string    `json:"request"`
	RequestSHA256 string    `json:"request_sha256"`
	UniqueID      string    `json:"unique_id"`
	Kind          Kind      `json:"kind"`
	TokenSHA256   string    `json:"token_sha256,omitempty"`
	// Answer is the file of a sealed answer, as text.
	Answer string `json:"answer,omitempty"`
	// Shared tells that the token is used for several workspaces.
	Shared bool `json:"shared,omitempty"`
	// Settled tells that the event is the word of an administrator.
	Settled bool `json:"settled,omitempty"`
}

// parseRecord reads the text of a record.
func parseRecord(text []byte) (r record, err error) {
	if err := json.Unmarshal(text, &r); err != nil || checkID(r.Request) != nil {
		return record{}, errors.New("it is no record of a ledger")
	}
	if !slices.Contains([]event{eventIntent, eventVoid, eventRefused, eventSpent, eventAnswered}, r.Event) {
		return record{}, fmt.Errorf("it has an event that this program does not know: %w", ErrNewerFormat)
	}
	return r, nil
}
