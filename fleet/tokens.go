package fleet

import (
	"errors"
	"fmt"

	"github.com/rcreg/registration/cloud"
)

// Settlement is what became of a claimed token.
type Settlement string

// The settlements. Without one a token stays bound to its workspace, in doubt.
const (
	// Spent: the workspace was seen registered after the token was handed over.
	Spent Settlement = "spent"
	// Returned: it was certainly not handed over. The next one who claims may get it.
	Returned Settlement = "returned"
	// Refused: the Cloud refused it. Nobody gets it again.
	Refused Settlement = "refused"
)

// What is wrong with a pool. Compare with errors.Is.
var (
	// ErrNoTokens: every token of the pool is claimed, spent or refused. Add more to its file, and run it again.
	ErrNoTokens = errors.New("the pool has no registration token left")
	// ErrNotClaimed: no token is claimed for the workspace.
	ErrNotClaimed = errors.New("no token is claimed for the workspace")
)

// Claim is a token that is bound to a workspace.
type Claim struct {
	// Token is for this workspace alone.
	Token cloud.Secret
	// InDoubt tells that the token may have been handed over for this workspace before, and that nobody knows what came of it.
	InDoubt bool
}

// Tokens is a pool of registration tokens.
type Tokens struct{}

// OpenTokens opens the pool in a file.
func OpenTokens(path string) (*Tokens, error) { return nil, fmt.Errorf("open %s: %w", path, ErrNoTokens) }

// Claim binds a token to a workspace.
func (t *Tokens) Claim(workspace string) (Claim, error) {
	return Claim{}, fmt.Errorf("%s: %w", workspace, ErrNoTokens)
}

// Settle says what became of the token of a workspace.
func (t *Tokens) Settle(workspace string, how Settlement) error {
	return fmt.Errorf("%s: %s: %w", workspace, how, ErrNotClaimed)
}

// Left counts the tokens that nobody has claimed.
func (t *Tokens) Left() int { return 0 }

// Close lets other processes open the pool.
func (t *Tokens) Close() error { return nil }
