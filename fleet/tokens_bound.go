package fleet

import (
	"slices"
	"time"
)

// InDoubt reports whether a token is bound to a workspace whose outcome is not known yet.
func (t *Tokens) InDoubt(workspace string) bool {
	if t == nil {
		return false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	_, ok := t.bound[workspace]
	return ok
}

// owner is the name to which the token of a workspace is bound in doubt: its own, or the one that the same workspace had when it was claimed. It is the own name
// when no token is bound.
func (t *Tokens) owner(workspace, uniqueID string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, ok := t.bound[workspace]; ok || uniqueID == "" {
		return workspace
	}
	for name, claimed := range t.bound {
		if claimed.uniqueID == uniqueID {
			return name
		}
	}
	return workspace
}

// lostOf is when the tokens were claimed that a workspace was given in vain.
func (t *Tokens) lostOf(workspace, uniqueID string) []time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	if lost := t.lost[uniqueIDKey(uniqueID)]; len(lost) > len(t.lost[workspace]) {
		return slices.Clone(lost)
	}
	return slices.Clone(t.lost[workspace])
}

// Left counts the tokens that are not claimed.
func (t *Tokens) Left() int {
	if t == nil {
		return 0
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.free)
}

// LeftInDoubt counts the tokens that are bound to a workspace whose outcome is not known yet.
func (t *Tokens) LeftInDoubt() int {
	if t == nil {
		return 0
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.bound)
}
