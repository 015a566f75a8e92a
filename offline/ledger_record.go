package offline

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
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

// chain is the check that begins each line: a SHA-256 over the one before and the record, so that no line in the middle can change or go.
type chain [sha256.Size]byte

func (c chain) next(record []byte) chain {
	return sha256.Sum256(append(c[:], record...))
}

// line writes a record as a line, and returns the check of the next one.
func (c chain) line(r record) ([]byte, chain, error) {
	text, err := json.Marshal(r)
	if err != nil {
		return nil, c, err
	}
	next := c.next(text)
	return fmt.Appendf(nil, "%s %s\n", hex.EncodeToString(next[:]), text), next, nil
}

// readLine reads a line without its end.
func (c chain) readLine(line []byte) (record, chain, error) {
	check, text, _ := bytes.Cut(line, []byte(" "))
	next := c.next(text)
	if string(check) != hex.EncodeToString(next[:]) {
		return record{}, c, ErrLedgerDamaged
	}
	var r record
	if err := json.Unmarshal(text, &r); err != nil || checkID(r.Request) != nil {
		return record{}, c, ErrLedgerDamaged
	}
	return r, next, nil
}
