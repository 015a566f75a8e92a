package fleet

import (
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// limiter keeps the calls to one workspace for as long as they count.
type limiter struct {
	users int // those who work on it; guarded by the pace
	// left is when the last operation left the workspace; zero while one works on it. It belongs to the pace, under its lock.
	left time.Time

	mu     sync.Mutex // the fields below
	calls  []callTime // oldest first
	quotas []quota
	exempt bool // the limits of REST do not count for this caller
}

type callTime struct {
	route route
	at    time.Time
}

// quota is what a workspace has said of a limit: X-RateLimit-Remaining calls until X-RateLimit-Reset.
type quota struct {
	route     route
	remaining int
	until     time.Time
}

// admit notes a call, or tells how long it has to wait for another look.
func (l *limiter) admit(r route, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if wait := l.wait(r, now); wait > 0 {
		return wait
	}
	if !l.counts(r) {
		return 0
	}
	l.calls = append(l.calls, callTime{r, now})
	if known := l.quotaOf(r, now); known != nil {
		known.remaining--
	}
	return 0
}

func (l *limiter) counts(r route) bool { return r.isMethod() || !l.exempt }

// wait is how long a call has to wait. What the workspace has said of its limit counts more than what we know of limits in general.
func (l *limiter) wait(r route, now time.Time) time.Duration {
	l.forget(now)
	if !l.counts(r) {
		return 0
	}
	if known := l.quotaOf(r, now); known != nil {
		if known.remaining > 0 {
			return 0
		}
		return known.until.Sub(now)
	}
	var longest time.Duration
	for _, rule := range r.rules() {
		longest = max(longest, l.waitFor(r, rule, now))
	}
	return longest
}

// waitFor is how long it takes until a rule has room.
func (l *limiter) waitFor(r route, rule rule, now time.Time) time.Duration {
	left := rule.calls
	for _, call := range slices.Backward(l.calls) {
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
func (l *limiter) forget(now time.Time) {
	l.calls = slices.DeleteFunc(l.calls, func(call callTime) bool { return now.Sub(call.at) >= longestWindow })
	l.quotas = slices.DeleteFunc(l.quotas, func(known quota) bool {
		if now.Before(known.until) {
			return false
		}
		// The workspace counts from nought again.
		l.calls = slices.DeleteFunc(l.calls, func(call callTime) bool { return call.route == known.route && !call.at.After(known.until) })
		return true
	})
}

func (l *limiter) quotaOf(r route, now time.Time) *quota {
	for i := range l.quotas {
		if l.quotas[i].route == r && now.Before(l.quotas[i].until) {
			return &l.quotas[i]
		}
	}
	return nil
}

// nextSlot returns the earliest time at which an operation will not hit a rate limit.
func (l *limiter) nextSlot(now time.Time, asksCloud bool) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.forget(now)
	var longest time.Duration
	for i, call := range l.calls {
		seen := slices.ContainsFunc(l.calls[:i], func(earlier callTime) bool { return earlier.route == call.route })
		if !seen && (asksCloud || !call.route.isOfCloud()) {
			longest = max(longest, l.wait(call.route, now))
		}
	}
	return now.Add(longest)
}

// What a workspace says of a limit, X-RateLimit-Remaining and X-RateLimit-Reset, as net/http writes headers: it would have to rewrite any other form at each look.
const (
	headerRemaining = "X-Ratelimit-Remaining"
	headerReset     = "X-Ratelimit-Reset"
)

// learn reads what a reply says of the limits. An exempt caller gets none.
func (l *limiter) learn(r route, request *http.Request, reply *http.Response, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	text := reply.Header.Get(headerRemaining)
	if text == "" {
		if reply.StatusCode == http.StatusOK && request.Header.Get("X-Auth-Token") != "" {
			l.setExempt()
		}
		return
	}
	l.exempt = false
	remaining, err := strconv.Atoi(text)
	until, ok := resetOf(reply, now)
	if err != nil || !ok {
		return
	}
	l.quotas = slices.DeleteFunc(l.quotas, func(known quota) bool { return known.route == r })
	l.quotas = append(l.quotas, quota{r, remaining, until})
}

// setExempt notes that the limits of REST do not count, and forgets what was kept for them.
func (l *limiter) setExempt() {
	l.exempt = true
	l.calls = slices.DeleteFunc(l.calls, func(call callTime) bool { return !call.route.isMethod() })
	l.quotas = nil
}

// isEmpty reports whether nothing is lost with the limiter: whether the limits count is learned again from the next reply.
func (l *limiter) isEmpty() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.calls) == 0 && len(l.quotas) == 0
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
