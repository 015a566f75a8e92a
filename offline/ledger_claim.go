package offline

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
)

// recordOf describes a request in a record.
func recordOf(r Request, e event, c choice, now time.Time) record {
	text := record{
		Time:          now.UTC(),
		Event:         e,
		Request:       r.ID(),
		RequestSHA256: r.Digest(),
		UniqueID:      r.Workspace().UniqueID,
		Kind:          r.Kind(),
	}
	if !c.token.IsEmpty() {
		text.TokenSHA256, text.Shared = c.digest(), c.shared
	}
	return text
}

// claim notes that a token is about to be handed to the Cloud for a request, or says why it must not be. When it returns nil the note lasts.
func (l *Ledger) claim(r Request, c choice, now time.Time) error {
	number, err := l.claimOnce(r, c, now)
	if err != nil {
		return err
	}
	return l.sync(number)
}

func (l *Ledger) claimOnce(r Request, c choice, now time.Time) (number int, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.mayClaim(r, c); err != nil {
		return 0, err
	}
	return l.writeLocked(recordOf(r, eventIntent, c, now))
}

// mayClaim refuses every token that may be spent. A token that was named for this very workspace after another was lost is a decision, and taken.
func (l *Ledger) mayClaim(r Request, c choice) error {
	known := l.index[r.ID()]
	same := known.TokenSHA256 == c.digest()
	user, tried := l.tokens[c.digest()]
	switch {
	case slices.Contains(known.inDoubt, c.digest()), c.shared && len(known.inDoubt) > 0:
		return fmt.Errorf("%w: look in the Cloud console whether the workspace is there; to go on all the same, name a new token for it", ErrOutcomeUnknown)
	case known.Event == eventRefused && same:
		return fmt.Errorf("%w before, and it is not tried again: name a new token for the workspace", ErrTokenRefused)
	case tried && !c.shared:
		return fmt.Errorf("%w (for the request %s)", ErrTokenSpent, user)
	}
	return nil
}

// isAnswered reports whether the answer to a request is kept.
func (l *Ledger) isAnswered(r Request) (bool, error) {
	l.mu.Lock()
	known := l.index[r.ID()]
	l.mu.Unlock()
	if known.Request != "" && known.RequestSHA256 != r.Digest() {
		return false, fmt.Errorf("the ledger has another request with this id: %w", ErrOtherRequest)
	}
	return known.Event == eventAnswered, nil
}

// answer reads the kept answer to a request: its whole file.
func (l *Ledger) answer(r Request) ([]byte, error) {
	l.mu.Lock()
	known := l.index[r.ID()]
	l.mu.Unlock()
	text, err := l.log.ReadAt(known.offset)
	switch {
	case errors.Is(err, io.EOF), err == nil && sha256.Sum256(text) != known.sum:
		return nil, errors.Join(ErrLedgerDamaged, err)
	case err != nil:
		return nil, fmt.Errorf("read the ledger: %w", err)
	}
	kept, err := parseRecord(text)
	if err != nil {
		return nil, err
	}
	content, err := parseAnswer([]byte(kept.Answer))
	if err == nil {
		err = content.isFor(r)
	}
	if err != nil {
		return nil, fmt.Errorf("the answer that the ledger keeps: %w", err)
	}
	return []byte(kept.Answer), nil
}

// keepAnswer keeps the sealed answer to a request.
func (l *Ledger) keepAnswer(r Request, c choice, doc []byte, now time.Time) error {
	answered := recordOf(r, eventAnswered, c, now)
	answered.Answer = string(doc)
	return l.append(answered)
}
