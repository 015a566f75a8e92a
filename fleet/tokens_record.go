package fleet

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/internal/linelog"
)

// digest is what is remembered of a token: its SHA-256. A token has far too much randomness to be guessed from it.
type digest [sha256.Size]byte

func digestOf(token cloud.Secret) digest { return sha256.Sum256([]byte(token.Reveal())) }

// MarshalText returns it in hexadecimal.
func (d digest) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, d[:]), nil }

// UnmarshalText reads it from hexadecimal.
func (d *digest) UnmarshalText(text []byte) error {
	if len(text) != 2*len(d) {
		return errors.New("it is no SHA-256 in hexadecimal")
	}
	_, err := hex.Decode(d[:], text)
	return err
}

// eventClaimed is the event before any Settlement.
const eventClaimed = "claimed"

// tokenRecord is a line of what a pool remembers. It holds no secret.
type tokenRecord struct {
	Time      time.Time `json:"time"`
	Event     string    `json:"event"` // eventClaimed, or a Settlement
	Workspace string    `json:"workspace"`
	Token     digest    `json:"token_sha256"`
	// UniqueID is the workspace's own, when a token is claimed for it: it may have another name in the next list. Empty where it is not known.
	UniqueID string `json:"unique_id,omitempty"`
}

func (r tokenRecord) line() ([]byte, error) { return json.Marshal(r) }

func tokenLines() linelog.Format {
	return linelog.Format{Begins: `{"time":"`, MaxLine: maxRecord}
}

// tokenMemory is what the lines of a pool say.
type tokenMemory struct {
	bound map[string]boundToken // by workspace
	taken map[digest]string     // tokens that are not free, and the workspaces that they are bound to; empty for those that are spent or refused
	lost  lostTokens
}

func newTokenMemory() *tokenMemory {
	return &tokenMemory{bound: map[string]boundToken{}, taken: map[digest]string{}, lost: lostTokens{}}
}

// replay takes one line in. A line that does not fit to those before it is damage.
func (m *tokenMemory) replay(line linelog.Line) error {
	var r tokenRecord
	decoder := json.NewDecoder(bytes.NewReader(line.Text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&r); err != nil || decoder.More() || r.Workspace == "" {
		return errors.New("it is no record of a pool of tokens")
	}
	claimed, isBound := m.bound[r.Workspace]
	if r.Event == eventClaimed {
		if _, taken := m.taken[r.Token]; taken || isBound {
			return fmt.Errorf("the token or the workspace %q is claimed already", r.Workspace)
		}
		m.bound[r.Workspace] = boundToken{digest: r.Token, uniqueID: r.UniqueID, claimed: r.Time}
		m.taken[r.Token] = r.Workspace
		return nil
	}
	if !isBound || claimed.digest != r.Token {
		return fmt.Errorf("the token was not claimed for the workspace %q", r.Workspace)
	}
	delete(m.bound, r.Workspace)
	if Settlement(r.Event) == Refused {
		m.lost.add(r.Workspace, claimed)
	}
	switch Settlement(r.Event) {
	case Spent, Refused:
		m.taken[r.Token] = ""
	case Returned:
		delete(m.taken, r.Token)
	default:
		return errors.New("it tells of no event that is known")
	}
	return nil
}

// lostTokens are the times at which those tokens were claimed that were handed over, unanswered, and refused later: what each has registered, if anything,
// no workspace knows of. They are kept by the name of the workspace, and by its unique id.
type lostTokens map[string][]time.Time

// uniqueIDKey is under which a unique id is kept: no name begins like it.
func uniqueIDKey(id string) string { return "#" + id }

func (l lostTokens) add(workspace string, claimed boundToken) {
	l[workspace] = append(l[workspace], claimed.claimed)
	if claimed.uniqueID != "" {
		key := uniqueIDKey(claimed.uniqueID)
		l[key] = append(l[key], claimed.claimed)
	}
}
