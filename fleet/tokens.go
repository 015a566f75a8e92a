package fleet

import (
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"github.com/rcreg/registration/cloud"
	"github.com/rcreg/registration/failure"
	"github.com/rcreg/registration/internal/clock"
	"github.com/rcreg/registration/internal/linelog"
	"github.com/rcreg/registration/internal/safedir"
)

// Settlement is what became of a claimed token.
type Settlement string

// The settlements. Without one a token stays bound to its workspace, in doubt.
const (
	// Spent: the workspace was seen registered after the token was handed over.
	Spent Settlement = "spent"
	// Returned: it was certainly not handed over. Whoever claims later may get it.
	Returned Settlement = "returned"
	// Refused: the Cloud refused it. It is never handed out again.
	Refused Settlement = "refused"
)

// What is wrong with a pool. Compare with errors.Is.
var (
	// ErrNoTokens: every token of the pool is claimed, spent or refused. Add more to its file, and run it again.
	ErrNoTokens = failure.NoTokens
	// ErrNotClaimed: no token is claimed for the workspace.
	ErrNotClaimed = failure.NotClaimed
	// ErrTokenMissing: the token that is bound to the workspace has been taken out of the pool's file. Put it back: only with it can be found out whether it is spent.
	ErrTokenMissing = failure.TokenMissing
	// ErrTokensLocked: another process takes tokens from the same pool.
	ErrTokensLocked = failure.TokensLocked
	// ErrTokensDamaged: what the pool remembers was changed by something else. It is not used, since it might hand out a token twice.
	ErrTokensDamaged = failure.TokensDamaged
	// ErrTokensBroken: what the pool remembers cannot be written any more, for example because the disk is full. Nothing was claimed that is not in it.
	ErrTokensBroken = failure.TokensBroken
)

// Claim is a token that is bound to a workspace.
type Claim struct {
	// Token is for this workspace alone.
	Token cloud.Secret
	// InDoubt reports that it was claimed before, perhaps handed over, and that its outcome is unknown.
	InDoubt bool
}

// Tokens is a pool of registration tokens, each of which is handed to one workspace at most. It is safe for concurrent use.
//
// The pool is a file that only its owner can read, with a token a line; lines that begin with # do not count. Tokens may be added to it, and those that are
// spent or refused taken out, while no run is on. Beside it a file with .used at the end of its name remembers what became of each, without the tokens
// themselves: it survives being killed at any moment, notices when something else changes it, and belongs to the pool, wherever that is moved to.
//
// Make one with [OpenTokens]: an empty or nil one fails with [ErrTokensBroken].
type Tokens struct {
	log *linelog.Log

	mu    sync.Mutex // all below
	idle  *sync.Cond // a workspace is no longer in busy
	busy  map[string]struct{}
	bound map[string]boundToken // by workspace, those in doubt
	free  []cloud.Secret
	lost  lostTokens
}

// boundToken is a token that is claimed.
type boundToken struct {
	digest   digest
	token    cloud.Secret // empty when it is not in the file any more
	uniqueID string       // of the workspace; may be empty
	claimed  time.Time
}

// usedSuffix ends the name of the file that remembers.
const usedSuffix = ".used"

// OpenTokens opens the pool in the file of a path; no other process can until it is closed. Errors: [*TokensError], [ErrTokensLocked], [ErrTokensDamaged], and those
// of the file system.
func OpenTokens(path string) (*Tokens, error) { return openTokens(path, linelog.Open) }

func openTokens(path string, open opener) (*Tokens, error) {
	// Under another name the same pool would have another memory.
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	tokens, err := readTokens(path)
	if err != nil {
		return nil, fmt.Errorf("open the pool of tokens: %w", err)
	}
	memory := newTokenMemory()
	log, err := open(path+usedSuffix, tokenLines(), memory.replay)
	if err != nil {
		return nil, openTokensError(path, err)
	}
	t := &Tokens{log: log, busy: map[string]struct{}{}, bound: memory.bound, lost: memory.lost}
	t.idle = sync.NewCond(&t.mu)
	t.sort(tokens, memory)
	return t, nil
}

// sort finds the tokens that are free, and the texts of those that are bound.
func (t *Tokens) sort(tokens []cloud.Secret, memory *tokenMemory) {
	t.free = make([]cloud.Secret, 0, max(0, len(tokens)-len(memory.taken)))
	for _, token := range tokens {
		d := digestOf(token)
		workspace, taken := memory.taken[d]
		switch {
		case !taken:
			t.free = append(t.free, token)
		case workspace != "":
			claimed := t.bound[workspace]
			claimed.token = token
			t.bound[workspace] = claimed
		}
	}
}

func openTokensError(path string, err error) error {
	var damage *linelog.DamageError
	switch {
	case errors.As(err, &damage):
		err = fmt.Errorf("%w: %w: restore the file: without it a token may be spent twice", ErrTokensDamaged, err)
	case errors.Is(err, safedir.ErrLocked):
		err = ErrTokensLocked
	}
	return fmt.Errorf("open %s: %w", path+usedSuffix, err)
}

// Claim binds a token to a workspace: the one that is bound to it in doubt, else the next free one. When it returns without an error, that lasts. Errors:
// [ErrNoTokens], [ErrTokenMissing], [ErrTokensBroken].
func (t *Tokens) Claim(workspace string) (Claim, error) { return t.claim(workspace, "") }

// claim is Claim for a workspace of a unique id, where that is known.
func (t *Tokens) claim(workspace, uniqueID string) (Claim, error) {
	if err := t.usable(); err != nil {
		return Claim{}, err
	}
	t.enter(workspace)
	defer t.leave(workspace)
	before, free, err := t.pick(workspace)
	if err != nil {
		return Claim{}, fmt.Errorf("a token for %s: %w", workspace, err)
	}
	if free.IsEmpty() {
		return Claim{Token: before.token, InDoubt: true}, nil
	}
	claimed := boundToken{digest: digestOf(free), token: free, uniqueID: uniqueID, claimed: clock.System().Now().UTC()}
	if err := t.remember(eventClaimed, workspace, claimed); err != nil {
		return Claim{}, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.bound[workspace] = claimed
	return Claim{Token: free}, nil
}

// pick returns the token that is bound to a workspace, or takes a free one.
func (t *Tokens) pick(workspace string) (before boundToken, free cloud.Secret, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	before, isBound := t.bound[workspace]
	switch {
	case isBound && before.token.IsEmpty():
		return before, free, ErrTokenMissing
	case isBound:
		return before, free, nil
	case len(t.free) == 0:
		return before, free, ErrNoTokens
	}
	free, t.free = t.free[0], t.free[1:]
	return before, free, nil
}

// Settle says what became of the token that a workspace has claimed. When it returns without an error, that lasts. Errors: [ErrNotClaimed], [ErrTokensBroken].
func (t *Tokens) Settle(workspace string, how Settlement) error {
	if err := t.usable(); err != nil {
		return err
	}
	t.enter(workspace)
	defer t.leave(workspace)
	t.mu.Lock()
	claimed, ok := t.bound[workspace]
	t.mu.Unlock()
	switch {
	case !ok:
		return fmt.Errorf("%s: %w", workspace, ErrNotClaimed)
	case how != Spent && how != Returned && how != Refused:
		return fmt.Errorf("%s: a token can be spent, returned or refused, and not %q", workspace, how)
	}
	if err := t.remember(string(how), workspace, boundToken{digest: claimed.digest, claimed: clock.System().Now().UTC()}); err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.bound, workspace)
	if how == Refused {
		t.lost.add(workspace, claimed)
	}
	if how == Returned && !claimed.token.IsEmpty() {
		t.free = append(t.free, claimed.token)
	}
	return nil
}

// usable refuses a pool that OpenTokens has not made.
func (t *Tokens) usable() error {
	if t == nil || t.log == nil {
		return fmt.Errorf("%w: %w", ErrTokensBroken, linelog.ErrNotOpened)
	}
	return nil
}

// enter waits until no other operation works on the workspace: two who claim for it at once must get the same token.
func (t *Tokens) enter(workspace string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for {
		if _, busy := t.busy[workspace]; !busy {
			break
		}
		t.idle.Wait()
	}
	t.busy[workspace] = struct{}{}
}

func (t *Tokens) leave(workspace string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.busy, workspace)
	t.idle.Broadcast()
}

// remember writes what happens to a token, and returns when it lasts.
func (t *Tokens) remember(event, workspace string, token boundToken) error {
	line, err := tokenRecord{Time: token.claimed, Event: event, Workspace: workspace, Token: token.digest, UniqueID: token.uniqueID}.line()
	if err != nil {
		return err
	}
	if _, err := t.log.Append(line); err != nil {
		return fmt.Errorf("%w: %w", ErrTokensBroken, err)
	}
	return nil
}

// Close lets other processes open the pool. What is claimed and not settled stays in doubt.
func (t *Tokens) Close() error {
	if err := t.usable(); err != nil {
		return err
	}
	return t.log.Close()
}
