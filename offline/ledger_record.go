package offline

import (
	"encoding/json"
	"errors"
	"time"
)

// event is what a record of the ledger says.
type event string

// The events. An intent without a later event means that nobody knows whether the token is spent.
const (
	eventIntent   event = "intent"   // the token is about to be handed to the Cloud
	eventVoid     event = "void"     // it was certainly not spent
	eventRefused  event = "refused"  // the Cloud refused it
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
}

// parseRecord reads the text of a record.
func parseRecord(text []byte) (r record, err error) {
	if err := json.Unmarshal(text, &r); err != nil || checkID(r.Request) != nil {
		return record{}, errors.New("it is no record of a ledger")
	}
	return r, nil
}
