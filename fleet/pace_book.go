package fleet

import (
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// book keeps the calls to one workspace for as long as they count.
type book struct {
	users int // those who work on it; guarded by the pace
	// left is when nobody worked on the workspace any more; zero while somebody does. It belongs to the pace, under its lock.
	left time.Time

	mu     sync.Mutex // the fields below
	calls  []stamp    // oldest first
	told   []allowance
	spared bool // the limits of REST do not count for this caller
}

type stamp struct {
	route route
	at    time.Time
}

// allowance is what a workspace has said of a limit: X-RateLimit-Remaining calls until X-RateLimit-Reset.
type allowance struct {
	route     route
	remaining int
	until     time.Time
}

// admit notes a call, or tells how long it has to wait for another look.
func (b *book) admit(r route, now time.Time) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	if wait := b.wait(r, now); wait > 0 {
		return wait
	}
	if !b.counts(r) {
		return 0
	}
	b.calls = append(b.calls, stamp{r, now})
	if told := b.toldOf(r, now); told != nil {
		told.remaining--
	}
	return 0
}

func (b *book) counts(r route) bool { return r.isMethod() || !b.spared }

// wait is how long a call has to wait. What the workspace has said of its limit counts more than what we know of limits in general.
func (b *book) wait(r route, now time.Time) time.Duration {
	b.forget(now)
	if !b.counts(r) {
		return 0
	}
	if told := b.toldOf(r, now); told != nil {
		if told.remaining > 0 {
			return 0
		}
		return told.until.Sub(now)
	}
	var longest time.Duration
	for _, rule := range r.rules() {
		longest = max(longest, b.waitFor(r, rule, now))
	}
	return longest
}

// waitFor is how long it takes until a rule has room.
func (b *book) waitFor(r route, rule rule, now time.Time) time.Duration {
	left := rule.calls
	for _, call := range slices.Backward(b.calls) {
		if call.route != r {
			continue
		}
		if left--; left == 0 {
			return call.at.Add(rule.window).Sub(now)
		}
	}
	return 0
}

// forget drops what no longer counts.
func (b *book) forget(now time.Time) {
	b.calls = slices.DeleteFunc(b.calls, func(call stamp) bool { return now.Sub(call.at) >= longestWindow })
	b.told = slices.DeleteFunc(b.told, func(told allowance) bool {
		if now.Before(told.until) {
			return false
		}
		// The workspace counts from nought again.
		b.calls = slices.DeleteFunc(b.calls, func(call stamp) bool { return call.route == told.route && !call.at.After(told.until) })
		return true
	})
}

func (b *book) toldOf(r route, now time.Time) *allowance {
	for i := range b.told {
		if b.told[i].route == r && now.Before(b.told[i].until) {
			return &b.told[i]
		}
	}
	return nil
}

// free is when no limit is used up, of those that an operation is likely to meet.
func (b *book) free(now time.Time, asksCloud bool) time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.forget(now)
	var longest time.Duration
	for i, call := range b.calls {
		seen := slices.ContainsFunc(b.calls[:i], func(earlier stamp) bool { return earlier.route == call.route })
		if !seen && (asksCloud || !call.route.isOfCloud()) {
			longest = max(longest, b.wait(call.route, now))
		}
	}
	return now.Add(longest)
}

// What a workspace says of a limit, X-RateLimit-Remaining and X-RateLimit-Reset, as net/http writes headers: it would have to rewrite any other form at each look.
const (
	headerRemaining = "X-Ratelimit-Remaining"
	headerReset     = "X-Ratelimit-Reset"
)

// learn reads what a reply says of the limits. A caller who is spared is told nothing of them.
func (b *book) learn(r route, request *http.Request, reply *http.Response, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	text := reply.Header.Get(headerRemaining)
	if text == "" {
		if reply.StatusCode == http.StatusOK && request.Header.Get("X-Auth-Token") != "" {
			b.spare()
		}
		return
	}
	b.spared = false
	remaining, err := strconv.Atoi(text)
	until, ok := resetOf(reply, now)
	if err != nil || !ok {
		return
	}
	b.told = slices.DeleteFunc(b.told, func(told allowance) bool { return told.route == r })
	b.told = append(b.told, allowance{r, remaining, until})
}

// spare notes that the limits of REST do not count, and forgets what was kept for them.
func (b *book) spare() {
	b.spared = true
	b.calls = slices.DeleteFunc(b.calls, func(call stamp) bool { return !call.route.isMethod() })
	b.told = nil
}

// isEmpty reports whether nothing is lost with the book: whether the limits count is learned again from the next reply.
func (b *book) isEmpty() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.calls) == 0 && len(b.told) == 0
}

// skew is how far the clock of a workspace may be from ours before it is corrected. Its Date has whole seconds only.
const skew = 2 * time.Second

// resetOf reads X-RateLimit-Reset, in milliseconds, by our clock. It is false for what no clock of a workspace would say.
func resetOf(reply *http.Response, now time.Time) (time.Time, bool) {
	ms, err := strconv.ParseInt(reply.Header.Get(headerReset), 10, 64)
	if err != nil {
		return time.Time{}, false
	}
	until := time.UnixMilli(ms)
	if theirs, err := http.ParseTime(reply.Header.Get("Date")); err == nil {
		if off := now.Sub(theirs); off.Abs() > skew {
			until = until.Add(off)
		}
	}
	wait := until.Sub(now)
	return until, wait > 0 && wait <= longestWindow
}
