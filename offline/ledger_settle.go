package offline

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/rcreg/registration/grants"
	"github.com/rcreg/registration/internal/safedir"
)

// Settle takes the word of an administrator, who has looked in the Cloud console, for what became of the tokens of a request whose outcome is unknown. One that is
// unspent works again, for this request and for others. One that is spent is not tried again; after it the request may have another. Errors: [ErrUnknownRequest];
// [ErrNotInDoubt], also for a request that is answered, or whose grant is kept: run the courier again.
func (l *Ledger) Settle(request string, spent bool, now time.Time) error {
	if !l.isOpened() {
		return failed("settle the token", request, safedir.ErrNotOpened)
	}
	number, err := l.settleOnce(request, spent, now)
	if err == nil {
		err = l.sync(number)
	}
	return failed("settle the token", request, err)
}

func (l *Ledger) settleOnce(request string, spent bool, now time.Time) (number int, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	known, ok := l.index[request]
	switch {
	case !ok:
		return 0, ErrUnknownRequest
	case known.Event == eventAnswered:
		return 0, fmt.Errorf("%w: the request is answered", ErrNotInDoubt)
	case len(known.inDoubt) == 0:
		return 0, ErrNotInDoubt
	}
	if _, err := l.unfinished.Load(request); !errors.Is(err, grants.ErrNothingKept) {
		return 0, errors.Join(fmt.Errorf("%w: what the Cloud gave for it is kept, and the next run goes on with it", ErrNotInDoubt), err)
	}
	settled := known.record
	settled.Time, settled.Event, settled.Settled = now.UTC(), eventVoid, true
	if spent {
		settled.Event = eventSpent
	}
	for _, token := range known.inDoubt {
		settled.TokenSHA256 = token
		if number, err = l.writeLocked(settled); err != nil {
			return 0, err
		}
	}
	return number, nil
}

// doubts returns the tokens that were handed to the Cloud for a request and have no outcome, once a record is behind the others.
func doubts(before []string, r record) []string {
	left := slices.DeleteFunc(slices.Clone(before), func(token string) bool { return token == r.TokenSHA256 })
	if r.Event == eventIntent {
		left = append(left, r.TokenSHA256)
	}
	return left
}
