package cloud

import (
	"context"
	"crypto/sha256"
	"sync"
	"time"
)

// maxTokens is how many access tokens are remembered at most: a courier may come by many workspaces.
const maxTokens = 1024

// tokenKey is what an access token was made for. The secret itself would be printed with the map.
type tokenKey struct {
	clientID     string
	clientSecret [sha256.Size]byte // the digest
	scope        string
}

// tokenCache remembers access tokens.
type tokenCache struct {
	mu      sync.Mutex
	entries map[tokenKey]*tokenEntry
}

// tokenEntry is the place of one access token. Who holds the lock may read and replace it, and asks the Cloud at most.
type tokenEntry struct {
	lock  chan struct{} // a mutex that waits no longer than its context
	token AccessToken
	until time.Time // from then on the token counts as expired
}

func newTokenCache() *tokenCache { return &tokenCache{entries: map[tokenKey]*tokenEntry{}} }

// entry returns the place for a key, locked. The caller unlocks it. The error is the cause of ctx.
func (t *tokenCache) entry(ctx context.Context, key tokenKey) (*tokenEntry, error) {
	e := t.find(key)
	select {
	case e.lock <- struct{}{}:
		return e, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

func (t *tokenCache) find(key tokenKey) *tokenEntry {
	t.mu.Lock()
	defer t.mu.Unlock()
	e, ok := t.entries[key]
	if !ok {
		if len(t.entries) >= maxTokens {
			// Whoever is at work with an entry keeps it; to ask for a token again is cheap.
			clear(t.entries)
		}
		e = &tokenEntry{lock: make(chan struct{}, 1)}
		t.entries[key] = e
	}
	return e
}

// forget drops a token that turned out not to work any more, unless it was replaced meanwhile.
func (t *tokenCache) forget(ctx context.Context, key tokenKey, token AccessToken) {
	e, err := t.entry(ctx, key)
	if err != nil {
		return // the call has ended, and what comes next will find out again
	}
	defer e.unlock()
	if e.token.Token.Reveal() == token.Token.Reveal() {
		e.token, e.until = AccessToken{}, time.Time{}
	}
}

func (e *tokenEntry) unlock() { <-e.lock }

// valid reports whether the token can be used now.
func (e *tokenEntry) valid(now time.Time) bool { return now.Before(e.until) }
