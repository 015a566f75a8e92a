package server

import (
	"fmt"
	"math"
	"strconv"
	"sync"
	"time"

	"github.com/rcreg/registration/internal/clock"
	"github.com/rcreg/registration/registrationtest/internal/release"
)

// restWindow is the time in which the calls of one endpoint from one address are counted.
const restWindow = time.Minute

// defaultLimit is API_Enable_Rate_Limiter_Limit_Calls_Default.
const defaultLimit = 10

// limits counts calls in windows that begin with the first of them.
type limits struct {
	clock clock.Clock

	mu      sync.Mutex
	windows map[string]*window
}

type window struct {
	began time.Time
	calls int
}

func newLimits(c clock.Clock) *limits {
	return &limits{clock: c, windows: map[string]*window{}}
}

// count adds one call to the window of a key, and returns the calls in it and the time until it ends.
func (l *limits) count(key string, length time.Duration) (calls int, left time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.clock.Now()
	w := l.windows[key]
	if w == nil || now.Sub(w.began) >= length {
		w = &window{began: now}
		l.windows[key] = w
	}
	w.calls++
	return w.calls, w.began.Add(length).Sub(now)
}

// limitREST counts a call of an endpoint, and returns the headers that tell about the limit and the error beyond it.
func (s *Server) limitREST(e Endpoint, r *Request) (map[string]string, error) {
	if e.Unlimited || !s.release.Has(release.RESTLimits) || r.Caller.bypassesLimits() {
		return nil, nil
	}
	limit := e.Limit
	if limit == 0 {
		limit = defaultLimit
	}
	calls, left := s.limits.count("rest "+e.Verb+" "+e.Path+" "+r.Address, restWindow)
	header := map[string]string{
		"X-RateLimit-Limit":     strconv.Itoa(limit),
		"X-RateLimit-Remaining": strconv.Itoa(max(0, limit-calls)),
		"X-RateLimit-Reset":     strconv.FormatInt(s.clock.Now().Add(left).UnixMilli(), 10),
	}
	if calls <= limit {
		return header, nil
	}
	return header, &MeteorError{
		Code: "error-too-many-requests",
		Reason: fmt.Sprintf("Error, too many requests. Please slow down. You must wait %d seconds before trying this endpoint again.",
			seconds(left)),
	}
}

// methodRules are the limits of method calls. The first is the one that a single caller meets; the second counts the
// refused calls too, and then asks for a whole minute.
func methodRules() []methodRule {
	return []methodRule{{calls: 10, window: 10 * time.Second}, {calls: 20, window: time.Minute}}
}

type methodRule struct {
	calls  int
	window time.Duration
}

// limitMethod counts a call of a method by one connection; over REST a connection is a token.
func (s *Server) limitMethod(name, connection string) error {
	var longest time.Duration
	for i, rule := range methodRules() {
		calls, left := s.limits.count(fmt.Sprintf("method %d %s %s", i, name, connection), rule.window)
		if calls > rule.calls {
			longest = max(longest, left)
		}
	}
	if longest == 0 {
		return nil
	}
	return &MeteorError{
		Code: "too-many-requests",
		Reason: fmt.Sprintf("Error, too many requests. Please slow down. You must wait %d seconds before trying again.",
			seconds(longest)),
		Details: map[string]any{"timeToReset": longest.Milliseconds()},
	}
}

func seconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }
