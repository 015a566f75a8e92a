package faults

import (
	"net/http"
)

// A cache keeps this many replies of at most this many bytes.
const (
	maxCached     = 1_000
	maxCachedBody = 1 << 20
)

// cacheKey is what a cache in front knows a reply by: a call without a query.
func cacheKey(s Step) string { return string(s.Side) + " " + s.Path }

// remember keeps a reply that a cache in front may give again.
func (p *Plan) remember(s Step, a reply) {
	if !(Fault{Kind: Cached}).Fits(s) || a.status != http.StatusOK || len(a.body) > maxCachedBody {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.replies == nil || len(p.replies) >= maxCached {
		p.replies = map[string]reply{}
	}
	p.replies[cacheKey(s)] = a // from here on it is only read
}

// cached is the reply before, as a cache gives it again.
func (p *Plan) cached(s Step) reply {
	p.mu.Lock()
	defer p.mu.Unlock()
	kept := p.replies[cacheKey(s)]
	kept.header = kept.header.Clone()
	kept.header.Set("Age", "40")
	kept.header.Set("X-Cache", "HIT")
	return kept
}

// canShow reports whether a fault can hit an exchange here and now: a cache has nothing to give before it has seen a reply. The lock must be held.
func (p *Plan) canShow(f Fault, s Step, at place) bool {
	_, isKept := p.replies[cacheKey(s)]
	return f.Fits(s) && at.shows(f) && (f.Kind != Cached || isKept)
}
